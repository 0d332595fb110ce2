"""The words of follow-ups go from the plan into the instructions"""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = '0009'
down_revision = '0008'

ACCOUNT = sa.table('account', sa.column('id', sa.BigInteger), sa.column('follow_ups', sa.JSON(none_as_null=True)))
VERSION = sa.table('instructions', sa.column('no'), sa.column('account_id', sa.BigInteger), sa.column('body', sa.JSON),
    sa.column('note', sa.Text), sa.column('based_on', sa.BigInteger), sa.column('made_by', sa.Text), sa.column('made_at', sa.DateTime))
PUBLICATION = sa.table('publication', sa.column('no'), sa.column('account_id', sa.BigInteger), sa.column('listing_id', sa.BigInteger),
    sa.column('instructions_no', sa.BigInteger), sa.column('by', sa.Text), sa.column('at', sa.DateTime))
NAMES = ('follow_up', 'follow_up_again')


def upgrade() -> None:
    tx = op.get_bind()
    for row in tx.execute(sa.select(ACCOUNT).where(ACCOUNT.c.follow_ups.is_not(None)).order_by(ACCOUNT.c.id)).all():
        plan = dict(row.follow_ups)
        said = {name: text.strip() for name, text in zip(NAMES, plan.pop('texts', None) or ()) if text.strip()}
        tx.execute(sa.update(ACCOUNT).where(ACCOUNT.c.id == row.id).values(follow_ups=plan))
        if said:
            _publish(tx, row.id, said)


def _publish(tx: sa.Connection, account_id: int, said: dict[str, str]) -> None:
    """What a seller had written into the plan is published as a version that differs in nothing else."""
    now, who = datetime.now(UTC).replace(tzinfo=None), 'migration'
    holds = tx.execute(sa.select(VERSION.c.no, VERSION.c.body).select_from(PUBLICATION)
        .join(VERSION, VERSION.c.no == PUBLICATION.c.instructions_no)
        .where(PUBLICATION.c.account_id == account_id, PUBLICATION.c.listing_id.is_(None))
        .order_by(PUBLICATION.c.no.desc()).limit(1)).one_or_none()
    body = dict(holds.body) if holds else {}
    body['templates'] = {**(body.get('templates') or {}), **said}
    no = tx.execute(sa.insert(VERSION).values(account_id=account_id, body=body, note='', based_on=holds.no if holds else None,
        made_by=who, made_at=now).returning(VERSION.c.no)).scalar_one()
    tx.execute(sa.insert(PUBLICATION).values(account_id=account_id, instructions_no=no, by=who, at=now))


def downgrade() -> None:
    """The words stay in the instructions; a plan without words is a plan as before."""
