"""Haggling by listing, offers of a dialog, leads found by phone"""

import sqlalchemy as sa
from alembic import op

revision = '0007'
down_revision = '0006'


def upgrade() -> None:
    op.add_column('lead', sa.Column('phone', sa.Text(), nullable=True))
    op.add_column('lead', sa.Column('earlier_lead_id', sa.Text(), nullable=True))
    op.create_index(op.f('ix_lead_account_id_phone'), 'lead', ['account_id', 'phone'], unique=False)
    lead = sa.table('lead', sa.column('id', sa.Text), sa.column('phone', sa.Text), sa.column('fields', sa.JSON))
    connection = op.get_bind()
    for row in connection.execute(sa.select(lead.c.id, lead.c.fields)).all():
        phone = (row.fields or {}).get('phone')
        connection.execute(sa.update(lead).where(lead.c.id == row.id).values(phone=phone))
    op.create_table('haggling',
    sa.Column('listing_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('floor', sa.BigInteger(), nullable=False),
    sa.Column('ladder', sa.JSON(), nullable=False),
    sa.Column('set_by', sa.Text(), nullable=False),
    sa.Column('set_at', sa.DateTime(), nullable=False),
    sa.ForeignKeyConstraint(['listing_id'], ['listing.id'], name=op.f('fk_haggling_listing_id')),
    sa.PrimaryKeyConstraint('listing_id', name=op.f('pk_haggling'))
    )
    op.create_table('offer',
    sa.Column('no', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('chat_id', sa.Text(), nullable=False),
    sa.Column('dialog_no', sa.Integer(), nullable=False),
    sa.Column('side', sa.Text(), nullable=False),
    sa.Column('roubles', sa.BigInteger(), nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('at', sa.DateTime(), nullable=False),
    sa.ForeignKeyConstraint(['chat_id'], ['chat.id'], name=op.f('fk_offer_chat_id')),
    sa.PrimaryKeyConstraint('no', name=op.f('pk_offer')),
    sa.UniqueConstraint('chat_id', 'dialog_no', 'side', 'roubles', name=op.f('uq_offer_chat_id_dialog_no_side_roubles')),
    sqlite_autoincrement=True
    )
