"""A bot that behaves: the shapes and the refusals of the real one's API, over a world in memory."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import jwt
import uvicorn
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.pages.world import World, stamp
from tests.ports import free_port

RANK = {"viewer": 0, "manager": 1, "owner": 2}


class Problem(HTTPException):
    def __init__(self, status: int, title: str, detail: str, code: str) -> None:
        super().__init__(status, detail)
        self.body = {
            "type": "about:blank",
            "title": title,
            "status": status,
            "detail": detail,
            "code": code,
        }


@dataclass
class FakeBot:
    """`said` counts calls by method and path; `refuse` makes changes fail with a problem."""

    secret: str
    world: World
    said: list[str] = field(default_factory=list)
    refuse: bool = False
    sync_seconds: float = 0.0
    url: str = ""

    def caller(self, request: Request, least: str) -> str:
        """The caller's name, or the problem that says why not."""
        self.said.append(f"{request.method} {request.url.path}")
        try:
            claims = jwt.decode(
                request.headers.get("authorization", "").removeprefix("Bearer "),
                self.secret,
                algorithms=["HS256"],
                audience="avito-assistant-api",
                issuer="avito-assistant",
            )
        except jwt.InvalidTokenError as error:
            raise Problem(401, "Not signed in", str(error), "unauthorized") from error
        if RANK[claims["role"]] < RANK[least]:
            raise Problem(403, "Not allowed", f"this needs the role {least}", "forbidden")
        if self.refuse and request.method != "GET":
            raise Problem(409, "Avito is down", "try again", "avito_down")
        return str(claims["sub"])

    # --- accounts and listings ---

    def accounts(self, request: Request) -> Response:
        self.caller(request, "viewer")
        return JSONResponse({"data": self.world.accounts})

    def oauth_url(self, request: Request) -> Response:
        self.caller(request, "owner")
        url = f"{self.url}/consent"
        return JSONResponse({"url": url, "state": "s-1", "start_url": url})

    def edit(self, body: dict[str, Any], request: Request) -> Response:
        self.caller(request, "owner")
        row = self._one(self.world.accounts, request.path_params["id"])
        row.update({name: body[name] for name in ("zone", "facts") if name in body})
        return JSONResponse({"success": True, "account": row})

    def disconnect(self, request: Request) -> Response:
        self.caller(request, "owner")
        wanted = request.path_params["id"]
        self.world.accounts[:] = [a for a in self.world.accounts if a["id"] != wanted]
        return JSONResponse({"success": True})

    def listings(self, request: Request) -> Response:
        self.caller(request, "viewer")
        asked = request.query_params
        rows = [
            row
            for row in self.world.listings
            if asked.get("q", "").lower() in row["title"].lower()
            and asked.get("status", row["status"]) == row["status"]
        ]
        return JSONResponse(_paged(rows, request))

    def sync(self, request: Request) -> Response:
        """Takes `sync_seconds`, and tells on the account how far it is."""
        self.caller(request, "manager")
        about = self.world.accounts[0]["sync"]
        total = len(self.world.listings)
        about.update(running=True, done=0)
        for done in range(total):
            threading.Event().wait(self.sync_seconds / total)
            about["done"] = done + 1
        about.update(running=False, total=total)
        self.world.accounts[0]["listings"]["synced_at"] = stamp(datetime.now(UTC))
        return JSONResponse({"synced": total, "total": total})

    def toggle(self, body: dict[str, Any], request: Request) -> Response:
        self.caller(request, "manager")
        row = self._one(self.world.listings, request.path_params["id"])
        row["ai_enabled"] = bool(body["enabled"])
        self.world.accounts[0]["listings"]["ai_enabled"] = sum(
            r["ai_enabled"] for r in self.world.listings
        )
        return JSONResponse({"success": True, "listing": row})

    # --- chats ---

    def chats(self, request: Request) -> Response:
        self.caller(request, "viewer")
        asked = request.query_params
        rows = [
            self.world.summary(chat)
            for chat in self.world.chats
            if asked.get("q", "").lower() in (chat["client_name"] + chat["listing_title"]).lower()
            and asked.get("owner", chat["owner"]) == chat["owner"]
        ]
        rows.sort(key=lambda row: str(row["updated_at"]), reverse=True)
        if waiting := asked.get("waiting"):
            awaited = [row for row in rows if row["state"] == "left_to_human"]
            rows = [row for row in rows if row["waiting_since"]] if waiting == "any" else awaited
        return JSONResponse(_paged(rows, request))

    def chat(self, request: Request) -> Response:
        self.caller(request, "viewer")
        chat = self._one(self.world.chats, request.path_params["id"])
        lead = next((x for x in self.world.leads if x["chat_id"] == chat["id"]), None)
        return JSONResponse(self.world.summary(chat) | chat | {"lead": lead})

    def reply(self, body: dict[str, Any], request: Request) -> Response:
        self.caller(request, "manager")
        chat = self._one(self.world.chats, request.path_params["id"])
        self.world.person_says(chat, body["text"])
        return JSONResponse({"success": True})

    def owner(self, body: dict[str, Any], request: Request) -> Response:
        self.caller(request, "manager")
        chat = self._one(self.world.chats, request.path_params["id"])
        self.world.belongs_to(chat, body["owner"], body.get("hours"))
        return JSONResponse({"success": True})

    def settle(self, request: Request) -> Response:
        """As the real one: no answer is needed, the chat waits no more."""
        self.caller(request, "manager")
        chat = self._one(self.world.chats, request.path_params["id"])
        self.world.settled(chat)
        return JSONResponse({"success": True, "chat": self.world.summary(chat)})

    def notices(self, request: Request) -> Response:
        self.caller(request, "viewer")
        fresh = [one for one in self.world.notices if not one["seen"]]
        rows = fresh if request.query_params.get("unseen") else self.world.notices
        about = {"unseen": len(fresh), "channels": ["telegram"]}
        return JSONResponse(_paged(sorted(rows, key=lambda one: -one["id"]), request) | about)

    def all_seen(self, body: dict[str, Any], request: Request) -> Response:
        self.caller(request, "manager")
        fresh = [one for one in self.world.notices if one["id"] <= body["up_to"]]
        for one in fresh:
            one["seen"] = True
        return JSONResponse({"success": True, "seen": len(fresh)})

    def budgets(self, request: Request) -> Response:
        self.caller(request, "viewer")
        return JSONResponse({"data": [self.world.budget(a["id"]) for a in self.world.accounts]})

    def put_budget(self, body: dict[str, Any], request: Request) -> Response:
        self.caller(request, "owner")
        account = self._one(self.world.accounts, request.path_params["id"])
        self.world.limits[account["id"]] = body
        return JSONResponse({"success": True, "budget": self.world.budget(account["id"])})

    def follow_ups(self, request: Request) -> Response:
        self.caller(request, "viewer")
        plan = self.world.plans.get(request.path_params["id"])
        says = [
            {"text": "Ещё актуально?", "own": True, "stopped": None},
            {"text": "Скидка 10 %!", "own": True, "stopped": "guard:discount"},
        ]
        return JSONResponse({"plan": plan, "usual_hours": [24.0], "says": says})

    def put_follow_ups(self, body: dict[str, Any], request: Request) -> Response:
        self.caller(request, "owner")
        self.world.plans[request.path_params["id"]] = body["plan"]
        return JSONResponse({"plan": body["plan"], "usual_hours": [24.0], "says": []})

    def listing_follow_ups(self, body: dict[str, Any], request: Request) -> Response:
        self.caller(request, "manager")
        listing = self._one(self.world.listings, request.path_params["id"])
        listing["follow_ups"] = body["wanted"]
        return JSONResponse({"success": True})

    def backlog(self, request: Request) -> Response:
        self.caller(request, "viewer")
        return JSONResponse({"data": []})

    def drafts(self, request: Request) -> Response:
        self.caller(request, "viewer")
        return JSONResponse({"data": self.world.drafts})

    def hours(self, request: Request) -> Response:
        self.caller(request, "viewer")
        return JSONResponse(self.world.hours)

    def silence(self, request: Request) -> Response:
        self.caller(request, "viewer")
        return JSONResponse({"silenced": False, "since": None, "by": None})

    # --- leads, state ---

    def leads(self, request: Request) -> Response:
        self.caller(request, "viewer")
        wanted = request.query_params.get("status")
        rows = [row for row in self.world.leads if wanted in (None, row["state"])]
        return JSONResponse(_paged(rows, request))

    def retry(self, request: Request) -> Response:
        self.caller(request, "manager")
        lead = self._one(self.world.leads, request.path_params["id"])
        lead.update(state="new", error=None)
        return JSONResponse({"success": True})

    def state(self, request: Request) -> Response:
        self.caller(request, "viewer")
        return JSONResponse(self.world.state())

    def seen(self, request: Request) -> Response:
        self.caller(request, "manager")
        self._one(self.world.notices, request.path_params["id"])["seen"] = True
        return JSONResponse({"success": True})

    def ready(self, request: Request) -> Response:
        self.said.append("GET /health/ready")
        return JSONResponse(self.world.health)

    def consent(self, request: Request) -> Response:
        """In place of Avito's consent page: the owner says yes, and comes back."""
        self.said.append("GET /consent")
        answer = Response(status_code=303)
        answer.headers["location"] = f"{self.world.dashboard}/connection?connected=1001"
        return answer

    @staticmethod
    def _one(rows: list[dict[str, Any]], wanted: Any) -> dict[str, Any]:
        for row in rows:
            if row["id"] == wanted:
                return row
        raise Problem(404, "Not found", "there is no such thing here", "not_found")


