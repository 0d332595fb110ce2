"""What can go wrong when the bot talks to the outside world.

BotError
├── AvitoError               Avito answered, and the answer was not the one we hoped for
│   ├── TokenRejected        the owner must connect the account again; retrying is useless
│   ├── NoMessengerAccess    the account's subscription level gives no messenger; retrying is useless
│   ├── Forbidden            this token may not do this (scope, foreign chat); retrying is useless
│   ├── NotFound             Avito knows no such thing; retrying is useless
│   ├── BadRequest           Avito will never take this request; retrying is useless
│   └── AvitoBusy            429 or 5xx; may succeed later (of `send`: certainly not done)
├── AvitoUnreachable         no answer (of `send`: the request certainly never arrived)
├── OutcomeUnknown           the request left, and nobody knows whether it was carried out
├── ModelError               the language model gave nothing usable
│   ├── ModelBusy            429, 5xx, time-out: may succeed later
│   ├── ModelUnusable        refusal, empty, broken, wrong key, unknown model: this request will not
│   └── BudgetSpent          nothing was asked, because what it may cost is not there any more
├── CrmError                 the CRM did not take the lead
│   ├── CrmBusy              certainly not taken; may succeed later
│   ├── CrmUnknown           the request left, and nobody knows
│   └── CrmRefused           the CRM will never take it like this; a person must look
└── NoticeError              a channel did not take a notice; the message is for people, and says what to do
    ├── NoticeBusy           nobody answers, or it is too much at once; may succeed later, and may have been taken
    └── NoticeRefused        it will not succeed before somebody mends the settings
"""


class BotError(Exception):
    """Base of every error that the bot raises on purpose. Messages never hold a client's words or a secret."""

    permanent = False
    retry_after: float | None = None

    @property
    def kind(self) -> str:
        """A word to count by. The message is for people, and may say anything."""
        return type(self).__name__


class AvitoError(BotError):
    """Avito answered with an error; `status` is the HTTP status."""

    def __init__(self, message: str, *, status: int, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.retry_after = retry_after


class TokenRejected(AvitoError):
    permanent = True


class NoMessengerAccess(AvitoError):
    permanent = True


class Forbidden(AvitoError):
    permanent = True


class NotFound(AvitoError):
    permanent = True


class BadRequest(AvitoError):
    permanent = True


class AvitoBusy(AvitoError):
    pass


class AvitoUnreachable(BotError):
    pass


class OutcomeUnknown(BotError):
    """`answered`: the server said something, a 5xx or gibberish; else nothing came back at all."""

    def __init__(self, message: str, *, answered: bool = False) -> None:
        super().__init__(message)
        self.answered = answered


class ModelError(BotError):
    """`free`: the server certainly worked for nobody, so the call cost nothing."""

    free = True


class ModelBusy(ModelError):
    pass


class ModelUnusable(ModelError):
    permanent = True


class BudgetSpent(ModelError):
    permanent = True


class CrmError(BotError):
    pass


class CrmBusy(CrmError):
    pass


class CrmUnknown(CrmError):
    pass


class CrmRefused(CrmError):
    permanent = True


class NoticeError(BotError):
    pass


class NoticeBusy(NoticeError):
    pass


class NoticeRefused(NoticeError):
    permanent = True
