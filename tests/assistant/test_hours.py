"""When a seller works, by the clock on their wall."""

from datetime import datetime

import pytest

from bot.assistant.hours import WorkingHours, read

SHOP = read(
    {
        "week": {
            "mon": ["09:00-13:00", "14:00-18:00"],
            "fri": ["18:00-02:00"],
            "sun": ["10:00-24:00"],
        },
        "holidays": True,
        "days": {"2026-11-24": ["12:00-15:00"], "2026-11-30": []},
    }
)


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        ("2026-11-23 09:00", True),  # a Monday
        ("2026-11-23 13:00", False),
        ("2026-11-23 17:59", True),
        ("2026-11-23 18:00", False),
        ("2026-11-24 12:30", True),  # a day that is unlike the others
        ("2026-11-30 09:30", False),  # a Monday off
        ("2026-11-27 23:59", True),  # over midnight
        ("2026-11-28 01:59", True),
        ("2026-11-28 02:00", False),
        ("2026-11-29 23:59", True),
        ("2026-11-30 00:00", False),
        ("2026-03-09 09:30", False),  # a holiday that was moved to a Monday
        ("2027-01-04 10:00", False),  # the New Year holidays
    ],
)
def test_whether_somebody_works(moment: str, is_open: bool) -> None:
    """
    Spans of the weekday, of the evening before, of the day itself; Russia's holidays, the moved ones too.
    """
    assert is_open == SHOP.is_open(datetime.fromisoformat(moment))


def test_hours_are_kept_as_they_were_said() -> None:
    """
    What is written is what is read, whatever order it was said in.
    """
    said = SHOP.as_json()

    assert SHOP == read(said)
    assert ["09:00-13:00", "14:00-18:00"] == said["week"]["mon"]
    assert isinstance(read({"week": {}}), WorkingHours)


@pytest.mark.parametrize(
    ("moment", "opens"),
    [
        ("2026-11-23 08:59", "2026-11-23 09:00"),
        ("2026-11-23 13:30", "2026-11-23 14:00"),
        ("2026-11-23 18:00", "2026-11-24 12:00"),
        ("2026-11-24 15:00", "2026-11-27 18:00"),
        ("2026-11-29 09:00", "2026-11-29 10:00"),
        ("2026-11-30 00:00", "2026-12-04 18:00"),  # a Monday off
        ("2026-12-28 18:30", "2027-01-10 10:00"),  # the New Year holidays
    ],
)
def test_when_somebody_works_again(moment: str, opens: str) -> None:
    """
    The next beginning, over days off and holidays.
    """
    assert datetime.fromisoformat(opens) == SHOP.opens_after(datetime.fromisoformat(moment))


def test_who_never_works_does_not_open() -> None:
    """
    A week without hours has no next morning, and nobody looks for it for ever.
    """
    assert None is read({"week": {}}).opens_after(datetime.fromisoformat("2026-11-23 08:59"))
