"""What a message of each kind holds, as Avito's webhook has it."""

from collections.abc import Mapping
from typing import Any

from bot.sandbox.messenger import image_sizes

EMPTY = {"deleted", "appCall", "file", "video"}


def content_of(kind: str, given: Mapping[str, Any], *, base: str, voice: str) -> dict[str, Any]:
    """The content for a message of this kind; `given["content"]` wins, whatever it is.

    `base` is the sandbox's address, `voice` a fresh name for a recording or a picture. A kind
    that Avito may invent tomorrow holds a text.
    """
    if "content" in given:
        return dict(given["content"])
    text = str(given.get("text") or "")
    if kind in EMPTY:
        return {}
    if kind in _MAKERS:
        return _MAKERS[kind](text, base, voice)
    content: dict[str, Any] = {"text": text}
    if kind == "system" or given.get("flow_id"):
        content["flow_id"] = given.get("flow_id") or "seller_audience_discount"
    return content


def _image(_: str, base: str, name: str) -> dict[str, Any]:
    return {"image": {"sizes": image_sizes(base, name)}}


def _link(text: str, _: str, __: str) -> dict[str, Any]:
    url = text or "https://example.com/klopy"
    domain = url.split("://")[-1].split("/")[0]
    preview = {"title": "Страница", "description": "", "domain": domain, "url": url, "images": None}
    return {"link": {"text": url, "url": url, "preview": preview}}


def _item(text: str, base: str, name: str) -> dict[str, Any]:
    return {
        "item": {
            "title": text or "Объявление",
            "item_url": "https://avito.ru/items/24122231",
            "image_url": f"{base}/sandbox/images/140x105/{name}.jpg",
            "price_string": "2\u00a0500 ₽",
        }
    }


def _location(text: str, _: str, __: str) -> dict[str, Any]:
    place = text or "Москва, Варшавское шоссе"
    where = {"kind": "street", "lat": 55.599799, "lon": 37.603954}
    return {"location": {**where, "text": place, "title": place}}


def _voice(_: str, __: str, name: str) -> dict[str, Any]:
    return {"voice": {"voice_id": name}}


def _call(_: str, __: str, ___: str) -> dict[str, Any]:
    return {"call": {"status": "missed", "target_user_id": 94235311}}


_MAKERS = {
    "image": _image,
    "link": _link,
    "item": _item,
    "location": _location,
    "voice": _voice,
    "call": _call,
}
