"""Instructions in versions; the facts of an account become its first"""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = '0002'
down_revision = '0001'

SERIAL = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')


def upgrade() -> None:
    op.create_table('instructions',
    sa.Column('no', SERIAL, nullable=False),
    sa.Column('account_id', sa.BigInteger(), nullable=False),
    sa.Column('listing_id', sa.BigInteger(), nullable=True),
    sa.Column('body', sa.JSON(), nullable=False),
    sa.Column('note', sa.Text(), server_default='', nullable=False),
    sa.Column('based_on', sa.BigInteger(), nullable=True),
    sa.Column('made_by', sa.Text(), nullable=False),
    sa.Column('made_at', sa.DateTime(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_instructions_account_id')),
    sa.PrimaryKeyConstraint('no', name=op.f('pk_instructions')),
    sqlite_autoincrement=True
    )
    op.create_index('ix_instructions_account_id_listing_id_no', 'instructions', ['account_id', 'listing_id', 'no'])
    op.create_table('publication',
    sa.Column('no', SERIAL, nullable=False),
    sa.Column('account_id', sa.BigInteger(), nullable=False),
    sa.Column('listing_id', sa.BigInteger(), nullable=True),
    sa.Column('instructions_no', sa.BigInteger(), nullable=False),
    sa.Column('rolled_back', sa.Boolean(), server_default=sa.text('(false)'), nullable=False),
    sa.Column('by', sa.Text(), nullable=False),
    sa.Column('at', sa.DateTime(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_publication_account_id')),
    sa.ForeignKeyConstraint(['instructions_no'], ['instructions.no'], name=op.f('fk_publication_instructions_no')),
    sa.PrimaryKeyConstraint('no', name=op.f('pk_publication')),
    sqlite_autoincrement=True
    )
    op.create_index('ix_publication_account_id_listing_id_no', 'publication', ['account_id', 'listing_id', 'no'])
    _first_versions()
    op.execute('ALTER TABLE account DROP COLUMN facts')


def _first_versions() -> None:
    """What a seller had written as facts is published as the first version."""
    account = sa.table('account', sa.column('id', sa.BigInteger), sa.column('facts', sa.Text))
    version = sa.table('instructions', sa.column('no'), sa.column('account_id', sa.BigInteger), sa.column('body', sa.JSON),
        sa.column('note', sa.Text), sa.column('made_by', sa.Text), sa.column('made_at', sa.DateTime))
    publication = sa.table('publication', sa.column('account_id', sa.BigInteger), sa.column('instructions_no', sa.BigInteger),
        sa.column('by', sa.Text), sa.column('at', sa.DateTime))
    now, who = datetime.now(UTC).replace(tzinfo=None), 'migration'
    tx = op.get_bind()
    for told in tx.execute(sa.select(account).where(account.c.facts != '').order_by(account.c.id)).all():
        no = tx.execute(sa.insert(version).values(account_id=told.id, body={'about': told.facts}, note='', made_by=who, made_at=now)
            .returning(version.c.no)).scalar_one()
        tx.execute(sa.insert(publication).values(account_id=told.id, instructions_no=no, by=who, at=now))
