"""What no webhook told is found by looking."""

from bot.jobs.intake import Heard, Rules, absorb
from bot.jobs.sweep import Sweep
from tests.bot.town import ACCOUNT, LISTING, Town


async def test_a_lost_call_is_found_although_a_later_one_came(town: Town) -> None:
    """
    Of two messages the first one's call was lost and the second one's came: the newest is known, and still something is
    missing. It is found once, and not again by the next sweep.
    """
    await town.connect()
    lost = await town.act("say", item_id=LISTING, text="Здравствуйте", client="Анна", silent=True)
    came = await town.act("say", item_id=LISTING, text="Вы тут?", client="Анна", silent=True)
    history = await town.bot.avito(ACCOUNT).messages(lost["chat_id"], limit=10)
    told = next(line for line in history if line.id == came["message_id"])
    now, rules = town.bot.now(), Rules.of(town.bot.settings)
    await town.bot.store.write(lambda tx: absorb(tx, Heard(told, "webhook", now), rules, now))
    town.time.advance(seconds=30)

    found = [await Sweep(town.bot).sweep(ACCOUNT) for _ in range(2)]

    assert [1, 0] == found
    rows = await town.rows("SELECT id, found_by FROM message ORDER BY found_by")
    assert [(lost["message_id"], "sweep"), (came["message_id"], "webhook")] == [
        tuple(r) for r in rows
    ]