def _paged(rows: list[dict[str, Any]], request: Request) -> dict[str, Any]:
    page = int(request.query_params.get("page", 1))
    limit = int(request.query_params.get("limit", 25))
    pages = max(1, -(-len(rows) // limit))
    about = {"page": page, "limit": limit, "total": len(rows), "totalPages": pages}
    return {"data": rows[(page - 1) * limit : page * limit], "pagination": about}


def _with_body(act: Callable[[dict[str, Any], Request], Response]) -> Callable[..., Any]:
    async def handle(request: Request) -> Response:
        return act(await request.json(), request)

    return handle


def application(bot: FakeBot) -> Starlette:
    async def problem(_: Request, error: Exception) -> Response:
        body = getattr(error, "body", {"title": "Error", "status": 404, "detail": "", "code": ""})
        return JSONResponse(body, body["status"], media_type="application/problem+json")

    api = "/api/avito"
    return Starlette(
        exception_handlers={HTTPException: problem},
        routes=[
            Route(f"{api}/accounts", bot.accounts),
            Route(f"{api}/accounts/{{id:int}}", bot.disconnect, methods=["DELETE"]),
            Route(f"{api}/accounts/{{id:int}}", _with_body(bot.edit), methods=["PATCH"]),
            Route(f"{api}/oauth/url", bot.oauth_url),
            Route(f"{api}/listings", bot.listings),
            Route(f"{api}/listings", bot.sync, methods=["POST"]),
            Route(f"{api}/listings/{{id:int}}/ai-toggle", _with_body(bot.toggle), methods=["POST"]),
            Route(f"{api}/chats", bot.chats),
            Route(f"{api}/chats/{{id}}", bot.chat),
            Route(f"{api}/chats/{{id}}/reply", _with_body(bot.reply), methods=["POST"]),
            Route(f"{api}/chats/{{id}}/owner", _with_body(bot.owner), methods=["POST"]),
            Route(f"{api}/chats/{{id}}/no-answer-needed", bot.settle, methods=["POST"]),
            Route(f"{api}/notices", bot.notices),
            Route(f"{api}/notices/seen", _with_body(bot.all_seen), methods=["POST"]),
            Route(f"{api}/budgets", bot.budgets),
            Route(f"{api}/accounts/{{id:int}}/follow-ups", bot.follow_ups),
            Route(
                f"{api}/accounts/{{id:int}}/follow-ups",
                _with_body(bot.put_follow_ups),
                methods=["PUT"],
            ),
            Route(
                f"{api}/listings/{{id:int}}/follow-ups",
                _with_body(bot.listing_follow_ups),
                methods=["POST"],
            ),
            Route(f"{api}/accounts/{{id:int}}/budget", _with_body(bot.put_budget), methods=["PUT"]),
            Route(f"{api}/backlog", bot.backlog),
            Route(f"{api}/drafts", bot.drafts),
            Route(f"{api}/accounts/{{id:int}}/hours", bot.hours),
            Route(f"{api}/silence", bot.silence),
            Route(f"{api}/leads", bot.leads),
            Route(f"{api}/leads/{{id}}/retry", bot.retry, methods=["POST"]),
            Route(f"{api}/state", bot.state),
            Route(f"{api}/notices/{{id:int}}/seen", bot.seen, methods=["POST"]),
            Route("/health/ready", bot.ready),
            Route("/consent", bot.consent),
        ],
    )


@contextmanager
def running(bot: FakeBot, port: int = 0) -> Iterator[FakeBot]:
    """Serves the fake on a free port of this machine, in a thread."""
    port = port or free_port()
    bot.url = f"http://127.0.0.1:{port}"
    config = uvicorn.Config(
        application(bot), host="127.0.0.1", port=port, log_level="error", lifespan="off"
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        threading.Event().wait(0.01)
    try:
        yield bot
    finally:
        server.should_exit = True
        server.force_exit = True
        thread.join()
