"""Talks with the sandbox's model in this process, by the function that production composes with."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import httpx2
import openai

from bot.assistant.briefing import Subject
from bot.assistant.composing import Brief, Composed, compose
from bot.assistant.paying import BOTTOMLESS, Prices
from bot.assistant.prompt import Line
from bot.assistant.writer import Model, ModelWriter
from bot.sandbox import SandboxConfig, create_app

SUBJECT = Subject(
    title="Обработка от тараканов",
    price="2 000 ₽",
    category="Услуги",
    address=None,
)
MOMENT = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)


@dataclass
class Talk:
    """A model to talk to; `client` and `seller` add a line, `answer` composes a reply."""

    writer: ModelWriter
    http: httpx2.AsyncClient
    subject: Subject = SUBJECT
    lines: list[Line] = field(default_factory=list)

    @classmethod
    def begin(cls) -> "Talk":
        http = httpx2.AsyncClient(
            transport=httpx2.ASGITransport(create_app(SandboxConfig())), base_url="http://sandbox"
        )
        model = openai.AsyncOpenAI(api_key="any", base_url="http://sandbox/v1", http_client=http)
        return cls(ModelWriter(model, [Model("any", Prices(0, 0))]), http)

    def client(self, text: str | None, kind: str = "text") -> "Talk":
        self.lines.append(Line(ours=False, kind=kind, text=text))
        return self

    def seller(self, text: str) -> "Talk":
        self.lines.append(Line(ours=True, kind="text", text=text))
        return self

    async def model_will(self, *words: str) -> "Talk":
        """What the model does with the next calls: a fault of the sandbox, or `content:` and its very words."""
        await self.http.post("/sandbox/faults", json={"next": {"model": list(words)}})
        return self

    async def answer(self, **brief: Any) -> Composed:
        told = Brief(self.subject, tuple(self.lines), MOMENT, **brief)
        return await compose(self.writer, told, BOTTOMLESS)

    async def heard(self) -> Sequence[str]:
        """All that the model was ever sent."""
        state = (await self.http.get("/sandbox/state")).json()
        return [message["content"] for call in state["model_calls"] for message in call["messages"]]
