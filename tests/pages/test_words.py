"""Both languages say everything that the pages say."""

import pytest
from babel.messages.catalog import Catalog, Message

from pages._ui import i18n, words
from tests.pages.catalogue import strings


def russian() -> Catalog:
    return i18n.written("ru")


@pytest.mark.parametrize("text", sorted(set(strings())), ids=lambda text: text[0][:40])
def test_every_string_is_translated(text: tuple[str, ...]) -> None:
    """
    Each string that the pages show has its Russian, with all three plural forms where it counts,
    and with the same gaps to fill in.
    """
    entry = russian_by_key()[text[0]]
    forms = (entry.string,) if isinstance(entry.string, str) else tuple(entry.string or ())

    assert (3 if len(text) == 2 else 1) == len(forms)
    for form in forms:
        assert form
        assert gaps(text[-1]) == gaps(form)


def test_no_translation_is_left_over_or_doubtful() -> None:
    """
    What the pages no longer say is gone from the catalogue, and nothing in it is fuzzy.
    """
    catalogue = russian()

    assert set() == set(russian_by_key()) - {text[0] for text in strings()}
    assert [] == [entry.id for entry in catalogue if entry.fuzzy and entry.id]


def test_words_of_the_bot_are_all_known() -> None:
    """
    Verdicts, states and reasons of the interface have words; a code of a newer bot stays a code.
    """
    verdicts = "answered merged left_to_human off off_hours budget not_text failed"
    assert set(verdicts.split()) == set(words.VERDICTS)
    assert {"intended", "sending", "sent", "unknown", "dropped"} == set(words.REPLY_STATES)
    assert "newer_code" == words.word(words.REASONS, "newer_code")


@pytest.mark.parametrize(
    ("n", "said"),
    [(1, "1 диалог"), (2, "2 диалога"), (5, "5 диалогов"), (11, "11 диалогов"), (21, "21 диалог")],
)
def test_russian_counts_as_russians_do(n: int, said: str) -> None:
    """
    One form for 1 and 21, one for 2 to 4, one for the rest.
    """
    form = i18n.catalogue("ru").ngettext("{n} dialog", "{n} dialogs", n)

    assert said == form.format(n=n)


def gaps(text: str) -> set[str]:
    return {part.split("}")[0] for part in text.split("{")[1:]}


def russian_by_key() -> dict[str, Message]:
    return {(e.id if isinstance(e.id, str) else e.id[0]): e for e in russian() if e.id}
