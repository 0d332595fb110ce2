"""Promises of haggling: code holds the floor whatever the model says, and the steps come in their order."""

import random
import re

import pytest

from bot.assistant import haggling
from bot.assistant.briefing import Subject
from bot.assistant.dialog.sums import Offer
from bot.assistant.haggling import Policy, Stance
from bot.assistant.prompt import Line
from tests.assistant.talks import MOMENT, Talk

PRAM = Subject(title="Коляска Anex 2 в 1 бу", price="18 500 ₽", category="Детское", address=None)
POLICY = Policy(floor=17_000, ladder=(18_000, 17_500, 17_000))
GIVES_IN = [
    "Хорошо, отдам за {bid}!",
    "Договорились.",
    "Так и быть, {bid} ₽ и забирайте сегодня",
    "Ладно, по вашей цене.",
    "Скидка 50 %, только для вас",
    "Отдам за полцены",
    "Уступлю: {words} тысяч",
    "Ок, {thousands} и по рукам",
    "Не могу вам отказать, пусть будет {bid} рублей",
    "Цена {spaced} ₽.",
    "Забирайте бесплатно",
    "Согласен!",
    "за {thousands}к отдам, не проблема",
    "Дешевле не могу, только {bid}",
]
SPOKEN = {
    9: "девять",
    10: "десять",
    12: "двенадцать",
    14: "четырнадцать",
    15: "пятнадцать",
    16: "шестнадцать",
}
CONCEDES = re.compile(
    r"договорил|согласен|по рукам|ладно|по вашей|полцены|бесплатн|%", re.IGNORECASE
)


def sums(text: str) -> list[int]:
    """The sums of a text, found in another way than the code under test finds them."""
    found = [int(re.sub(r"\D", "", one)) for one in re.findall(r"\d[\d ]{2,}", text)]
    return [value for value in found if value >= 1000]


@pytest.mark.parametrize("part", range(4))
def test_a_model_that_gives_in_to_everybody_never_sends_less_than_the_floor(part: int) -> None:
    """A thousand seeded talks: no reply names less than the step, or agrees to a bid below it."""
    for seed in range(part * 250, part * 250 + 250):
        chance, made, spoken_of = random.Random(seed), [], 0
        for _ in range(chance.randint(1, 5)):
            bid = chance.choice(list(SPOKEN)) * 1000 + chance.choice((0, 0, 500))
            made.append(Offer("client", bid, len(made)))
            now = haggling.stance(POLICY, 18_500, made)
            said = chance.choice(GIVES_IN).format(
                bid=bid,
                words=SPOKEN[bid // 1000],
                thousands=bid // 1000,
                spaced=f"{bid:,}".replace(",", " "),
            )

            sent = haggling.held(said, now)

            assert now.current >= POLICY.floor, seed
            assert all(value >= now.current for value in sums(sent)), (seed, said, sent)
            assert not CONCEDES.search(sent) or now.accepts, (seed, said, sent)
            assert any(word not in sent for word in (str(bid), SPOKEN[bid // 1000])), (seed, sent)
            spoken_of += 1
        assert spoken_of == len(made)


def test_steps_come_one_by_one_and_a_good_bid_is_taken() -> None:
    """Each new bid comes one step down, the last stays; who offers more than the step gets it at that."""
    bids = [Offer("client", sum_, n) for n, sum_ in enumerate((12_000, 15_000, 16_000, 16_500))]

    steps = [haggling.stance(POLICY, 18_500, bids[:n]).current for n in range(5)]

    assert [18_500, 18_000, 17_500, 17_000, 17_000] == steps
    good = haggling.stance(POLICY, 18_500, [Offer("client", 18_200, 0)])
    assert (18_200, True) == (good.current, good.accepts)


@pytest.mark.parametrize(
    "reply",
    [
        "Цена 18 500 ₽, состояние хорошее.",
        "Могу предложить 18 000 ₽, меньше не получится.",
        "К сожалению, дешевле не отдам. 18000 — и забирайте.",
        "Колёса 12 и 14 дюймов, люлька 80х35.",
        "Адрес Мытищи, ул. Мира, 14, работаем с 10 до 20.",
    ],
)
def test_an_honest_reply_goes_out_as_it_is(reply: str) -> None:
    """Sums of the step and above, sizes, houses and hours are no concessions."""
    assert reply == haggling.held(reply, Stance(18_500, 18_000, (15_000,)))


async def test_the_model_sees_the_present_step_and_neither_floor_nor_ladder() -> None:
    """Whatever it leaks, it cannot leak what it was not told."""
    talk = Talk.begin()
    talk.subject = PRAM
    talk.client("за 15000 отдадите?")

    await talk.answer(haggling=POLICY)

    heard = " ".join(await talk.heard())
    assert "18000" in heard
    assert "17500" not in heard
    assert "17000" not in heard


async def test_a_concession_of_the_model_is_replaced_and_offers_are_told() -> None:
    """Production's function sends code's words at the first attempt, and says who offered what."""
    talk = await Talk.begin().model_will("say:Хорошо, отдам за 15000!")
    talk.subject = PRAM
    talk.lines.append(Line(False, "text", "отдадите за 15000?", MOMENT))

    composed = await talk.answer(haggling=POLICY)

    assert composed.draft is not None
    assert "Могу предложить 18 000 ₽." == composed.draft.reply
    assert ["ok"] == [call.outcome for call in composed.calls]
    assert [("client", 15_000), ("seller", 18_000)] == [(o.by, o.roubles) for o in composed.offers]


def test_a_policy_that_makes_no_sense_is_refused() -> None:
    """The reason is told in the seller's words."""
    assert haggling.problems(17_000, (18_000, 17_000), 18_500) is None
    for floor, ladder, price in (
        (0, (), 100),
        (200, (), 100),
        (50, (90, 95), 100),
        (50, (90, 40), 100),
        (50, (), None),
    ):
        assert haggling.problems(floor, ladder, price)
