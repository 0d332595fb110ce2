"""Promises of phone finding."""

import itertools
import json
from pathlib import Path

import phonenumbers
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.assistant.evaluation import evaluate, read_rows
from bot.assistant.phones import MESSAGE_BREAK, Phone, find_phones

CORPUS = Path(__file__).parent.parent / "corpus"

SEPARATORS = st.sampled_from([" ", "-", ".", "–", "—", "_", "/", " - ", "\u00a0", "‑", "  "])
WORDS = ["ноль", "один", "два", "три", "четыре", "пять", "шесть", "семь", "восемь", "девять"]
LAYOUTS = st.sampled_from(
    [(3, 3, 2, 2), (3, 3, 4), (3, 7), (10,), (3, 2, 2, 3), (1,) * 10, (2, 2, 2, 2, 2), (3, 4, 3)]
)
MOBILES = (
    st.integers(min_value=9_000_000_000, max_value=9_999_999_999)
    .map(str)
    # Not every code is in use: what the numbering plan does not know is no number.
    .filter(lambda digits: phonenumbers.is_valid_number(phonenumbers.parse("+7" + digits)))
)


def numbers(text: str) -> list[str]:
    return [phone.e164 for phone in find_phones(text)]


def split(digits: str, layout: tuple[int, ...]) -> list[str]:
    parts = []
    for length in layout:
        parts.append(digits[:length])
        digits = digits[length:]
    return parts


@pytest.mark.parametrize("name", ["phones.jsonl", "phones_more.jsonl", "phones_unseen.jsonl"])
def test_the_corpora_are_read_nearly_without_error(name: str) -> None:
    """Of all numbers at least 97 in 100 are found; of what is found 99 in 100 are numbers."""
    result = evaluate("phones", read_rows(CORPUS / name))

    assert result.recall >= 0.97, result.as_text()
    assert result.precision >= 0.99, result.as_text()


def test_rows_of_the_fresh_corpus_are_many_and_their_ids_unique() -> None:
    """The fresh rows are at least 150, and none repeats a row of the given file."""
    given_rows = read_rows(CORPUS / "phones.jsonl")
    fresh = read_rows(CORPUS / "phones_unseen.jsonl")

    assert len(fresh) >= 150
    assert len(fresh) == len({row["id"] for row in fresh})
    assert not {row["text"] for row in fresh} & {row["text"] for row in given_rows}


def test_a_phone_tells_where_it_stands() -> None:
    """Offsets cover the number from its plus to its last digit."""
    text = "мой +7 (916) 330-27-14, жду"

    assert [Phone("+79163302714", 4, 22)] == find_phones(text)
    assert "+7 (916) 330-27-14" == text[4:22]


def test_messages_of_a_burst_are_read_as_one_text() -> None:
    """A number split over messages is one number, with offsets in the joined text."""
    burst = ["запишите 8916", "3302714"]

    (phone,) = find_phones(burst)

    assert "+79163302714" == phone.e164
    assert "8916" + MESSAGE_BREAK + "3302714" == MESSAGE_BREAK.join(burst)[phone.start : phone.end]


def test_each_repetition_is_reported() -> None:
    """A number written twice is found twice, so that both can be masked."""
    assert ["+79163302714"] * 2 == numbers("89163302714, повторяю 8 916 330 27 14")


@pytest.mark.parametrize("text", ["", " ", "+", "8", "\n---\n", "👍", "восемь", "+7" * 9])
def test_texts_without_a_number_give_nothing(text: str) -> None:
    """No number, no finding, no error."""
    assert [] == find_phones(text)


@given(MOBILES, LAYOUTS, SEPARATORS, st.sampled_from(["8", "+7", "7"]))
def test_a_prefixed_mobile_is_found_in_any_layout(
    digits: str, layout: tuple[int, ...], separator: str, prefix: str
) -> None:
    """A mobile with 8, 7 or +7 is found however it is grouped and whatever joins the groups."""
    written = separator.join([prefix, *split(digits, layout)])

    assert ["+7" + digits] == numbers(f"позвоните {written} пожалуйста")


@given(MOBILES, st.sampled_from(["8", "плюс семь", "семь", "восемь"]))
def test_a_mobile_dictated_digit_by_digit_is_found(digits: str, prefix: str) -> None:
    """Each digit as a word of its own makes the same number."""
    spoken = " ".join(WORDS[int(digit)] for digit in digits)

    assert ["+7" + digits] == numbers(f"{prefix} {spoken}")


@given(MOBILES, st.integers(min_value=2, max_value=9))
def test_a_mobile_split_over_two_messages_is_found(digits: str, at: int) -> None:
    """Wherever the burst is torn, the halves make one number."""
    assert ["+7" + digits] == numbers(f"8{digits[:at]}{MESSAGE_BREAK}{digits[at:]}")


@given(MOBILES, st.integers(min_value=0, max_value=9))
def test_a_digit_too_many_is_no_phone(digits: str, surplus: int) -> None:
    """Twelve digits in a row are not a Russian number with something behind it."""
    assert "+7" + digits not in numbers(f"8{digits}{surplus}")


@given(MOBILES)
def test_a_number_that_is_called_something_else_is_no_phone(digits: str) -> None:
    """The same digits are no phone when the client calls them an article or an INN."""
    assert [] == numbers(f"артикул {digits} в наличии?")
    assert [] == numbers(f"ИНН {digits}")


@settings(max_examples=200)
@given(st.text(alphabet="0123456789 +-()./*хХоОЗ,:;\nдвапять-сто№@wame", max_size=80))
def test_findings_are_in_range_in_order_and_apart(text: str) -> None:
    """Whatever the text, findings are sorted, do not overlap and lie within it."""
    found = find_phones(text)

    assert sorted(found, key=lambda one: one.start) == found
    assert all(0 <= one.start < one.end <= len(text) for one in found)
    assert all(a.end <= b.start for a, b in itertools.pairwise(found))


def test_the_corpora_are_well_formed() -> None:
    """Every labelled phone is in E.164, so that a slip of the pen cannot hide."""
    for name in ("phones.jsonl", "phones_more.jsonl"):
        for line in (CORPUS / name).read_text(encoding="utf-8").splitlines():
            assert all(
                phone.startswith("+") and phone[1:].isdigit()
                for phone in json.loads(line)["phones"]
            )
