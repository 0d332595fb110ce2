"""Clients who keep writing by themselves, for a demo that lives."""

import asyncio
import contextlib
import random
import re
from itertools import count

from bot.sandbox.contents import content_of
from bot.sandbox.hooks import Hooks
from bot.sandbox.records import Chat, Item, Message
from bot.sandbox.scripts import SCRIPTS, Script, Step
from bot.sandbox.world import World

NAMES = [
    "Анна",
    "Игорь",
    "Марина",
    "Олег",
    "Светлана",
    "Павел",
    "Екатерина",
    "Дмитрий",
    "Юлия",
    "Руслан",
    "Наталья",
    "Тимур",
    "Ольга",
    "Артём",
    "Вера",
    "Константин",
    "Лилия",
    "Фёдор",
    "Гульнара",
    "Станислав",
]
PATIENCE = 20
AT_ONCE = 4


class Buyers:
    """Starts and stops the scripted clients; nothing of them outlives the process."""

    def __init__(self, world: World, hooks: Hooks) -> None:
        self._world = world
        self._hooks = hooks
        self._task: asyncio.Task[None] | None = None
        self._dice = random.Random(f"buyers {world.config.seed}")

    @property
    def on(self) -> bool:
        """Whether they are writing."""
        return self._task is not None and not self._task.done()

    def start(self, pace: float, item_ids: list[int]) -> list[str]:
        """Let them write, a line every `pace` seconds or so; returns the scripts' names."""
        self.stop()
        state = self._world.state
        chosen = [state.items[number] for number in item_ids]
        first = next(iter(state.accounts.values()))
        items = chosen or [i for i in self._world.items_of(first) if i.status == "active"]
        self._task = asyncio.create_task(self._run(pace, items))
        return [script.name for script in SCRIPTS]

    def stop(self) -> None:
        """Send everybody home."""
        if self._task is not None:
            self._task.cancel()
            self._task = None

    async def _run(self, pace: float, items: list[Item]) -> None:
        """All scripts in turn, a few at a time, for ever."""
        gate = asyncio.Semaphore(AT_ONCE)
        async with asyncio.TaskGroup() as group:
            for number in count():
                script = SCRIPTS[number % len(SCRIPTS)]
                await gate.acquire()
                name = NAMES[number % len(NAMES)]
                visit = self._visit(script, name, pace, _fitting(items, script, number))
                task = group.create_task(visit)
                task.add_done_callback(lambda _: gate.release())
                await asyncio.sleep(self._some(pace))

    async def _visit(self, script: Script, name: str, pace: float, item: Item) -> None:
        client = self._world.new_client(name)
        chat = self._world.open_chat(item, client, int(self._world.now()))
        for step in script.steps:
            if step.wait:
                await self._answered(chat, pace)
            await asyncio.sleep(self._some(pace * step.pause))
            self._do(chat, step, name)

    async def _answered(self, chat: Chat, pace: float) -> None:
        """Wait until the seller had the last word, or for a long silence."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE * pace):
                while not chat.messages or chat.messages[-1].author_id != chat.account_id:
                    await asyncio.sleep(min(0.2, pace))

    def _do(self, chat: Chat, step: Step, who: str) -> None:
        last = next((m for m in reversed(chat.messages) if m.author_id == chat.account_id), None)
        seller, given = step.by == "seller", {"text": _own(_words(step, last), who, chat.client_id)}
        author = chat.account_id if seller else 0 if step.type == "system" else chat.client_id
        base, name = self._world.config.base_url, self._world.hex(32)
        message = self._world.add(
            chat,
            author_id=author,
            kind=step.type,
            content=content_of(step.type, given, base=base, voice=name),
            sent_via="app" if seller else None,
        )
        self._hooks.tell(message)

    def _some(self, seconds: float) -> float:
        return seconds * self._dice.uniform(0.6, 1.4)


def _words(step: Step, last: Message | None) -> str:
    said = str(last.content.get("text", "")).lower() if last else ""
    for pattern, answer in step.react.items():
        if re.search(pattern, said):
            return answer
    return step.text


def _own(text: str, who: str, client_id: int) -> str:
    """The script's words with this client's name and the end of this client's number."""
    number = f"{client_id % 10_000:04}"
    text = text.replace("{name}", who)
    return re.sub(r"(555[ -])\d\d([ -])\d\d", rf"\g<1>{number[:2]}\g<2>{number[2:]}", text)


def _fitting(items: list[Item], script: Script, number: int) -> Item:
    """A listing that the script is about, or any."""
    about = [item for item in items if script.about in item.title.lower()] or items
    return about[number // len(SCRIPTS) % len(about)]
