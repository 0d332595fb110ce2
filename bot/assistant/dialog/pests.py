"""Which pest it is about, in the CRM's words."""

from bot.assistant.dialog.talk import Talk, words

_PESTS = {
    "klopy": words(r"\bклоп\w*|bed\s?bugs?|bedbug|qandala|klop\w*"),
    "tarakany": words(
        r"таракан\w*|торокан\w*|тараакан\w*|прусак\w*|\btarakan\w*|cockroach\w*|\broach\w*|suvarak"
    ),
    "muravi": words(r"мурав\w*|\bants?\b|chumoli|murav\w*"),
    "gryzuny": words(
        r"\bмыш(?!ц|лен|ка\w* комп)\w*|\bкрыс\w*|грызун\w*|\bкрот[ыаоу]?в?\b|землеройк\w*|полевк\w*|дератизац\w*|\bmice\b|\bmouse\b|\brats?\b"
        r"|sichqon\w*|kalamush\w*|\bmysh\w*|\bkrys\w*"
    ),
    "bleshi": words(r"\bблох\w*|\bблош\w*|\bfleas?\b|burga\b|\bbloh\w*"),
    "kleshchi": words(r"\bклещ\w*|\bticks?\b|kana\b|\bklesch\w*|\bkleshch\w*"),
    "plesen": words(r"плесен\w*|плеснев\w*|\bгриб(?:ок|ка|ком|ки)\b|\bmou?ld\b"),
}
_OTHER = words(r"\bос[ыа]\b|\bосин\w+|\bкомар\w*|\bмух[иа]?\b|\bшершн\w*|\bмоль\b|\bмокриц\w*")


def pest(talk: Talk, *, becomes_lead: bool) -> str | None:
    """The client's word; of several the one that the listing is about. A lead without a word is of the listing's pest."""
    said, about = named(talk.client_text), named(talk.title.lower())
    for one in about:
        if one in said:
            return one
    if said:
        return said[0]
    if becomes_lead and about and not _OTHER.search(talk.client_text):
        return about[0]
    return None


def is_about_pests(talk: Talk) -> bool:
    """Whether the listing, or the client, is about pests at all."""
    said = f"{talk.title} {talk.description}".lower()
    trade = words(r"дезинсек|дератиз|дезинфек|уничтожени|обработк\w+ от|травл[яю]")
    return bool(named(said) or trade.search(said))


def named(text: str) -> list[str]:
    """Pests in the order in which they are first named."""
    found = {
        name: match.start() for name, pattern in _PESTS.items() if (match := pattern.search(text))
    }
    return sorted(found, key=lambda name: found[name])
