"""An account with listings, chats and leads, as the fake bot tells of them."""

import itertools
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

ACCOUNT = 1001
PRICES = (2500, 3900, 1800, 4500, 6000, 990, 12000)
TITLES = (
    "Уничтожение тараканов с гарантией",
    "Обработка от клопов холодным туманом",
    "Дезинсекция квартиры под ключ",
    "Дератизация склада и магазина",
    "Обработка участка от клещей",
    "Уничтожение муравьёв в доме",
    "Обработка от плесени и запаха",
    "Избавим от ос и шершней",
)
PLACES = ("Москва, Тверская", "Химки", "Балашиха", "Мытищи", "Москва, Отрадное")


def stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


@dataclass
class World:
    """`now` is when the story is told; all its moments lie a little before."""

    now: datetime = field(default_factory=lambda: datetime.now(UTC))
    dashboard: str = "http://127.0.0.1:8501"
    accounts: list[dict[str, Any]] = field(default_factory=list)
    listings: list[dict[str, Any]] = field(default_factory=list)
    chats: list[dict[str, Any]] = field(default_factory=list)
    leads: list[dict[str, Any]] = field(default_factory=list)
    notices: list[dict[str, Any]] = field(default_factory=list)
    limits: dict[int, dict[str, Any]] = field(default_factory=dict)
    drafts: list[dict[str, Any]] = field(default_factory=list)
    hours: dict[str, Any] = field(
        default_factory=lambda: {"hours": None, "open_now": None, "opens_at": None}
    )
    plans: dict[int, dict[str, Any] | None] = field(default_factory=dict)
    health: dict[str, Any] = field(default_factory=dict)
    ids: Any = field(default_factory=lambda: itertools.count(1))

    def ago(self, **span: float) -> str:
        return stamp(self.now - timedelta(**span))

    # --- telling the story ---

    def account(self, **changes: Any) -> dict[str, Any]:
        row = {
            "id": ACCOUNT,
            "name": "ДезЭксперт Москва",
            "url": "https://avito.ru/user/1001",
            "zone": "Europe/Moscow",
            "facts": "Работаем без выходных с 9 до 21.",
            "connected_at": self.ago(days=40),
            "state": "connected",
            "state_detail": None,
            "token": {
                "state": "valid",
                "expires_at": stamp(self.now + timedelta(hours=17)),
                "renewed_at": self.ago(hours=7),
            },
            "webhook": {
                "state": "subscribed",
                "last_heard_at": self.ago(minutes=2),
                "checked_at": self.ago(minutes=9),
            },
            "listings": {"total": 0, "ai_enabled": 0, "synced_at": self.ago(hours=3)},
            "sync": {"running": False, "done": 0, "total": None},
        }
        self.accounts.append(row | changes)
        return row | changes

    def listing(self, title: str, *, on: bool, status: str = "active") -> dict[str, Any]:
        n = next(self.ids)
        row = {
            "id": 70_000 + n,
            "account_id": ACCOUNT,
            "title": title,
            "price": PRICES[n % len(PRICES)],
            "status": status,
            "category": "Предложение услуг",
            "address": PLACES[n % len(PLACES)],
            "url": f"https://avito.ru/{70_000 + n}",
            "ai_enabled": on,
            "updated_at": self.ago(hours=n),
        }
        self.listings.append(row)
        about = self.accounts[0]["listings"]
        about["total"] += 1
        about["ai_enabled"] += on
        return row

    def chat(self, client: str, listing: dict[str, Any], **changes: Any) -> dict[str, Any]:
        row = {
            "id": f"u2i-{next(self.ids)}~Ab",
            "account_id": ACCOUNT,
            "listing_id": listing["id"],
            "listing_title": listing["title"],
            "listing_price": listing["price"],
            "ai_enabled": listing["ai_enabled"],
            "client_name": client,
            "chat_type": "u2i",
            "owner": "assistant",
            "owner_until": None,
            "owner_since": None,
            "owner_reason": None,
            "state": "quiet",
            "lead_id": None,
            "messages": [],
            "replies": [],
        }
        self.chats.append(row | changes)
        return self.chats[-1]

    def says(self, chat: dict[str, Any], text: str | None, at: str, **more: Any) -> dict[str, Any]:
        row = {
            "id": f"m-{next(self.ids)}",
            "at": at,
            "author": "client",
            "kind": "text",
            "text": text,
            "image_url": None,
            "verdict": None,
            "verdict_reason": None,
            "verdict_at": None,
            "reply_id": None,
            "found_by": "webhook",
        }
        chat["messages"].append(row | more)
        return chat["messages"][-1]  # type: ignore[no-any-return]

    def answers(self, chat: dict[str, Any], text: str, at: str, **more: Any) -> None:
        """The assistant's reply to the client messages that have no verdict yet."""
        reply_id = f"r-{next(self.ids)}"
        open_ones = [m for m in chat["messages"] if m["author"] == "client" and not m["verdict"]]
        for message in open_ones:
            message.update(verdict="merged", verdict_at=at, reply_id=reply_id)
        if open_ones:
            open_ones[-1]["verdict"] = "answered"
        sent = self.says(chat, text, at, author="assistant", reply_id=reply_id)
        chat["replies"].append(
            {
                "id": reply_id,
                "at": at,
                "author": "assistant",
                "state": "sent",
                "text": text,
                "sent_message_id": sent["id"],
                "sent_at": at,
                "attempts": 1,
                "prompt_version": "pest-7",
                "model": "gpt-4o-mini",
                "tokens_in": 1184,
                "tokens_out": 64,
                "cost_rub": 0.042,
                "latency_ms": 1830,
                "intent": "price",
                "error": None,
                "covers": [m["id"] for m in open_ones],
            }
            | more
        )

    def lead(self, chat: dict[str, Any], state: str, **fields: Any) -> dict[str, Any]:
        row = {
            "id": f"l-{next(self.ids)}",
            "account_id": ACCOUNT,
            "chat_id": chat["id"],
            "listing_id": chat["listing_id"],
            "listing_title": chat["listing_title"],
            "state": state,
            "crm": "dezexpert",
            "crm_lead_id": "D-10480" if state == "sent" else None,
            "fields": {"name": chat["client_name"], "phone": "+7 916 000-00-00"} | fields,
            "created_at": self.ago(minutes=50),
            "updated_at": self.ago(minutes=49),
            "attempts": 1,
            "next_attempt_at": None,
            "error": "CRM answered 503" if state == "failed" else None,
            "history": [
                {"at": self.ago(minutes=50), "state": "new", "detail": None},
                {"at": self.ago(minutes=50), "state": "sending", "detail": None},
                {"at": self.ago(minutes=49), "state": state, "detail": None},
            ],
        }
        chat["lead_id"] = row["id"]
        self.leads.append(row)
        return row

    # --- what the API tells and changes ---

    def summary(self, chat: dict[str, Any]) -> dict[str, Any]:
        """The chat as it stands in lists."""
        row = {k: v for k, v in chat.items() if k not in {"messages", "replies"}}
        last = chat["messages"][-1] if chat["messages"] else None
        open_ones = [m for m in chat["messages"] if m["author"] == "client" and not m["verdict"]]
        return row | {
            "last_message": last and {k: last[k] for k in ("at", "author", "kind", "text")},
            "waiting_since": open_ones[0]["at"] if open_ones else None,
            "unanswered": len(open_ones),
            "created_at": chat["messages"][0]["at"] if last else None,
            "updated_at": last["at"] if last else None,
        }

    def person_says(self, chat: dict[str, Any], text: str) -> None:
        self.says(chat, text, stamp(datetime.now(UTC)), author="human_dashboard")
        for message in chat["messages"]:
            if message["author"] == "client" and not message["verdict"]:
                message.update(verdict="left_to_human", verdict_reason="human_wrote")
        self.belongs_to(chat, "human", 12, "human_wrote")

    def belongs_to(
        self, chat: dict[str, Any], owner: str, hours: float | None, reason: str = "taken"
    ) -> None:
        until = datetime.now(UTC) + timedelta(hours=hours or 12)
        is_human = owner == "human"
        chat.update(
            owner=owner,
            owner_until=stamp(until) if is_human else None,
            owner_since=stamp(datetime.now(UTC)),
            owner_reason=reason if is_human else "given_back",
        )

    def settled(self, chat: dict[str, Any]) -> None:
        for message in chat["messages"]:
            if message["author"] == "client" and not message["verdict"]:
                message.update(verdict="left_to_human", verdict_reason="no_answer_needed")
        chat["state"] = "quiet"

    def budget(self, account_id: int) -> dict[str, Any]:
        none = {"day_rub": None, "month_rub": None, "day_tokens": None, "month_tokens": None}
        spent = {"held_rub": 0.4, "held_tokens": 900, "refused": 0}
        days = [(self.now - timedelta(days=n)).date() for n in reversed(range(14))]
        return {
            "account_id": account_id,
            "limits": none | self.limits.get(account_id, {}),
            "today": spent | {"rub": 38.2, "tokens": 61_000, "calls": 74},
            "month": spent | {"rub": 812.6, "tokens": 1_240_000, "calls": 1490},
            "forecast_rub": 1050.0,
            "forecast_tokens": 1_600_000,
            "step": "full",
            "days": [
                {"day": f"{day}", "rub": 30 + 3 * (n % 5), "tokens": 50_000 + 900 * n}
                for n, day in enumerate(days)
            ],
            "model": "big-writer",
            "cheap_model": "small-writer",
            "priced": True,
        }

    def state(self) -> dict[str, Any]:
        waiting = sum(bool(self.summary(c)["waiting_since"]) for c in self.chats)
        return {
            "version": "0.1.0",
            "started_at": self.ago(hours=30),
            "now": stamp(datetime.now(UTC)),
            "queues": {
                "inbox": 0,
                "waiting_chats": waiting,
                "open_replies": 1,
                "open_leads": 1,
                "unpublished_events": 0,
            },
            "ages": {
                "oldest_waiting_s": 14.0,
                "oldest_open_reply_s": 2.5,
                "oldest_unpublished_event_s": None,
            },
            "replies": {"intended": 0, "sending": 1, "sent": 4210, "unknown": 0, "dropped": 37},
            "webhook": {
                "acks": 9120,
                "p50_ms": 3.1,
                "p99_ms": 18.4,
                "over_2s": 0,
                "budget_left": 1.0,
            },
            "found_24h": {"webhook": 412, "sweep": 6, "reading": 2},
            "lake": {"ok": True, "detail": "", "position": 88_412, "lag_s": 0.4},
            "jobs": [
                {
                    "name": name,
                    "last_run_at": self.ago(minutes=minutes),
                    "ok": ok,
                    "detail": detail,
                    "next_run_at": stamp(self.now + timedelta(minutes=minutes)),
                }
                for name, minutes, ok, detail in (
                    ("token_renewal", 4, True, ""),
                    ("listing_sync", 50, True, ""),
                    ("webhook_check", 9, True, ""),
                    ("forgetting", 31, True, ""),
                    ("statistics", 380, False, "Avito answered 429"),
                )
            ],
            "notices": self.notices,
        }


