"""What a model's server does wrong, in our own errors."""

from collections.abc import Iterator
from contextlib import contextmanager

import openai
from httpx2 import ConnectError, ConnectTimeout, PoolTimeout

from bot.errors import ModelBusy, ModelUnusable

NEVER_LEFT = (ConnectError, ConnectTimeout, PoolTimeout)
"""After these the server has nothing to charge for; after any other silence it may have."""

MAY_PASS = frozenset({408, 409, 425, 429})


@contextmanager
def in_our_words() -> Iterator[None]:
    """What is asked inside raises ModelBusy or ModelUnusable, and nothing of the library's."""
    try:
        yield
    except (openai.APITimeoutError, openai.APIConnectionError) as error:
        busy = ModelBusy(type(error).__name__)
        busy.free = isinstance(error.__cause__, NEVER_LEFT)
        raise busy from error
    except openai.APIStatusError as error:
        if error.status_code in MAY_PASS or error.status_code >= 500:
            busy = ModelBusy(f"HTTP {error.status_code}")
            busy.retry_after = _seconds(error.response.headers.get("retry-after"))
            raise busy from error
        raise ModelUnusable(f"HTTP {error.status_code}") from error
    except openai.OpenAIError as error:
        raise ModelUnusable(type(error).__name__) from error


def _seconds(said: str | None) -> float | None:
    try:
        return float(said) if said else None
    except ValueError:
        return None
