"""Phones, leads and what comes before them: tiny chats with answers that were computed by hand."""

from datetime import datetime, timedelta

import pytest

from pipeline import Window
from tests.pipeline.metrics.telling import HOUR, Row, Story, answer, ask, days, whole
from tests.pipeline.story import DAY, START, part

QUARTER = {"low": pytest.approx(0.0456, abs=1e-4), "high": pytest.approx(0.6994, abs=1e-4)}
"""Wilson's interval of one of four."""


def four_dialogs() -> Story:
    """Four dialogs, of which one has two leads, with a phone."""
    story = Story()
    for chat in "abcd":
        story.client(chat, after=0)
    story.lead("a", 60)
    story.lead("a", 90)
    return story


# --- leads, conversion, phones ----------------------------------------------------------------------------------------


def test_leads_by_their_last_state() -> None:
    """
    Of six one arrived, one failed, one is new, one goes, of one nobody knows; and one had failed and then arrived.
    """
    story = Story()
    first, second, _, fourth, fifth, last = (story.lead("a", n) for n in range(6))
    for lead_id, state in (
        (first, "sending"), (first, "sent"), (second, "failed"), (fourth, "sending"), (fifth, "unknown"),
        (last, "failed"), (last, "sent"),
    ):  # fmt: skip
        story.lead_moves(lead_id, state, 50)  # type: ignore[arg-type]

    rows = ask("leads", story, last=days(1))

    assert [(6, 2, 3, 1), (6, 2, 3, 1), (0, 0, 0, 0)] == [tuple(r.values())[1:] for r in rows]


def test_a_lead_that_is_completed_later_is_not_made_again() -> None:
    """
    It counts on the day on which it was made, whatever happens to it afterwards.
    """
    story = Story()
    lead = story.lead("a", 0)
    story.lead_moves(lead, "sent", 24 * HOUR)

    assert [1, 1, 0] == [row["leads"] for row in ask("leads", story, last=days(1))]


def test_conversion_is_of_dialogs_and_has_an_interval() -> None:
    """
    One of four dialogs has leads (two of them): 25 %, Wilson 4.56 % to 69.94 %.
    """
    story = four_dialogs()
    rows = ask("lead_conversion", story, last=days(1))

    quarter = {"dialogs": 4, "leads": 1, "conversion": 0.25, **QUARTER}
    nothing = {"dialogs": 0, "leads": 0, "conversion": None, "low": None, "high": None}
    assert [
        {"period": None, **quarter},
        {"period": datetime(2026, 5, 12), **quarter},
        {"period": datetime(2026, 5, 13), **nothing},
    ] == rows


def test_a_lead_belongs_to_the_dialog_in_which_it_was_made() -> None:
    """
    The chat's first dialog made none, the second did, after the window's end.
    """
    story = Story()
    story.client("a", after=0)
    story.client("a", after=96 * HOUR)
    story.lead("a", 120 * HOUR)

    for name, number in (("lead_conversion", "leads"), ("phones", "phones")):
        assert [0] == [row[number] for row in whole(name, story)]
        assert [1] == [row[number] for row in whole(name, story, first=days(4), last=days(4))]


def test_a_lead_without_a_phone_is_no_phone() -> None:
    """
    One of four dialogs gave a phone; another made a lead of an address alone.
    """
    story = four_dialogs()
    story.lead("b", 60, fields="address")

    rows = ask("phones", story, last=days(1))

    quarter = {"dialogs": 4, "phones": 1, "share": 0.25, **QUARTER}
    nothing = {"dialogs": 0, "phones": 0, "share": None, "low": None, "high": None}
    assert [
        {"period": None, **quarter},
        {"period": datetime(2026, 5, 12), **quarter},
        {"period": datetime(2026, 5, 13), **nothing},
    ] == rows
    assert 0.5 == whole("lead_conversion", story)[0]["conversion"]


def test_conversion_by_listing() -> None:
    """
    Listing 7: four dialogs, one lead, one without an answer, the others after 40, 60 and 200 s. Listing 8, of which only the
    title is known: one dialog, with a lead without a phone. A chat about none is listing 0. A call alone is not unanswered.
    """
    story = four_dialogs()
    story.person("a", after=40)
    story.person("b", after=60)
    story.person("c", after=200)
    story.listed(0, title="Клопы")
    story.listed(1, title="Клопы и тараканы")
    story.client("e", after=0, listing=8, kind="call")
    story.lead("e", 10, fields="address", listing=8)
    story.client("f", after=0, listing=None)  # type: ignore[arg-type]

    rows = ask("conversion_by_listing", story)

    assert [7, 0, 8] == [row["listing_id"] for row in rows]
    assert {
        "listing_id": 7,
        "title": "Клопы и тараканы",
        "dialogs": 4,
        "unanswered": 1,
        "phones": 1,
        "leads": 1,
        "median_first_response_seconds": 60.0,
        "conversion": 0.25,
        **QUARTER,
    } == rows[0]
    assert [(None, 1, 1, 0, 0), (None, 1, 0, 0, 1)] == [
        tuple(row[n] for n in ("title", "dialogs", "unanswered", "phones", "leads"))
        for row in rows[1:]
    ]


