"""Modes of listings, working hours, drafts, and the switch that silences everything"""

import sqlalchemy as sa
from alembic import op

revision = '0005'
down_revision = '0004'


def upgrade() -> None:
    op.add_column('account', sa.Column('working_hours', sa.JSON(), nullable=True))
    op.add_column('listing', sa.Column('mode', sa.Text(), server_default='automatic', nullable=False))
    op.add_column('listing', sa.Column('mode_minutes', sa.Integer(), server_default='10', nullable=False))
    op.create_table('draft',
    sa.Column('id', sa.Text(), nullable=False),
    sa.Column('account_id', sa.BigInteger(), nullable=False),
    sa.Column('chat_id', sa.Text(), nullable=False),
    sa.Column('listing_id', sa.BigInteger(), nullable=True),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('covers', sa.Integer(), nullable=False),
    sa.Column('due_at', sa.DateTime(), nullable=True),
    sa.Column('hand_off', sa.Text(), nullable=True),
    sa.Column('intent', sa.Text(), nullable=True),
    sa.Column('prompt_version', sa.Text(), nullable=True),
    sa.Column('model', sa.Text(), nullable=True),
    sa.Column('tokens_in', sa.Integer(), nullable=True),
    sa.Column('tokens_out', sa.Integer(), nullable=True),
    sa.Column('cost_rub', sa.Float(), nullable=True),
    sa.Column('latency_ms', sa.Integer(), nullable=True),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.Column('decided_at', sa.DateTime(), nullable=True),
    sa.Column('decided_by', sa.Text(), nullable=True),
    sa.Column('reason', sa.Text(), nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_draft_account_id')),
    sa.ForeignKeyConstraint(['chat_id'], ['chat.id'], name=op.f('fk_draft_chat_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_draft'))
    )
    op.create_index('ix_draft_waiting', 'draft', ['chat_id'], unique=True, postgresql_where=sa.text("state = 'waiting'"), sqlite_where=sa.text("state = 'waiting'"))
    op.create_index('ix_draft_due', 'draft', ['chat_id'], postgresql_where=sa.text('due_at IS NOT NULL'), sqlite_where=sa.text('due_at IS NOT NULL'))
    op.create_table('silence',
    sa.Column('no', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('since', sa.DateTime(), nullable=True),
    sa.Column('by', sa.Text(), nullable=False),
    sa.Column('at', sa.DateTime(), nullable=False),
    sa.PrimaryKeyConstraint('no', name=op.f('pk_silence'))
    )
