"""Avito's messenger: chats, messages, images, voices, the blacklist."""

from email import message_from_bytes
from email.message import Message as EmailMessage
from typing import Any

from bot.sandbox.answers import Answer, invalid, shape_a
from bot.sandbox.door import Call
from bot.sandbox.records import Chat, Message, Picture

DELETE_WITHIN = 3600
LONGEST_TEXT = 1000
LARGEST_IMAGE = 24 * 1024 * 1024
STATUS_IDS = {"active": 10, "removed": 20}


def chats(call: Call) -> Answer:
    """GET /messenger/v2/accounts/{user_id}/chats, newest first."""
    limit, offset = call.number("limit", 100, 1, 100), call.number("offset", 0, 0, 1000)
    kinds = call.words("chat_types") or ["u2i"]
    items = set(call.words("item_ids"))
    unread_only = call.request.query_params.get("unread_only", "false").lower() in {"true", "1"}
    found = [
        chat
        for chat in call.world.state.chats.values()
        if chat.account_id == call.account.id
        and chat.type in kinds
        and (not items or str(chat.item_id) in items)
        and (not unread_only or _unread(chat))
    ]
    found.sort(key=lambda chat: chat.updated, reverse=True)
    return Answer(body={"chats": [_chat(call, chat) for chat in found[offset : offset + limit]]})


def chat(call: Call) -> Answer:
    """GET /messenger/v2/accounts/{user_id}/chats/{chat_id}."""
    return Answer(body=_chat(call, _own_chat(call)))


def history(call: Call) -> Answer:
    """GET /messenger/v3/accounts/{user_id}/chats/{chat_id}/messages/, newest first."""
    thread = _own_chat(call)
    limit, offset = call.number("limit", 100, 1, 100), call.number("offset", 0, 0, 1000)
    now, bare = call.world.now(), call.world.weather.faults.bare_array_messages
    shown = [message for message in reversed(thread.messages) if message.shown_from <= now]
    page = [_line(thread, message, bare) for message in shown[offset : offset + limit]]
    if bare:
        return Answer(body=page)
    more = len(shown) > offset + limit
    return Answer(body={"messages": page, "meta": {"has_more": more}})


def send(call: Call) -> Answer:
    """POST …/chats/{chat_id}/messages: a text of at most 1000 characters."""
    thread = _own_chat(call)
    body = call.body if isinstance(call.body, dict) else {}
    message = body.get("message")
    text = message.get("text") if isinstance(message, dict) else None
    if body.get("type") != "text":
        raise invalid(type="must be text")
    if not isinstance(text, str) or not text.strip():
        raise invalid(text="must not be empty")
    if len(text) > LONGEST_TEXT:
        raise invalid(text=f"must be at most {LONGEST_TEXT} characters")
    return _say(call, thread, "text", {"text": text})


def send_image(call: Call) -> Answer:
    """POST …/chats/{chat_id}/messages/image: an image that was uploaded before."""
    thread = _own_chat(call)
    body = call.body if isinstance(call.body, dict) else {}
    picture = call.world.state.pictures.get(str(body.get("image_id")))
    if picture is None or picture.account_id != call.account.id:
        raise invalid(image_id="unknown image")
    return _say(call, thread, "image", {"image": {"sizes": picture.sizes}})


def upload(call: Call) -> Answer:
    """POST /messenger/v1/accounts/{user_id}/uploadImages, one image of at most 24 MB."""
    media_type, picture = _uploaded(call)
    if media_type.removeprefix("image/") not in {"jpeg", "jpg", "heic", "gif", "bmp", "png"}:
        raise invalid(**{"uploadfile[]": "JPEG, HEIC, GIF, BMP or PNG is needed"})
    if len(picture) > LARGEST_IMAGE:
        raise invalid(**{"uploadfile[]": "at most 24 MB"})
    sizes = image_sizes(call.world.config.base_url, call.world.hex(10))
    image_id = f"{call.account.id % 100000}.{call.world.hex(20)}"
    call.world.state.pictures[image_id] = Picture(call.account.id, sizes)
    call.world.changed()
    return Answer(body={image_id: sizes})


def _uploaded(call: Call) -> tuple[str, bytes]:
    """Media type and bytes of the one image in a multipart request."""
    head = f"Content-Type: {call.request.headers.get('content-type', '')}\r\n\r\n"
    whole = message_from_bytes(head.encode() + call.raw)
    parts = whole.get_payload() if whole.is_multipart() else []
    given = [
        part
        for part in parts
        if isinstance(part, EmailMessage)
        and part.get_param("name", header="content-disposition") == "uploadfile[]"
    ]
    if len(given) != 1:
        raise invalid(**{"uploadfile[]": "one image is needed"})
    body = given[0].get_payload(decode=True)
    return given[0].get_content_type(), body if isinstance(body, bytes) else b""


def delete(call: Call) -> Answer:
    """POST …/messages/{message_id}: own messages, within an hour."""
    thread = _own_chat(call)
    message = next((m for m in thread.messages if m.id == call.path["message_id"]), None)
    if message is None:
        raise shape_a(404)
    if message.author_id != call.account.id:
        raise shape_a(403)
    if call.world.now() - message.created > DELETE_WITHIN:
        raise shape_a(400, "Message can be deleted within an hour only")
    message.type, message.content = "deleted", {}
    call.world.changed()
    return Answer(body={})