def test_what_changed_by_listing() -> None:
    """
    Today listing 7 has three dialogs, a lead, one answer in time and two late ones, yesterday one in time; listing 8 had four
    dialogs yesterday, one in time. So the share fell from two of five to one of three, by 5/75: by 14/75 for listing 7, and
    9/75 back, because the worse listing was not asked. A call alone is a dialog of listing 9 that waits for nothing.
    """
    story = Story()
    story.listed(-48 * HOUR, title="Клопы")
    for chat, listing, day, wait in (
        ("a", 7, 0, 300), ("b", 7, 0, 301), ("c", 7, 0, None), ("d", 7, -1, 30), ("e", 8, -1, 60), ("f", 8, -1, None),
        ("h", 8, -1, 400), ("i", 8, -1, None),
    ):  # fmt: skip
        story.client(chat, after=day * 24 * HOUR, listing=listing)
        if wait:
            story.assistant(chat, after=day * 24 * HOUR + wait, listing=listing)
    story.client("a", after=3000)
    story.lead("a", 400)
    story.lead("e", -23 * HOUR, listing=8)
    story.client("g", after=0, listing=9, kind="call")
    story.until(2 * HOUR)

    eight, seven, nine = ask("listing_changes", story)

    assert {
        "listing_id": 7,
        "title": "Клопы",
        "dialogs": 3,
        "dialogs_before": 1,
        "leads": 1,
        "leads_before": 0,
        "in_time": 1,
        "late": 2,
        "in_time_before": 1,
        "late_before": 0,
        "attainment": pytest.approx(1 / 3),
        "attainment_before": 1.0,
        "in_time_points": pytest.approx(-14 / 75),
    } == seven
    assert [0, 4, 0, 1, 0, 0, 1, 3, None, 0.25, pytest.approx(9 / 75)] == list(eight.values())[2:]
    assert [9, None, 1, 0, 0, 0, 0, 0, 0, 0, None, None, 0] == list(nine.values())


def moves(story: Story) -> dict[str, object]:
    [row] = ask("listing_changes", story)
    wanted = ("dialogs", "in_time", "late", "attainment", "attainment_before", "in_time_points")
    return part(row, *wanted)


def test_what_waits_is_not_late_yet_and_thanks_wait_for_nothing() -> None:
    """
    One waits for 300 s, one for 301; one only said thanks. A share moves when there is one today and one yesterday.
    """
    story = Story()
    story.client("a", after=0)
    story.until(300)
    nothing = dict.fromkeys(("attainment", "attainment_before", "in_time_points"))
    assert {"dialogs": 1, "in_time": 0, "late": 0, **nothing} == moves(story)

    story.client("c", after=-5, text="Спасибо!")
    story.client("b", after=-1)
    assert {"dialogs": 3, "in_time": 0, "late": 1, **nothing, "attainment": 0.0} == moves(story)

    only_before = Story()
    only_before.client("a", after=-24 * HOUR)
    only_before.assistant("a", after=-23 * HOUR)
    only_before.client("b", after=0)
    told = {"dialogs": 1, "in_time": 0, "late": 0, **nothing, "attainment_before": 0.0}
    assert told == moves(only_before)


def test_the_span_before_ends_at_the_same_time_of_day() -> None:
    """
    Yesterday, and today until ten; before that the same hours two days earlier. A dialog at each bound, and one a second
    before it: of either span two are inside, and waited too long. A chat about none is listing 0.
    """
    story = Story()
    midnight = -9 * HOUR
    bounds = (midnight - 72 * HOUR, -47 * HOUR, midnight - 24 * HOUR, HOUR)
    for bound in bounds:
        for early in (0, 1):
            story.client(f"{bound} {early}", after=bound - early, listing=None)  # type: ignore[arg-type]
    story.until(2 * HOUR)
    window = Window(START + timedelta(seconds=bounds[2]), START + timedelta(seconds=HOUR))

    [row] = answer("listing_changes", story, window)

    assert 0 == row["listing_id"]
    assert [2, 2, 2, 2] == [row[n] for n in ("dialogs", "dialogs_before", "late", "late_before")]