def ordinary() -> World:
    """A day like many: some chats answered, one waiting, one with a person, leads in all states."""
    world = World()
    world.account()
    for n in range(32):
        status = "old" if n % 7 == 6 else "active"
        world.listing(TITLES[n % len(TITLES)], on=n % 3 != 2 and status == "active", status=status)
    _a_chat_with_everything(world)
    _a_chat_that_waits(world)
    _a_chat_of_a_person(world)
    for n, name in enumerate(("Ирина", "Павел С.", "Олег", "Светлана", "Дмитрий К.", "Гульнара")):
        chat = world.chat(name, world.listings[n + 5])
        world.says(chat, "Сколько стоит обработать двушку?", world.ago(hours=3 * n + 3))
        world.answers(
            chat,
            "Двухкомнатная квартира — от 3 900 ₽, с гарантией год. На какой день записать?",
            world.ago(hours=3 * n + 3, seconds=-12),
        )
    world.lead(world.chats[3], "failed", pestType="тараканы", address="Химки, Юбилейный пр-т")
    world.lead(world.chats[4], "sending", pestType="клопы")
    world.lead(world.chats[5], "sent", pestType="муравьи", objectType="дом", rooms=4)
    world.notices.append(
        {
            "id": 1,
            "at": world.ago(minutes=25),
            "kind": "webhook_taken",
            "account_id": ACCOUNT,
            "detail": "https://other.example/hook",
            "seen": False,
            "chat_id": None,
            "reason": None,
            "channels": [],
        }
    )
    _a_call_for_a_person(world)
    names = ("database", "lake", "avito", "model", "crm", "workers", "data")
    world.health = {"status": "ok", "checks": {n: {"ok": True, "detail": ""} for n in names}}
    return world


