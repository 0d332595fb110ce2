"""One reply, judged by every check, and what they find weighed."""

from collections.abc import Iterator, Sequence

from bot.assistant import morphology
from bot.assistant.guard import contacts, places
from bot.assistant.guard.dates import dates
from bot.assistant.guard.discounts import discounts
from bot.assistant.guard.everyday import is_everyday
from bot.assistant.guard.guarantees import guarantees
from bot.assistant.guard.knowledge import Knowledge
from bot.assistant.guard.law import law
from bot.assistant.guard.leaks import leaks
from bot.assistant.guard.meanings import is_met
from bot.assistant.guard.novelty import novelties
from bot.assistant.guard.offers import offers
from bot.assistant.guard.plain import plain
from bot.assistant.guard.prices import money, prices
from bot.assistant.guard.rivals import rivals
from bot.assistant.guard.role import role
from bot.assistant.guard.talk import Finding, Talk, merged, talk_of
from bot.assistant.guard.weighing import weighed


def warm_up() -> None:
    """Loads the dictionary and the lexicons now and not when the first client writes."""
    morphology.warm_up()
    is_everyday("объявление")
    is_met("объявление")


def check(reply: str, known: Knowledge, client: Sequence[str]) -> list[Finding]:
    """What in `reply` neither the facts nor the client's own words support; [] if it may be sent.

    `client` are the client's messages, oldest first. Any text may come; nothing is raised.
    """
    if not reply.strip():
        return []
    whole = talk_of(reply, known, client)
    return merged(list(weighed(whole, list(_findings(whole)))))


def _findings(whole: Talk) -> Iterator[tuple[str, Finding]]:
    """Everything that some judge found, with the judge's name."""
    flat = whole.reply.plain
    phone_spans = contacts.phone_spans(flat.text)
    link_spans = contacts.link_spans(flat.text)
    address_spans = [_in_plain(flat.at, span) for span in places.address_spans(flat.source)]
    yield from _by("phones", contacts.phones(whole, phone_spans))
    yield from _by("links", contacts.links(whole, link_spans))
    yield from _by("places", places.places(whole, address_spans))
    rest = talk_of(
        _without(flat.source, flat.at, [*phone_spans, *link_spans, *address_spans]), whole.known, ()
    )
    rest = Talk(rest.reply, whole.known, whole.client, whole.asked)
    if not rest.reply.clauses:
        return
    sums = money(rest)
    yield from _by("prices", prices(rest, sums))
    yield from _by("discounts", discounts(rest, sums))
    for judge in (dates, guarantees, offers, rivals, law, leaks, role, novelties):
        yield from _by(judge.__name__, judge(rest))


def _by(judge: str, found: Iterator[Finding]) -> Iterator[tuple[str, Finding]]:
    return ((judge, one) for one in found)


def _in_plain(at: Sequence[int], span: tuple[int, int]) -> tuple[int, int]:
    """A span of the source as a span of the plain text."""
    start = next((place for place, source in enumerate(at) if source >= span[0]), len(at))
    end = next((place for place, source in enumerate(at) if source >= span[1]), len(at))
    return start, end


def _without(source: str, at: Sequence[int], spans: Sequence[tuple[int, int]]) -> str:
    """The source with blanks where a phone, a link or an address stands: their digits are no sums and no hours."""
    signs = list(source)
    for start, end in spans:
        for place in range(
            at[start] if start < len(at) else len(signs),
            at[end - 1] + 1 if 0 < end <= len(at) else len(signs),
        ):
            signs[place] = "_" if signs[place] not in ",.\n" else signs[place]
    return "".join(signs)


__all__ = ["check", "plain", "warm_up"]