def test_a_second_more_than_a_day_is_compared_with_two_days_before() -> None:
    """
    Spans never overlap.
    """
    story = Story()
    story.client("a", after=-48 * HOUR)
    window = Window(START, START + timedelta(days=1, seconds=1))

    assert [(0, 1)] == [
        (row["dialogs"], row["dialogs_before"]) for row in answer("listing_changes", story, window)
    ]


def test_what_changed_keeps_to_the_account_and_the_listing() -> None:
    """
    Late answers of others are left out, as their dialogs are.
    """
    story = Story()
    for account, listing in ((1, 7), (2, 8), (2, 9)):
        story.client(f"c{listing}", after=0, account=account, listing=listing)
    story.until(HOUR)

    for chosen, found in (({"account": 2}, [8, 9]), ({"listing": 9}, [9])):
        rows = ask("listing_changes", story, **chosen)
        assert [(n, 1, 1) for n in found] == [
            tuple(row[n] for n in ("listing_id", "dialogs", "late")) for row in rows
        ]


def test_conversion_by_waiting_time() -> None:
    """
    One dialog at each bound and one a second past it; every other one is a lead; who was not answered is never.
    """
    story = Story()
    bounds = (60, 300, 900, 3600, 86_400)
    for n, bound in enumerate(bounds):
        for more in (0, 1):
            chat = f"{n}+{more}"
            story.client(chat, after=0)
            story.assistant(chat, after=bound + more)
            if more:
                story.lead(chat, bound + 2, fields="address")
    story.client("never", after=0)
    story.lead("never", 10)
    story.client("call", after=0, kind="call")

    assert [
        ("within_1_min", 1, 0, 0),
        ("within_5_min", 2, 0, 1),
        ("within_15_min", 2, 0, 1),
        ("within_60_min", 2, 0, 1),
        ("within_24_h", 2, 0, 1),
        ("longer", 1, 0, 1),
        ("never", 1, 1, 1),
    ] == [tuple(row.values())[:4] for row in ask("conversion_by_wait", story)]


def test_a_span_of_waiting_that_nobody_had_is_empty() -> None:
    """
    All four waited for ever: a quarter of those, and nothing to divide elsewhere.
    """
    rows = {row["waited"]: row for row in ask("conversion_by_wait", four_dialogs())}

    assert {
        "waited": "never",
        "dialogs": 4,
        "phones": 1,
        "leads": 1,
        "conversion": 0.25,
        **QUARTER,
    } == rows["never"]
    assert {"conversion": None, "low": None, "high": None} == part(
        rows["longer"], "conversion", "low", "high"
    )


def test_conversion_by_hour() -> None:
    """
    Four dialogs at nine in Moscow, one of them a lead; one at ten on another day, without a phone. All 24 hours are there.
    """
    story = four_dialogs()
    story.client("e", after=25 * HOUR)
    story.lead("e", 26 * HOUR, fields="address")

    rows = ask("conversion_by_hour", story, last=days(1))

    assert [*range(24)] == [row["hour"] for row in rows]
    assert {
        "hour": 9,
        "dialogs": 4,
        "phones": 1,
        "leads": 1,
        "conversion": 0.25,
        **QUARTER,
    } == rows[9]
    assert (1, 0, 1) == tuple(rows[10][n] for n in ("dialogs", "phones", "leads"))
    assert (0, 0, 0, None, None, None) == tuple(rows[11].values())[1:]


# --- the funnel of listings -------------------------------------------------------------------------------------------


def funnel(story: Story, **more: object) -> dict[tuple[int | None, int | None], Row]:
    """By day of May (None: the whole) and listing (None: all)."""
    rows = ask("listing_funnel", story, **{"last": days(1), **more})  # type: ignore[arg-type]
    return {(r["period"] and r["period"].day, r["listing_id"]): r for r in rows}


