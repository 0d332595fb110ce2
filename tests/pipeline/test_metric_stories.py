"""Tiny chats with answers that were computed by hand, for each metric."""

from datetime import date, datetime

from pipeline.events import (
    ChatHandedOff,
    LeadChanged,
    LeadCreated,
    ModelCalled,
    ReplyAttempted,
    ReplyDropped,
    ReplyIntended,
    ReplySent,
    Verdict,
    VerdictGiven,
)
from tests.pipeline.story import DAY, Story, ask, part, whole

HOUR = 3600
WHERE = {"account_id": 1, "listing_id": 7}


def lead(story: Story, chat: str, after: float, lead_id: str = "l1") -> None:
    story.happens(
        LeadCreated(**WHERE, chat_id=chat, lead_id=lead_id, crm="dezexpert", fields=("phone",)),
        after,
    )


# --- first_response ---------------------------------------------------------------------------------------------------


def first(story: Story, by: str = "all", **more: object) -> dict[str, object]:
    [row] = [row for row in whole("first_response", story, **more) if row["answered_by"] == by]
    return row


def test_only_the_first_answer_counts() -> None:
    """
    Later answers in the same dialog change nothing, whoever gives them.
    """
    story = Story()
    story.client("a", after=0)
    story.assistant("a", after=30)
    story.client("a", after=60)
    story.person("a", after=4000)

    rows = whole("first_response", story)

    assert ["all", "assistant"] == [row["answered_by"] for row in rows]
    assert {
        "dialogs": 1,
        "answered": 1,
        "median_seconds": 30.0,
        "within_1_min": 1.0,
        "never": 0.0,
    } == part(rows[1], "dialogs", "answered", "median_seconds", "within_1_min", "never")


def test_a_wait_begins_with_the_first_line_of_a_burst() -> None:
    """
    Three lines, then an answer: the client has waited since the first.
    """
    story = Story()
    for after in (0, 5, 9):
        story.client("a", after)
    story.assistant("a", after=20)

    assert 20.0 == first(story)["median_seconds"]


def test_an_answer_before_the_question_is_no_answer() -> None:
    """
    The seller wrote first; the client's question is still open.
    """
    story = Story()
    story.person("a", after=0)
    story.client("a", after=10)

    assert {"dialogs": 1, "answered": 0, "median_seconds": None, "never": 1.0} == part(
        first(story), "dialogs", "answered", "median_seconds", "never"
    )


def test_the_unanswered_stay_in_every_denominator() -> None:
    """
    Four dialogs: 30 s, 10 min, 2 h, never. The shares are quarters of four, not thirds of three.
    """
    story = Story()
    for chat, wait in (("a", 30), ("b", 600), ("c", 2 * HOUR)):
        story.client(chat, after=0)
        story.person(chat, after=wait)
    story.client("d", after=0)

    assert {
        "dialogs": 4,
        "answered": 3,
        "median_seconds": 600.0,
        "unanswered": 1,
        "km_median_seconds": 600.0,
        "km_p90_seconds": None,
        "mean_seconds": 2610.0,
        "trimmed_mean_seconds": 2610.0,
        "naive_mean_seconds": 2610.0,
        "within_1_min": 0.25,
        "within_5_min": 0.25,
        "within_15_min": 0.5,
        "within_60_min": 0.5,
        "within_24_h": 0.75,
        "never": 0.25,
    } == {k: v for k, v in first(story).items() if k not in ("answered_by", "p90_seconds")}


def test_the_median_of_all_is_unknown_when_more_than_half_were_never_answered() -> None:
    """
    One of two waits for ever: half is answered after ten seconds. Two of three: no number of seconds is a median of that.
    """
    story = Story()
    story.client("a", after=0)
    story.person("a", after=10)
    story.client("b", after=0)

    assert (10.0, 10.0) == (first(story)["median_seconds"], first(story)["km_median_seconds"])
    story.client("c", after=0)
    assert (10.0, None) == (first(story)["median_seconds"], first(story)["km_median_seconds"])


def test_avitos_notices_and_calls_neither_ask_nor_answer() -> None:
    """
    A system notice is no answer, and a missed call is no question.
    """
    story = Story()
    story.client("a", after=0, kind="call")
    story.client("a", after=100)
    story.avito("a", after=110)
    story.assistant("a", after=130)

    assert 30.0 == first(story)["median_seconds"]


