"""Hears voice messages over OpenAI's audio route, where a model for it is set; paid before it is asked, as all calls."""

import time
from dataclasses import dataclass, field
from math import ceil, isfinite
from typing import Any, Protocol

import openai

from bot.assistant import recordings
from bot.assistant.asking_model import in_our_words
from bot.assistant.paying import NOTHING, Prices, Purse, most_tokens
from bot.assistant.writer import Call
from bot.errors import BudgetSpent, ModelError
from bot.model import Cost
from bot.settings import Settings

SECONDS = 30.0
"""Longest wait for one transcript."""

CALLS = 2
"""Calls for one recording at most: a server that is busy is asked once more."""

HEARD_TOKENS, SAID_TOKENS = 10, 20
"""What a second of speech counts at most where the server tells no tokens: listened to (OpenAI's own models count ten),
and written down (nobody says more than twenty letters in a second)."""


@dataclass
class Heard:
    """What was said ("" for silence), or the error; and the calls that it took."""

    text: str = ""
    error: ModelError | None = None
    calls: list[Call] = field(default_factory=list)

    @property
    def is_silence(self) -> bool:
        """It was listened to, and nothing is said in it: to ask again would cost the same and tell the same."""
        return bool(self.calls) and self.error is None and not self.text


class Ear(Protocol):
    """Puts speech into words."""

    async def hear(self, sound: bytes, purse: Purse) -> Heard:
        """Each call is paid first. Never raises a ModelError: it is in the answer, beside what the calls cost."""
        ...


@dataclass(frozen=True)
class SpeechPrices:
    """Roubles for a minute; where that is nothing, roubles for a million tokens."""

    minute: float
    tokens: Prices

    def worst(self, sound: bytes) -> Cost:
        """What hearing a recording may cost at most, whatever its header says."""
        return self._lasting(recordings.longest(sound))

    def of(self, sound: bytes, text: str, used: Any) -> Cost:
        """What hearing it cost: by what the server tells, else by the header, else by its size."""
        most = recordings.longest(sound)
        seconds = _number(used, "seconds") or recordings.told(sound) or most
        lasted = min(seconds, most)
        if not (counted := _number(used, "total_tokens")):
            return self._lasting(lasted, most_tokens(text))
        written = _number(used, "output_tokens")
        heard = counted - min(written, counted)
        return Cost(ceil(counted), self._micro(lasted, ceil(heard), ceil(written)))

    def _lasting(self, seconds: float, said: int | None = None) -> Cost:
        heard = ceil(seconds * HEARD_TOKENS)
        written = ceil(seconds * SAID_TOKENS)
        written = written if said is None else min(said, written)
        return Cost(heard + written, self._micro(seconds, heard, written))

    def _micro(self, seconds: float, heard: int, written: int) -> int:
        if self.minute:
            return ceil(seconds / 60 * self.minute * 1e6)
        return self.tokens.cost(heard, written).micro


class ModelEar:
    """The Ear that production runs with."""

    def __init__(self, client: openai.AsyncOpenAI, model: str, prices: SpeechPrices) -> None:
        self._client = client
        self._model = model
        self._prices = prices

    async def hear(self, sound: bytes, purse: Purse) -> Heard:
        heard = Heard()
        for _ in range(CALLS):
            grant = await purse.reserve([self._prices.worst(sound)])
            if grant is None:
                heard.error = BudgetSpent("the budget does not hold what listening may cost")
                return heard
            started = time.monotonic()
            try:
                with in_our_words():
                    text, used = await self._ask(sound)
            except ModelError as error:
                await purse.settle(grant, NOTHING if error.free else None)
                heard.error = error
                heard.calls.append(self._call(error.kind, NOTHING, started))
                if error.permanent:
                    return heard
                continue
            cost = self._prices.of(sound, text, used)
            await purse.settle(grant, cost)
            heard.text, heard.error = text, None
            heard.calls.append(self._call("ok", cost, started))
            return heard
        return heard

    async def _ask(self, sound: bytes) -> tuple[str, Any]:
        told = await self._client.audio.transcriptions.create(
            model=self._model, file=("voice.mp4", sound, "audio/mp4"), timeout=SECONDS
        )
        said = getattr(told, "text", None)
        return (said.strip() if isinstance(said, str) else ""), getattr(told, "usage", None)

    def _call(self, outcome: str, cost: Cost, started: float) -> Call:
        took = round((time.monotonic() - started) * 1000)
        return Call(self._model, outcome, cost.tokens, 0, cost.micro / 1e6, took)


def prices_of(settings: Settings) -> SpeechPrices:
    written = Prices(settings.openai_price_in_rub, settings.openai_price_out_rub)
    return SpeechPrices(settings.openai_audio_price_rub, written)


def from_settings(settings: Settings) -> ModelEar | None:
    """None where no model for speech is set."""
    if not settings.openai_audio_model:
        return None
    client = openai.AsyncOpenAI(
        api_key=settings.openai_api_key.get_secret_value(),
        base_url=settings.openai_base_url,
        max_retries=0,  # each call is paid
        http_client=openai.DefaultAsyncHttpxClient(trust_env=False),
    )
    return ModelEar(client, settings.openai_audio_model, prices_of(settings))


def _number(used: Any, name: str) -> float:
    """A number that the server tells of the call; 0 if it tells none, or nonsense."""
    found = getattr(used, name, None)
    if isinstance(found, int | float) and isfinite(found) and found > 0:
        return float(found)
    return 0.0