def _a_call_for_a_person(world: World) -> None:
    """A chat where the client asked for a person a while ago, and the manager was told by Telegram."""
    chat = world.chat(
        "Тимур",
        world.listings[2],
        owner="human",
        owner_reason="asked_for_human",
        state="left_to_human",
    )
    world.says(chat, "Позовите, пожалуйста, человека", world.ago(minutes=14))
    chat["messages"][-1].update(verdict="left_to_human", verdict_reason="asked_for_human")
    told = {
        "channel": "telegram",
        "state": "sent",
        "attempts": 1,
        "sent_at": world.ago(minutes=13),
        "next_attempt_at": None,
        "error": None,
    }
    world.notices.append(
        {
            "id": 2,
            "at": world.ago(minutes=14),
            "kind": "hand_off",
            "account_id": ACCOUNT,
            "detail": "",
            "seen": False,
            "chat_id": chat["id"],
            "reason": "asked_for_human",
            "client_name": "Тимур",
            "listing_title": chat["listing_title"],
            "channels": [told],
        }
    )


def _a_chat_with_everything(world: World) -> None:
    chat = world.chat("Марина", world.listings[0])
    world.says(chat, "Добрый день!", world.ago(hours=25))
    world.says(chat, "У нас тараканы в двушке, сколько будет стоить?", world.ago(hours=24.99))
    world.answers(
        chat,
        "Здравствуйте! Двухкомнатная квартира — 3 900 ₽, гарантия год. Когда вам удобно?",
        world.ago(hours=24.98),
    )
    world.says(
        chat,
        None,
        world.ago(minutes=64),
        kind="image",
        image_url="https://avito.st/photo.jpg",
        verdict="not_text",
        verdict_reason="not_text",
    )
    world.says(
        chat,
        "Завтра после шести можно? Мой номер 8 916 000 00 00",
        world.ago(minutes=52),
    )
    world.answers(
        chat,
        "Да, завтра с 18 до 20 есть окно. Записала вас, мастер позвонит за час. Какой адрес?",
        world.ago(minutes=51.8),
        intent="booking",
    )
    world.says(chat, "Профсоюзная 12, домофон 45", world.ago(minutes=40))
    world.answers(
        chat, "Спасибо! Ждите мастера завтра с 18 до 20.", world.ago(minutes=39.8), intent="booking"
    )
    world.says(
        chat, "Пользователь подтвердил номер", world.ago(minutes=39), author="avito", kind="system"
    )
    world.lead(
        chat,
        "sent",
        pestType="тараканы",
        objectType="квартира",
        rooms=2,
        previousTreatment=False,
        address="Профсоюзная 12",
        expectedDate="завтра, 18–20",
    )


def _a_chat_that_waits(world: World) -> None:
    chat = world.chat("Антон", world.listings[1], state="answering")
    world.says(chat, "А клопов за один раз выведете?", world.ago(seconds=14))


def _a_chat_of_a_person(world: World) -> None:
    chat = world.chat(
        "Елена В.",
        world.listings[2],
        owner="human",
        owner_until=stamp(world.now + timedelta(hours=9)),
        owner_since=world.ago(hours=3),
        owner_reason="complaint",
        state="left_to_human",
    )
    world.says(
        chat,
        "После вашей обработки тараканы вернулись через неделю!",
        world.ago(hours=3),
        verdict="left_to_human",
        verdict_reason="complaint",
    )
    world.says(
        chat,
        "Елена, приедем бесплатно по гарантии. Завтра в 11 удобно?",
        world.ago(hours=2.5),
        author="human_app",
    )
    world.says(
        chat,
        "Да, жду",
        world.ago(hours=2.4),
        verdict="left_to_human",
        verdict_reason="human_wrote",
    )