def test_the_last_attribution_says_who_answered() -> None:
    """
    First taken for a person's, then known to be the assistant's.
    """
    story = Story()
    story.client("a", after=0)
    message = story.person("a", after=30)
    story.attributed(message, "assistant", after=31)

    assert 1 == first(story, by="assistant")["dialogs"]


def test_after_72_hours_of_silence_a_new_dialog_begins() -> None:
    """
    The second question of the same chat is a dialog of its own, and its answer is a first answer; after exactly
    72 hours it would not be.
    """
    story = Story()
    story.client("a", after=0)
    story.assistant("a", after=10)
    story.client("a", after=10 + 72 * HOUR)
    story.assistant("a", after=20 + 72 * HOUR)
    story.client("a", after=21 + 144 * HOUR)
    story.person("a", after=61 + 144 * HOUR)

    rows = whole("first_response", story, last=date(2026, 5, 30))

    assert {"all": 2, "assistant": 1, "human": 1, "human_app": 1} == {
        row["answered_by"]: row["dialogs"] for row in rows
    }


def test_order_within_one_second_is_the_order_of_the_log() -> None:
    """
    Avito's moments are whole seconds: an answer in the second of the question is an answer after no time.
    """
    story = Story()
    story.client("a", after=0)
    story.assistant("a", after=0)

    assert 0.0 == first(story)["median_seconds"]


def test_the_window_and_its_filters_hold() -> None:
    """
    The day is that of the zone; other accounts and listings are not counted.
    """
    story = Story()
    story.client("a", after=0)
    story.client("b", after=16 * HOUR)
    story.client("c", after=0, listing=8)
    story.client("d", after=0, account=2)

    assert 3 == first(story)["dialogs"]
    assert 4 == first(story, zone="Europe/London")["dialogs"]
    assert 1 == first(story, listing=8)["dialogs"]
    assert 1 == first(story, account=2)["dialogs"]


# --- next_reply_waiting and the curve ---------------------------------------------------------------------------------


def test_every_burst_is_a_wait() -> None:
    """
    Two questions answered after 10 s and 100 s, a third one never.
    """
    story = Story()
    story.client("a", after=0)
    story.assistant("a", after=10)
    story.assistant("a", after=12)
    story.client("a", after=50)
    story.client("a", after=60)
    story.person("a", after=150)
    story.client("a", after=200)

    rows = {row["answered_by"]: row for row in whole("next_reply_waiting", story)}

    assert {"all": 3, "assistant": 1, "human": 1, "human_app": 1, "nobody": 1} == {
        by: row["waits"] for by, row in rows.items()
    }
    assert (10.0, 100.0) == (
        rows["assistant"]["median_seconds"],
        rows["human_app"]["median_seconds"],
    )


def test_the_curve_falls_when_somebody_is_answered() -> None:
    """
    Answered after 10 s, after 100 s, never: all wait at first, one of three does to the end.
    """
    story = Story()
    for chat, wait in (("a", 10), ("b", 100)):
        story.client(chat, after=0)
        story.assistant(chat, after=wait)
    story.client("c", after=0)

    rows = ask("waiting_curve", story)
    share = {
        row["after_seconds"]: row["still_waiting"] for row in rows if row["answered_by"] == "all"
    }

    assert [1.0, 0.6667, 0.3333, 0.3333] == [
        round(share[each], 4) for each in (5, 10, 120, 259_200)
    ]
    assert {2} == {row["dialogs"] for row in rows if row["answered_by"] == "assistant"}


def test_who_waits_is_listed_with_the_longest_wait_first() -> None:
    """
    The answered are not on the list, nor who said thanks; a wait is counted to the end of the log, or of the window.
    """
    story = Story()
    story.client("a", after=HOUR)
    story.client("b", after=0)
    story.client("c", after=0)
    story.assistant("c", after=5)

    story.client("d", after=2 * HOUR, text="Спасибо!")

    def waiting() -> list[tuple[str, float]]:
        return [(row["chat_id"], row["seconds"]) for row in ask("unanswered", story)]

    assert [("b", 2.0 * HOUR), ("a", HOUR)] == waiting()
    story.avito("e", after=48 * HOUR)
    assert [("b", 15.0 * HOUR), ("a", 14.0 * HOUR)] == waiting()


# --- counting dialogs, messages, hours --------------------------------------------------------------------------------