def test_the_funnel_from_views_to_leads() -> None:
    """
    Twelfth of May: 100 views, 8 contacts, 3 favourites, four dialogs, a phone and three leads. Thirteenth: 50 views, 4
    contacts. A chat about no listing is listing 0.
    """
    story = four_dialogs()
    for chat in "bc":
        story.lead(chat, 60, fields="address")
    story.client("none", after=0, listing=None)  # type: ignore[arg-type]
    story.listed(0)
    story.stats("2026-05-12", 100, 8, 3)
    story.stats("2026-05-13", 50, 4, 1)

    rows = funnel(story)

    assert {
        "period": None,
        "listing_id": 7,
        "title": "Клопы",
        "days": 2,
        "views": 150,
        "contacts": 12,
        "favorites": 4,
        "dialogs": 4,
        "phones": 1,
        "leads": 3,
        "views_to_contacts": 0.08,
        "dialogs_per_contact": pytest.approx(1 / 3),
        "conversion": 0.75,
        "low": pytest.approx(0.3006, abs=1e-4),
        "high": pytest.approx(0.9544, abs=1e-4),
    } == rows[None, 7]
    assert (50, 4, 0, 0, 0, None, None) == tuple(
        rows[13, 7][n]
        for n in ("views", "contacts", "dialogs", "phones", "leads", "conversion", "low")
    )
    assert {(day, listing) for day in (None, 12, 13) for listing in (None, 7)} < set(rows)
    assert {(None, 0), (12, 0)} == {place for place in rows if place[1] == 0}
    assert (None, 150) == (rows[None, None]["title"], rows[None, None]["views"])


def test_what_avito_did_not_tell_is_empty_and_not_zero() -> None:
    """
    Listing 7 has views without contacts on one day, and contacts without views on the other: no ratio of them. Listing 8
    has dialogs and no statistics at all.
    """
    story = Story()
    story.client("a", after=0)
    story.client("b", after=0, listing=8)
    story.stats("2026-05-12", 100, None)
    story.stats("2026-05-13", None, 4)
    story.stats("2026-05-14", None, None, 2)
    story.stats("2026-05-15", None, None)

    rows = funnel(story, last=days(3))

    assert {"days": 3, "views": 100, "contacts": 4, "favorites": 2, "dialogs": 1} == part(
        rows[None, 7], "days", "views", "contacts", "favorites", "dialogs"
    )
    assert {"views_to_contacts": None, "dialogs_per_contact": 0.0} == part(
        rows[None, 7], "views_to_contacts", "dialogs_per_contact"
    )
    assert {
        "days": 0,
        "views": None,
        "contacts": None,
        "favorites": None,
        "dialogs": 1,
        "dialogs_per_contact": None,
    } == (
        part(
            rows[None, 8],
            "days",
            "views",
            "contacts",
            "favorites",
            "dialogs",
            "dialogs_per_contact",
        )
    )


def test_a_ratio_is_one_of_sums_over_the_days_that_know_both() -> None:
    """
    10 of 100 and 1 of 900 is 1.1 %, not the mean of 10 % and 0.1 %; a day that knows only one of the two is left out.
    Dialogs of a day without contacts are left out in the same way.
    """
    story = Story()
    for day in (0, 1, 2):
        story.client(f"a{day}", after=day * 24 * HOUR)
    story.stats("2026-05-12", 100, 10)
    story.stats("2026-05-13", 900, 1)
    story.stats("2026-05-14", 5000, None)
    story.stats("2026-05-15", None, 9)

    row = funnel(story, last=days(3))[None, 7]

    assert pytest.approx(0.011) == row["views_to_contacts"]
    assert pytest.approx(2 / 20) == row["dialogs_per_contact"]
    assert (6000, 20, 3) == (row["views"], row["contacts"], row["dialogs"])


def test_a_day_without_views_has_no_ratio() -> None:
    """
    Nothing is divided by zero.
    """
    story = Story()
    story.stats("2026-05-12", 0, 0)

    row = funnel(story)[None, 7]

    assert (0, 0, 1, None, None) == tuple(
        row[n] for n in ("views", "contacts", "days", "views_to_contacts", "dialogs_per_contact")
    )


def test_a_later_row_for_a_day_takes_the_place_of_the_earlier() -> None:
    """
    Also where it says less than that one did.
    """
    story = Story()
    story.stats("2026-05-12", 100, 10, 5)
    story.stats("2026-05-12", 120, 11, None)

    row = funnel(story)[12, 7]

    assert (120, 11, None) == (row["views"], row["contacts"], row["favorites"])


def test_the_days_of_the_window_are_those_of_its_clock() -> None:
    """
    The eleventh and the fourteenth are outside; a window that ends in the middle of a day has that day, also when it is
    a microsecond old.
    """
    story = Story()
    for day in range(11, 15):
        story.stats(f"2026-05-{day}", day, 1)

    assert {12, 13} == {day for day, listing in funnel(story) if day and listing}
    assert [12 + 13] == [funnel(story)[None, None]["views"]]
    midnight = START + timedelta(hours=15)
    for end, views in ((midnight, 12), (midnight + timedelta(microseconds=1), 12 + 13)):
        [whole, *_] = answer("listing_funnel", story, Window(START, end))
        assert views == whole["views"]


