"""Asks a language model over OpenAI's chat completions; works with servers that know no schema too."""

import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Protocol

import openai
from httpx2 import Limits

from bot.assistant import answer, prompt
from bot.errors import ModelBusy, ModelError, ModelUnusable
from bot.model import Draft
from bot.settings import Settings

CALLS = 3
"""Calls for one draft at most: the first, and two to mend what was unsound."""

LONGEST_ANSWER = 1200
"""Tokens; a reply of 1000 characters in Russian with its fields needs about 700."""


@dataclass(frozen=True)
class Call:
    """One call of the model, for the log. `outcome` is `ok`, `unsound`, or the kind of the error."""

    model: str
    outcome: str
    tokens_in: int
    tokens_out: int
    cost_rub: float
    latency_ms: int


@dataclass
class Written:
    """What came of asking: a draft or the error, and the calls that it took."""

    draft: Draft | None = None
    error: ModelError | None = None
    calls: list[Call] = field(default_factory=list)


class Writer(Protocol):
    """Writes replies."""

    async def write(self, messages: Sequence[dict[str, str]], client_said: str) -> Written:
        """Never raises a ModelError: it is in the answer, beside what the calls cost."""
        ...

    async def close(self) -> None: ...


@dataclass(frozen=True)
class Prices:
    """Roubles for a million tokens."""

    tokens_in: float
    tokens_out: float

    def of(self, tokens_in: int, tokens_out: int) -> float:
        return (tokens_in * self.tokens_in + tokens_out * self.tokens_out) / 1e6


class ModelWriter:
    """The Writer that production runs with."""

    def __init__(self, client: openai.AsyncOpenAI, model: str, prices: Prices) -> None:
        self._client = client
        self._model = model
        self._prices = prices
        self._formats = [
            _json_schema(),
            {"type": "json_object"},
            None,
        ]  # what the server may know, best first

    @classmethod
    def from_settings(cls, settings: Settings) -> "ModelWriter":
        client = openai.AsyncOpenAI(
            api_key=settings.openai_api_key.get_secret_value(),
            base_url=settings.openai_base_url,
            max_retries=0,  # the answering job has a budget of its own
            http_client=openai.DefaultAsyncHttpxClient(
                timeout=openai.Timeout(settings.model_timeout_seconds, connect=5.0),
                limits=Limits(max_connections=2000, max_keepalive_connections=100),
                trust_env=False,
            ),
        )
        return cls(
            client,
            settings.openai_model,
            Prices(settings.openai_price_in_rub, settings.openai_price_out_rub),
        )

    async def write(self, messages: Sequence[dict[str, str]], client_said: str) -> Written:
        written, talk = Written(), [*messages]
        while written.draft is None and written.error is None:
            started = time.monotonic()
            try:
                said, used = await self._ask(talk)
            except ModelError as error:
                written.error = error
                written.calls.append(self._call(error.kind, None, started))
                continue
            self._judge(written, talk, said, used, client_said, started)
        return written

    def _judge(
        self,
        written: Written,
        talk: list[dict[str, str]],
        said: str | None,
        used: Any,
        client_said: str,
        started: float,
    ) -> None:
        """Makes a draft of a sound answer; else tells the model what to mend, as long as calls are left."""
        try:
            sound = answer.read(said, client_said)
        except answer.Unsound as wrong:
            written.calls.append(self._call("unsound", used, started))
            if len(written.calls) >= CALLS:
                written.error = ModelUnusable("the model's answers were unsound")
            # Not as a turn of the talk: the client never saw it, and nonsense in the talk breeds nonsense.
            talk.append({"role": "system", "content": f"Прошлый ответ нельзя отправить. {wrong}"})
            return
        written.calls.append(self._call("ok", used, started))
        written.draft = self._draft(sound, written.calls)

    def _draft(self, sound: answer.Answer, calls: Sequence[Call]) -> Draft:
        words = asdict(sound) | {"lead": sound.lead}
        return Draft(
            **words,
            model=calls[-1].model,
            tokens_in=sum(call.tokens_in for call in calls),
            tokens_out=sum(call.tokens_out for call in calls),
            cost_rub=sum(call.cost_rub for call in calls),
            latency_ms=sum(call.latency_ms for call in calls),
        )

    def _call(self, outcome: str, used: Any, started: float) -> Call:
        tokens_in, tokens_out = (
            getattr(used, "prompt_tokens", 0) or 0,
            getattr(used, "completion_tokens", 0) or 0,
        )
        cost = self._prices.of(tokens_in, tokens_out)
        return Call(
            self._model,
            outcome,
            tokens_in,
            tokens_out,
            cost,
            round((time.monotonic() - started) * 1000),
        )

    async def _ask(self, talk: Sequence[dict[str, str]]) -> tuple[str | None, Any]:
        """The model's words and what they cost in tokens. Raises ModelError."""
        try:
            return await self._ask_in_best_format(talk)
        except (openai.APITimeoutError, openai.APIConnectionError) as error:
            raise ModelBusy(type(error).__name__) from error
        except openai.APIStatusError as error:
            if error.status_code in {408, 409, 425, 429} or error.status_code >= 500:
                busy = ModelBusy(f"HTTP {error.status_code}")
                busy.retry_after = _seconds(error.response.headers.get("retry-after"))
                raise busy from error
            raise ModelUnusable(f"HTTP {error.status_code}") from error
        except openai.OpenAIError as error:
            raise ModelUnusable(type(error).__name__) from error

    async def _ask_in_best_format(self, talk: Sequence[dict[str, str]]) -> tuple[str | None, Any]:
        """A server that does not know a format says 400; the first simpler one that it takes is asked for ever after."""
        for place, form in enumerate(self._formats):
            try:
                done = await self._client.chat.completions.create(
                    model=self._model,
                    messages=list(talk),
                    max_tokens=LONGEST_ANSWER,
                    temperature=0.3,
                    **({"response_format": form} if form else {}),  # type: ignore[call-overload]
                )
            except openai.BadRequestError:
                if form is None:
                    raise
                continue
            self._formats = self._formats[place:]
            choices = getattr(done, "choices", None)
            return (choices[0].message.content if choices else None), getattr(done, "usage", None)
        raise AssertionError("the last format returns or raises")

    async def close(self) -> None:
        await self._client.close()


def _json_schema() -> dict[str, Any]:
    return {
        "type": "json_schema",
        "json_schema": {"name": "answer", "strict": True, "schema": prompt.schema()},
    }


def _seconds(said: str | None) -> float | None:
    try:
        return float(said) if said else None
    except ValueError:
        return None
