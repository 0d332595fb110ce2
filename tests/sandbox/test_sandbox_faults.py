"""What goes wrong on request, over real HTTP."""

import time

import httpx
import pytest

from tests.sandbox.visitor import Listener, Visitor, eventually


def texts(visitor: Visitor) -> list[str]:
    """What really stands in the first chat."""
    messages = visitor.state()["chats"][0]["messages"]
    return [message["content"]["text"] for message in messages]


def test_a_script_is_followed_word_by_word(remote: Visitor) -> None:
    """Refused, refused with a time to wait, and then well again."""
    chat_id = remote.say("привет")["chat_id"]
    remote.act("faults", next={"send": ["500", "429:7", "html_403", "ok"]})
    answers = [remote.send(chat_id, str(n)) for n in range(4)]

    assert [500, 429, 403, 200] == [answer.status_code for answer in answers]
    assert "7" == answers[1].headers["Retry-After"]
    assert "Retry-After" not in answers[0].headers
    assert "Доступ ограничен" in answers[2].text
    assert ["привет", "3"] == texts(remote)


@pytest.mark.parametrize(
    ("word", "error"),
    [("timeout_after", httpx.ReadTimeout), ("reset_after", httpx.RemoteProtocolError)],
)
def test_accepted_but_never_answered(
    remote: Visitor, hook: Listener, word: str, error: type[Exception]
) -> None:
    """The message stands in the chat, its echo comes, and the sender knows nothing."""
    chat_id = remote.say("привет")["chat_id"]
    remote.act("faults", next={"send": [word]})
    remote.http.timeout = httpx.Timeout(0.3)
    with pytest.raises(error):
        remote.send(chat_id, "дошло")
    remote.http.timeout = httpx.Timeout(5)

    assert ["привет", "дошло"] == texts(remote)
    eventually(lambda: hook.texts() == ["привет", "дошло"])


@pytest.mark.parametrize(
    ("word", "error"), [("timeout", httpx.ReadTimeout), ("reset", httpx.RemoteProtocolError)]
)
def test_neither_accepted_nor_answered(remote: Visitor, word: str, error: type[Exception]) -> None:
    """The same for the sender, but nothing was written."""
    chat_id = remote.say("привет")["chat_id"]
    remote.act("faults", next={"send": [word]})
    remote.http.timeout = httpx.Timeout(0.3)
    with pytest.raises(error):
        remote.send(chat_id, "пропало")
    remote.http.timeout = httpx.Timeout(5)

    assert ["привет"] == texts(remote)


def test_applied_late(remote: Visitor) -> None:
    """The request takes effect after its sender has given up."""
    chat_id = remote.say("привет")["chat_id"]
    remote.act("faults", next={"send": ["apply_late:0.4"]})
    remote.http.timeout = httpx.Timeout(0.2)
    with pytest.raises(httpx.ReadTimeout):
        remote.send(chat_id, "позже")
    remote.http.timeout = httpx.Timeout(5)

    assert ["привет"] == texts(remote)
    eventually(lambda: texts(remote) == ["привет", "позже"])


def test_an_error_that_lies(remote: Visitor) -> None:
    """A 500 after the work was done, and a 200 that cannot be read."""
    chat_id = remote.say("привет")["chat_id"]
    remote.act("faults", next={"send": ["500_after", "garbage"]})

    assert 500 == remote.send(chat_id, "раз").status_code
    with pytest.raises(ValueError, match=r"JSON|Unterminated|Expecting"):
        remote.send(chat_id, "два").json()
    assert ["привет", "раз", "два"] == texts(remote)


def test_a_fresh_message_hides_from_the_history(remote: Visitor) -> None:
    """With a lag, what was just sent cannot be read back yet; the client's words can."""
    remote.act("faults", history_lag=30)
    chat_id = remote.say("привет")["chat_id"]
    remote.send(chat_id, "ответ")

    assert 1 == len(remote.history(chat_id).json()["messages"])
    remote.act("time", advance=31)
    assert 2 == len(remote.history(chat_id).json()["messages"])


def test_rates_and_latency(remote: Visitor) -> None:
    """Rates fall on all answers, or on the named operations only; a token is spared by default."""
    chat_id = remote.say()["chat_id"]
    remote.act("faults", rate_5xx=1.0)
    assert 503 == remote.chats().status_code
    assert 200 == remote.grant("client_credentials").status_code
    remote.act("faults", only=["send"])
    assert 200 == remote.chats().status_code
    assert 503 == remote.send(chat_id, "привет").status_code
    remote.act("faults", clear=True, rate_429=1.0, retry_after=3)
    assert "3" == remote.chats().headers["Retry-After"]
    remote.act("faults", clear=True, history_5xx=1.0, latency=0.15)
    began = time.monotonic()
    assert 503 == remote.history(chat_id).status_code
    assert 0.15 <= time.monotonic() - began


def test_the_same_seed_the_same_weather(remote: Visitor) -> None:
    """After a reset, half of the calls fail, and they are the same half."""

    def outcomes() -> list[int]:
        remote.act("reset", keep="connections")
        remote.act("faults", rate_5xx=0.5)
        return [remote.chats().status_code for _ in range(30)]

    first = outcomes()
    assert {200, 503} == set(first)
    assert first == outcomes()


def test_unknown_faults_are_refused(remote: Visitor) -> None:
    """The answer names those that exist, and nothing changes."""
    wrong = [
        {"rate_428": 1, "latency": 3},
        {"next": {"send": ["explode"]}},
        {"next": {"dance": ["ok"]}},
        {"latency": "long"},
        {"only": ["dance"], "latency": 3},
    ]
    for given in wrong:
        assert 400 == remote.http.post("/sandbox/faults", json=given).status_code
    answer = remote.http.post("/sandbox/faults", json=wrong[0])
    assert "rate_429" in answer.json()["error"]
    assert 0 == remote.act("faults")["faults"]["latency"]
    assert {} == remote.act("faults")["next"]