def read(call: Call) -> Answer:
    """POST …/chats/{chat_id}/read: the whole chat."""
    now = int(call.world.now())
    for message in _own_chat(call).messages:
        if message.author_id != call.account.id and message.seen is None:
            message.seen = now
    call.world.changed()
    return Answer(body={"ok": True})


def voices(call: Call) -> Answer:
    """GET /messenger/v1/accounts/{user_id}/getVoiceFiles?voice_ids=a,b; links live an hour."""
    wanted = call.words("voice_ids")
    mine = {
        message.content["voice"]["voice_id"]
        for thread in call.world.state.chats.values()
        if thread.account_id == call.account.id
        for message in thread.messages
        if message.type == "voice" and message.content.get("voice")
    }
    if not wanted or not mine.issuperset(wanted):
        raise invalid(voice_ids="unknown voice")
    until, base = int(call.world.now()) + 3600, call.world.config.base_url
    urls = {voice: f"{base}/sandbox/voices/{voice}.mp4?until={until}" for voice in wanted}
    return Answer(body={"voices_urls": urls})


def blacklist(call: Call) -> Answer:
    """POST /messenger/v2/accounts/{user_id}/blacklist; an empty answer."""
    body = call.body if isinstance(call.body, dict) else {}
    users = body.get("users")
    if not isinstance(users, list) or not users or not all(isinstance(u, dict) for u in users):
        raise invalid(users="must not be empty")
    if any((u.get("context") or {}).get("reason_id") not in {1, 2, 3, 4} for u in users):
        raise invalid(reason_id="must be 1..4")
    blocked = {user.get("user_id") for user in users}
    for thread in call.world.state.chats.values():
        if thread.account_id == call.account.id and thread.client_id in blocked:
            thread.blocked = True
    call.world.changed()
    return Answer()


def image_sizes(base: str, name: str) -> dict[str, str]:
    """The addresses of an image in the sizes that a chat has."""
    sizes = ("1280x960", "640x480", "140x105", "32x32")
    return {size: f"{base}/sandbox/images/{size}/{name}.jpg" for size in sizes}


def _own_chat(call: Call) -> Chat:
    thread = call.world.state.chats.get(call.path["chat_id"])
    if thread is None:
        raise shape_a(404)
    if thread.account_id != call.account.id:
        raise shape_a(403)
    return thread


def _say(call: Call, thread: Chat, kind: str, content: dict[str, Any]) -> Answer:
    if thread.blocked:
        raise shape_a(403)
    message = call.world.add(
        thread, author_id=call.account.id, kind=kind, content=content, sent_via="api"
    )
    call.spoken.append(message)
    return Answer(body=_said(thread, message))


def _said(thread: Chat, message: Message) -> dict[str, Any]:
    return {
        "id": message.id,
        "author_id": message.author_id,
        "created": message.created,
        "direction": "out" if message.author_id == thread.account_id else "in",
        "type": message.type,
        "content": message.content,
    }


def _line(thread: Chat, message: Message, documented: bool) -> dict[str, Any]:
    """A row of the history; the documents say `is_read`, the live service `isRead`."""
    own = message.author_id == thread.account_id
    seen = own or message.seen is not None
    return {
        **_said(thread, message),
        "is_read" if documented else "isRead": seen,
        "read": message.seen,
    }


def _unread(thread: Chat) -> bool:
    return any(m.author_id != thread.account_id and m.seen is None for m in thread.messages)


def _chat(call: Call, thread: Chat) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "id": thread.id,
        "created": thread.created,
        "updated": thread.updated,
        "users": _users(call, thread),
    }
    if thread.messages:
        shown["last_message"] = _said(thread, thread.messages[-1])
    if thread.item_id is not None:
        shown["context"] = {"type": "item", "value": _context(call, thread.item_id)}
    return shown


def _context(call: Call, item_id: int) -> dict[str, Any]:
    item, base = call.world.state.items[item_id], call.world.config.base_url
    # Avito separates thousands with a space that does not break.
    price = "Цена не указана" if item.price is None else f"{item.price:,} ₽".replace(",", "\u00a0")
    return {
        "id": item.id,
        "title": item.title,
        "price_string": price,
        "status_id": STATUS_IDS.get(item.status, 20),
        "url": item.url,
        "user_id": item.account_id,
        "images": {"count": 1, "main": {"140x105": f"{base}/sandbox/images/140x105/{item.id}.jpg"}},
        "location": {"title": item.address.partition(",")[0], "lat": 55.755, "lon": 37.617},
    }


def _users(call: Call, thread: Chat) -> list[dict[str, Any]]:
    client = call.world.state.clients[thread.client_id]
    return [
        {"id": user_id, "name": name, "public_user_profile": _profile(call, user_id, thread)}
        for user_id, name in ((call.account.id, call.account.name), (client.id, client.name))
    ]


def _profile(call: Call, user_id: int, thread: Chat) -> dict[str, Any]:
    avatar = f"{call.world.config.base_url}/sandbox/images"
    sizes = {size: f"{avatar}/{size}/u{user_id}.jpg" for size in ("24x24", "256x256")}
    profile: dict[str, Any] = {
        "user_id": user_id,
        "url": f"https://avito.ru/user/{user_id:x}/profile",
        "avatar": {"default": sizes["256x256"], "images": sizes},
    }
    if thread.item_id is not None:
        profile["item_id"] = thread.item_id
    return profile
