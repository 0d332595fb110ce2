"""Messages are looked up by the reply that covers them."""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_message_reply_id", "message", ["reply_id"])


def downgrade() -> None:
    op.drop_index("ix_message_reply_id", "message")