def test_dialogs_by_day_with_the_empty_day() -> None:
    """
    Two clients on the first day, none on the second, one of them back on the seventh.
    """
    story = Story()
    story.client("a", after=0)
    story.assistant("a", after=10)
    story.client("b", after=0)
    story.client("a", after=6 * 24 * HOUR)

    rows = ask("dialogs", story, last=date(2026, 5, 18))

    assert (3, 2, 1, 1, 2) == tuple(rows[0].values())[1:]
    assert [2, 0, 0, 0, 0, 0, 1] == [row["dialogs"] for row in rows[1:]]
    assert datetime(2026, 5, 12) == rows[1]["period"]


def test_an_empty_log_has_no_dialogs_and_no_traceback() -> None:
    """
    Nothing happened: zeros where things are counted, unknown where there is nothing to divide.
    """
    assert [0] == [row["dialogs"] for row in whole("dialogs", Story())]
    assert [] == whole("first_response", Story())
    assert [(0, None, None)] == [
        (row["leads"], row["conversion"], row["low"]) for row in whole("lead_conversion", Story())
    ]


def test_messages_by_author() -> None:
    """
    Two lines of the client, one of the assistant, one of Avito.
    """
    story = Story()
    story.client("a", after=0)
    story.client("a", after=1)
    story.assistant("a", after=10)
    story.avito("a", after=11)

    assert {"assistant": (1, 0.25), "avito": (1, 0.25), "client": (2, 0.5)} == {
        row["author"]: (row["messages"], row["share"]) for row in whole("messages_by_author", story)
    }


def test_the_heat_map_is_on_the_clock_of_the_zone() -> None:
    """
    Tuesday 20:45 UTC is still Tuesday in Moscow, and Wednesday 02:15 in Kolkata; all 168 squares are there.
    """
    story = Story()
    story.client("a", after=14.75 * HOUR)
    story.client("a", after=14.75 * HOUR + 60)

    moscow = ask("heatmap", story)
    kolkata = ask("heatmap", story, zone="Asia/Kolkata", last=date(2026, 5, 13))

    assert 168 == len(moscow) == len(kolkata)
    assert [(2, 23, 1, 2)] == [tuple(row.values()) for row in moscow if row["messages"]]
    assert [(3, 2, 1, 2)] == [tuple(row.values()) for row in kolkata if row["messages"]]


# --- verdicts, replies, hand-offs -------------------------------------------------------------------------------------


def test_verdicts() -> None:
    """
    Three answered, one off: three quarters and one quarter.
    """
    story = Story()
    given: list[Verdict] = ["answered", "answered", "answered", "off"]
    for n, verdict in enumerate(given):
        story.happens(
            VerdictGiven(**WHERE, chat_id="a", message_id=f"m{n}", verdict=verdict, reason=None), n
        )

    assert [("answered", 3, 0.75), ("off", 1, 0.25)] == [
        tuple(row.values()) for row in whole("verdicts", story)
    ]


def test_a_reply_is_counted_once_in_its_last_state() -> None:
    """
    One was sent after an attempt, one dropped, one is still on its way.
    """
    story = Story()
    for reply in ("r1", "r2", "r3"):
        story.happens(
            ReplyIntended(**WHERE, chat_id="a", reply_id=reply, author="assistant", covers=1), 0
        )
        story.happens(ReplyAttempted(**WHERE, chat_id="a", reply_id=reply, attempt=1), 1)
    story.happens(
        ReplySent(
            **WHERE, chat_id="a", reply_id="r1", sent_message_id="x", how="answer", attempts=1
        ),
        2,
    )
    story.happens(ReplyDropped(**WHERE, chat_id="a", reply_id="r2", reason="person_wrote"), 2)

    assert {"sent": 1, "dropped": 1, "sending": 1} == {
        row["state"]: row["replies"] for row in whole("replies_by_state", story)
    }


def test_handoffs_by_reason_and_the_time_until_a_person_came() -> None:
    """
    Two for a complaint: one taken after 100 s, one after four days, when the dialog was over. One for no words: not yet.
    """
    story = Story()
    for chat, reason in (("a", "complaint"), ("b", "complaint"), ("c", "not_text")):
        story.client(chat, after=0)
        story.happens(ChatHandedOff(**WHERE, chat_id=chat, reason=reason), 10)
    story.person("a", after=110)
    story.person("b", after=96 * HOUR)

    assert [
        ("all", 3, 1, 2, 1 / 3, 100.0, 100.0, None, None),
        ("complaint", 2, 1, 1, 0.5, 100.0, 100.0, 100.0, None),
        ("not_text", 1, 0, 1, 0.0, None, None, None, None),
    ] == [tuple(row.values()) for row in whole("handoffs", story)]