def test_the_funnel_of_one_account() -> None:
    """
    Statistics of another account's listing are not in it, nor of another listing.
    """
    story = Story()
    story.stats("2026-05-12", 100, 10)
    story.stats("2026-05-12", 900, 1, account=2, listing=8)

    assert [100] == [
        row["views"] for (day, _), row in funnel(story, account=1).items() if not day and _
    ]
    assert [900] == [
        row["views"] for (day, _), row in funnel(story, listing=8).items() if not day and _
    ]
    assert 1000 == funnel(story)[None, None]["views"]


def test_the_funnel_by_hours_is_one_by_days() -> None:
    """
    Avito's numbers have no hours: the period is the day, for dialogs too. Weeks and months begin as they do elsewhere.
    """
    story = Story()
    story.client("a", after=3 * HOUR)
    story.stats("2026-05-12", 100, 10)

    def periods(grain: str) -> set[datetime | None]:
        return {row["period"] for row in ask("listing_funnel", story, grain=grain)}

    [_, _, week, _] = ask("listing_funnel", story, grain="week")
    assert (1, 100, 0.1) == tuple(week[n] for n in ("dialogs", "views", "dialogs_per_contact"))
    assert {None, datetime(2026, 5, 12)} == periods("hour") == periods("day")
    assert {None, datetime(2026, 5, 11)} == periods("week")
    assert {None, datetime(2026, 5, 1)} == periods("month")


# --- the morning ------------------------------------------------------------------------------------------------------


def test_the_overview_compares_with_the_same_span_before() -> None:
    """
    Yesterday one dialog without an answer, today two, one of them answered at once and a lead; calls of the model cost
    two roubles today and five yesterday. What was two days ago is in neither.
    """
    story = Story()
    story.client("x", after=-34 * HOUR)
    story.model("x", after=-34 * HOUR, cost=100)
    story.client("y", after=-24 * HOUR)
    story.model("y", after=-24 * HOUR, cost=5)
    story.client("a", after=0)
    story.assistant("a", after=10)
    story.lead("a", 20)
    story.model("a", after=1)
    story.reply("a", 2, cost=50)  # what the calls cost once more
    story.client("b", after=0)
    story.client("z", after=24 * HOUR)
    story.model("z", after=24 * HOUR, cost=100)

    now, before = ask("overview", story, first=DAY, last=DAY)

    assert ("now", 2, 0.5, 10.0, 0.5, 1, 1, 1, 0.5, 2.0) == tuple(now.values())
    assert ("before", 1, 0.0, None, 0.0, 1, 0, 0, 0.0, 5.0) == tuple(before.values())


def test_the_span_before_ends_where_the_window_begins() -> None:
    """
    Midnight is of the day, a second before it of the day before; a day earlier still it begins, and the next midnight is
    of neither.
    """
    story = Story()
    midnight = -9 * HOUR
    for n, after in enumerate(
        (
            midnight - 1,
            midnight,
            midnight - 24 * HOUR,
            midnight - 24 * HOUR - 1,
            midnight + 24 * HOUR,
        )
    ):
        story.client(f"c{n}", after)
        story.model(f"c{n}", after, cost=10**n)

    assert [(1, 10.0), (2, 101.0)] == [
        (r["dialogs"], r["cost_rub"]) for r in ask("overview", story)
    ]
    assert [(0, 0.0), (0, 0.0)] == [
        (r["dialogs"], r["cost_rub"]) for r in ask("overview", story, account=2)
    ]
    assert [(0, 0.0), (0, 0.0)] == [
        (r["dialogs"], r["cost_rub"]) for r in ask("overview", story, listing=2)
    ]


def test_the_shares_of_the_morning() -> None:
    """
    Asked thrice and called once: two of the three were answered within five minutes, one of them exactly then.
    """
    story = Story()
    for chat, wait in (("a", 300), ("b", 301), ("c", 1)):
        story.client(chat, after=0)
        story.person(chat, after=wait)
    story.client("d", after=0, kind="call")
    story.lead("d", 5, fields="address")

    now, before = ask("overview", story)

    assert (4, 0.0, 2 / 3, 300.0, 0, 0, 1, 0.25) == tuple(
        now[n]
        for n in ("dialogs", "share_with_assistant", "share_within_5_min", "median_first_response_seconds", "unanswered",
                  "phones", "leads", "conversion")
    )  # fmt: skip
    assert {None} == {
        before[n] for n in ("share_with_assistant", "share_within_5_min", "conversion")
    }
