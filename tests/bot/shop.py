"""A town with an account that is connected, a listing that is on, and an assistant at work on a clock that tests set."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from bot.jobs.answering import Answering
from bot.jobs.hearing import Hearing
from bot.store.tables import chat as chats
from tests.bot.town import ACCOUNT, LISTING, Town, call


@dataclass
class Shop:
    """What clients, people and the seller do, and what came of it."""

    town: Town

    async def says(self, text: str, *, chat: str | None = None, **more: Any) -> str:
        """A client writes, the webhook tells, and it is understood; the chat's id."""
        given = {"item_id": LISTING, "text": text, "client": "Анна", **more}
        if chat is not None:
            given["chat_id"] = chat
        return await self._spoken(await self.town.act("say", silent=True, **given))

    async def person_says(self, chat: str, text: str) -> None:
        """A person of the seller writes in the Avito app."""
        await self._spoken(await self.town.act("seller-says", silent=True, chat_id=chat, text=text))

    async def passes(self, **span: float) -> None:
        """Time passes, for everybody; then all that is due is done."""
        self.town.time.advance(**span)
        seconds = sum(n * {"seconds": 1, "minutes": 60, "hours": 3600}[u] for u, n in span.items())
        await self.town.act("time", advance=seconds)
        self.town.bot.bells.chats.ring()
        async with asyncio.timeout(20):
            while await self._is_busy():
                await asyncio.sleep(0.02)

    async def chat(self, chat: str) -> dict[str, Any]:
        found: dict[str, Any] = await self.town.get(f"/api/avito/chats/{chat}")
        return found

    async def verdicts(self, chat: str) -> list[tuple[str | None, str | None]]:
        """Verdict and reason of the client's messages, oldest first."""
        lines = (await self.chat(chat))["messages"]
        return [(m["verdict"], m["verdict_reason"]) for m in lines if m["author"] == "client"]

    async def sent(self, chat: str) -> list[str]:
        """What the bot sent into a chat, as Avito has it."""
        state = (await self.town.sandbox.get("/sandbox/state", params={"chat_id": chat})).json()
        lines = [m for one in state["chats"] if one["id"] == chat for m in one["messages"]]
        return [m["content"]["text"] for m in lines if m.get("sent_via") == "api"]

    async def prompts(self) -> list[Any]:
        """What the model was asked, each time."""
        calls = (await self.town.outside())["model_calls"]
        return [one["messages"] for one in calls]

    async def does(self, method: str, path: str, **body: Any) -> Any:
        """A request of the owner's that must be good; its answer."""
        answer = await self.town.ask(method, f"/api/avito/{path}", json=body)
        assert 200 == answer.status_code, answer.text
        return answer.json()

    async def mode(self, mode: str, **more: Any) -> None:
        await self.does("POST", f"listings/{LISTING}/mode", mode=mode, **more)

    async def _spoken(self, said: dict[str, Any]) -> str:
        chat = str(said["chat_id"])
        state = (await self.town.sandbox.get("/sandbox/state", params={"chat_id": chat})).json()
        [where] = [one for one in state["chats"] if one["id"] == chat]
        [line] = [one for one in where["messages"] if one["id"] == said["message_id"]]
        told = {name: line[name] for name in ("author_id", "created", "type", "content")}
        body = call(line["id"], chat_id=chat, item_id=where["item_id"], **told)
        answer = await self.town.api.post(self.town.hook_path(ACCOUNT), json=body)
        assert 200 == answer.status_code, answer.text
        await self.town.bot.store.write(Hearing(self.town.bot).take_in)
        return chat

    async def _is_busy(self) -> bool:
        busy = (chats.c.due_at <= self.town.bot.now()) | chats.c.lease_until.is_not(None)
        return bool(
            await self.town.bot.store.read(lambda tx: tx.scalar(chats.select().where(busy)))
        )


@asynccontextmanager
async def open_shop(town: Town) -> AsyncIterator[Shop]:
    await town.connect()
    await town.ask("POST", f"/api/avito/listings/{LISTING}/ai-toggle", json={"enabled": True})
    at_work = asyncio.create_task(Answering(town.bot).run())
    try:
        yield Shop(town)
    finally:
        at_work.cancel()
        await asyncio.gather(at_work, return_exceptions=True)
