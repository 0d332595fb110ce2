"""What a call can end with instead of an answer."""


class BotError(Exception):
    """Base of what a call can end with instead of an answer."""


class BotUnavailable(BotError):
    """The bot gave no answer: down, too slow or out of reach. The same call may succeed later."""


class BotRefused(BotError):
    """The bot said no. `detail` is for people, `code` a short stable word, `status` HTTP's."""

    def __init__(self, title: str, detail: str, code: str, status: int) -> None:
        super().__init__(detail or title)
        self.title, self.detail, self.code, self.status = title, detail, code, status
