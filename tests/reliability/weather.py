"""What may go wrong at Avito, at the model and in the database, and how often."""

from dataclasses import dataclass

SEND_FAULTS = (
    "busy",
    "busy_retry_after",
    "unreachable",
    "bad_answer_applied",
    "bad_answer_not_applied",
    "no_answer_applied",
    "no_answer_not_applied",
    "no_answer_applied_late",
    "reset_applied",
    "reset_not_applied",
    "reset_applied_late",
)
"""What may come of a request to send, beside success; `permanent` is a refusal for ever."""

LATEST = 25.0
"""Seconds after our time-out until which Avito may still carry a request out."""

HISTORY_LAG = 20.0
"""Seconds until a message shows in the history, at most."""


@dataclass(frozen=True)
class Weather:
    """Shares between 0 and 1."""

    send_fails: float = 0.0
    send_refused_for_ever: float = 0.0
    read_fails: float = 0.0
    delete_fails: float = 0.0
    history_lags: float = 0.0
    echo_lost: float = 0.0
    webhook_lost: float = 0.0
    webhook_repeated: float = 0.0
    webhook_late: float = 0.0
    model_fails: float = 0.0
    model_slow: float = 0.0
    store_fails: float = 0.0
    crm_fails: float = 0.0


CALM = Weather()

STORM = Weather(
    send_fails=0.5,
    send_refused_for_ever=0.01,
    read_fails=0.1,
    delete_fails=0.2,
    history_lags=0.5,
    echo_lost=0.3,
    webhook_lost=0.15,
    webhook_repeated=0.2,
    webhook_late=0.3,
    model_fails=0.1,
    model_slow=0.3,
    store_fails=0.005,
    crm_fails=0.4,
)
