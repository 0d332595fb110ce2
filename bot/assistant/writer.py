"""Asks a language model over OpenAI's chat completions; works with servers that know no schema too."""

import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from functools import partial
from typing import Any, Protocol

import openai
from httpx2 import Limits

from bot.assistant import answer, prompt
from bot.assistant.asking_model import in_our_words
from bot.assistant.paying import NOTHING, Prices, Purse
from bot.errors import BudgetSpent, ModelError, ModelUnusable
from bot.model import Cost, Draft
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
    """What came of asking: a draft or the error, and the calls that it took.

    `only_draft`: so little is left of the budget that a manager should look before anything is sent.
    """

    draft: Draft | None = None
    error: ModelError | None = None
    calls: list[Call] = field(default_factory=list)
    only_draft: bool = False


def as_it_is(said: answer.Answer) -> answer.Answer:
    return said


class Writer(Protocol):
    """Writes replies."""

    async def write(
        self,
        messages: Sequence[dict[str, Any]],
        client_said: str,
        purse: Purse,
        judge: answer.Judge = as_it_is,
    ) -> Written:
        """What `judge` calls Unsound the model is asked to mend. Each call is paid first.

        Never raises a ModelError: it is in the answer, beside what the calls cost.
        """
        ...

    async def close(self) -> None: ...


@dataclass
class Model:
    """A model at the server. `formats` are what it may know, best first; those that it refused are gone."""

    name: str
    prices: Prices
    formats: list[dict[str, Any] | None] = field(
        default_factory=lambda: [_json_schema(), {"type": "json_object"}, None]
    )

    def worst(self, talk: Sequence[dict[str, Any]]) -> Cost:
        return self.prices.worst(talk, prompt.schema(), LONGEST_ANSWER)


class ModelWriter:
    """The Writer that production runs with."""

    def __init__(self, client: openai.AsyncOpenAI, models: Sequence[Model]) -> None:
        self._client = client
        self._models = models  # the best first, then the cheaper

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
        return cls(client, models_of(settings))

    async def write(
        self,
        messages: Sequence[dict[str, Any]],
        client_said: str,
        purse: Purse,
        judge: answer.Judge = as_it_is,
    ) -> Written:
        written, talk = Written(), [*messages]
        while written.draft is None and written.error is None:
            grant = await purse.reserve([model.worst(talk) for model in self._models])
            if grant is None:
                written.error = BudgetSpent("the budget does not hold what a reply may cost")
                break
            model, started = self._models[grant.offer], time.monotonic()
            written.only_draft |= grant.step == "drafts"
            try:
                with in_our_words():
                    said, used = await self._ask_in_best_format(model, talk)
            except ModelError as error:
                await purse.settle(grant, NOTHING if error.free else None)
                written.error = error
                written.calls.append(_call(model, error.kind, None, started))
                continue
            await purse.settle(grant, _cost(model, used))
            read = partial(answer.read, said, client_said, judge)
            self._judge(written, talk, read, partial(_call, model, used=used, started=started))
        return written

    def _judge(
        self,
        written: Written,
        talk: list[dict[str, Any]],
        read: Callable[[], answer.Answer],
        call: Callable[[str], Call],
    ) -> None:
        """Makes a draft of a sound answer; else tells the model what to mend, as long as calls are left."""
        try:
            sound = read()
        except answer.Unsound as wrong:
            written.calls.append(call("unsound"))
            if len(written.calls) >= CALLS:
                written.error = ModelUnusable("the model's answers were unsound")
            # Not as a turn of the talk: the client never saw it, and nonsense in the talk breeds nonsense.
            talk.append({"role": "system", "content": f"Прошлый ответ нельзя отправить. {wrong}"})
            return
        written.calls.append(call("ok"))
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

    async def _ask_in_best_format(
        self, model: Model, talk: Sequence[dict[str, Any]]
    ) -> tuple[str | None, Any]:
        """A server that does not know a format says 400; the first simpler one that it takes is asked for ever after."""
        known = model.formats  # others may find out at the same time
        for place, form in enumerate(known):
            try:
                done = await self._client.chat.completions.create(
                    model=model.name,
                    messages=list(talk),
                    max_tokens=LONGEST_ANSWER,
                    temperature=0.3,
                    **({"response_format": form} if form else {}),  # type: ignore[call-overload]
                )
            except openai.BadRequestError:
                if form is None:
                    raise
                continue
            model.formats = known[place:]
            choices = getattr(done, "choices", None)
            return (choices[0].message.content if choices else None), getattr(done, "usage", None)
        raise AssertionError("the last format returns or raises")

    async def close(self) -> None:
        await self._client.close()


def models_of(settings: Settings) -> list[Model]:
    """The model that writes, and the cheaper one that takes over when the budget runs short, if there is one."""
    found = [
        Model(
            settings.openai_model,
            Prices(settings.openai_price_in_rub, settings.openai_price_out_rub),
        )
    ]
    if settings.openai_cheap_model:
        prices = Prices(settings.openai_cheap_price_in_rub, settings.openai_cheap_price_out_rub)
        found.append(Model(settings.openai_cheap_model, prices))
    return found


def _call(model: Model, outcome: str, used: Any, started: float) -> Call:
    tokens_in, tokens_out = _tokens(used)
    took = round((time.monotonic() - started) * 1000)
    cost = model.prices.of(tokens_in, tokens_out)
    return Call(model.name, outcome, tokens_in, tokens_out, cost, took)


def _cost(model: Model, used: Any) -> Cost | None:
    """What the call cost; None if the server does not say."""
    return model.prices.cost(*_tokens(used)) if used is not None else None


def _tokens(used: Any) -> tuple[int, int]:
    return getattr(used, "prompt_tokens", 0) or 0, getattr(used, "completion_tokens", 0) or 0


def _json_schema() -> dict[str, Any]:
    return {
        "type": "json_schema",
        "json_schema": {"name": "answer", "strict": True, "schema": prompt.schema()},
    }