# --- leads and money --------------------------------------------------------------------------------------------------


def test_leads_by_their_last_state() -> None:
    """
    One arrived, one failed, one is new.
    """
    story = Story()
    for lead_id in ("l1", "l2", "l3"):
        lead(story, "a", 0, lead_id)
    for lead_id, state in (("l1", "sending"), ("l1", "sent"), ("l2", "failed")):
        story.happens(LeadChanged(**WHERE, chat_id="a", lead_id=lead_id, state=state), 5)

    assert [(3, 1, 1, 1)] == [tuple(row.values()) for row in whole("leads", story)]


def test_conversion_is_of_dialogs_and_has_an_interval() -> None:
    """
    One of four dialogs has leads (two of them): 25 %, Wilson 4.56 % to 69.94 %.
    """
    story = Story()
    for chat in "abcd":
        story.client(chat, after=0)
    lead(story, "a", 60, "l1")
    lead(story, "a", 90, "l2")

    [row] = whole("lead_conversion", story)

    assert (4, 1, 0.25) == (row["dialogs"], row["leads"], row["conversion"])
    assert (0.0456, 0.6994) == (round(row["low"], 4), round(row["high"], 4))


def test_a_lead_belongs_to_the_dialog_in_which_it_was_made() -> None:
    """
    The chat's first dialog made none, the second did, after the window's end.
    """
    story = Story()
    story.client("a", after=0)
    story.client("a", after=96 * HOUR)
    lead(story, "a", 97 * HOUR)

    assert [0] == [row["leads"] for row in whole("lead_conversion", story)]
    assert [1] == [
        row["leads"]
        for row in whole("lead_conversion", story, first=date(2026, 5, 16), last=date(2026, 5, 16))
    ]


def test_the_model_costs_also_when_it_fails() -> None:
    """
    Three calls for two roubles each, one of them in vain, for one sent reply in one dialog and one lead.
    """
    story = Story()
    story.client("a", after=0)
    for outcome in ("ok", "ok", "ModelBusy"):
        call = ModelCalled(
            **WHERE,
            chat_id="a",
            model="m",
            outcome=outcome,
            tokens_in=100,
            tokens_out=10,
            cost_rub=2.0,
            latency_ms=900,
        )
        story.happens(call, 1)
    story.happens(
        ReplyIntended(
            **WHERE, chat_id="a", reply_id="r", author="assistant", covers=1, cost_rub=2.0
        ),
        2,
    )
    story.happens(
        ReplySent(
            **WHERE, chat_id="a", reply_id="r", sent_message_id="x", how="answer", attempts=1
        ),
        3,
    )
    lead(story, "a", 5)

    assert [
        {
            "calls": 3,
            "failed_calls": 1,
            "tokens_in": 300,
            "tokens_out": 30,
            "cost_rub": 6.0,
            "median_latency_ms": 900.0,
            "p95_latency_ms": 900.0,
            "p99_latency_ms": 900.0,
            "replies": 1,
            "dialogs": 1,
            "leads": 1,
            "cost_per_reply": 6.0,
            "cost_per_dialog": 6.0,
            "cost_per_lead": 6.0,
        }
    ] == whole("model_cost", story)


def test_what_did_not_come_by_webhook() -> None:
    """
    Three by webhook, one found by the sweep after 50 s.
    """
    story = Story()
    for chat in "abc":
        story.client(chat, after=0, delay=1)
    story.client("d", after=0, found_by="sweep", delay=50)

    [row] = whole("webhook_completeness", story)

    assert (4, 3, 1, 0, 0.75, 1.0) == tuple(row.values())[:6]


def test_the_overview_compares_with_the_same_span_before() -> None:
    """
    Yesterday one dialog without an answer, today two, one of them answered at once and a lead.
    """
    story = Story()
    story.client("y", after=-24 * HOUR)
    story.client("a", after=0)
    story.assistant("a", after=10)
    lead(story, "a", 20)
    story.client("b", after=0)

    now, before = ask("overview", story, first=DAY, last=DAY)

    assert ("now", 2, 0.5, 10.0, 0.5, 1, 1, 1, 0.5, 0.0) == tuple(now.values())
    assert ("before", 1, 0.0, None, 0.0, 1, 0, 0, 0.0, 0.0) == tuple(before.values())
