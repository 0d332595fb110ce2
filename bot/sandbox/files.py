"""The pictures and recordings that the sandbox's chats point to."""

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response

from bot.sandbox.world import World

# An MP4 that says what it is and holds no sound: `ftyp` (iso5, iso6, mp41) and an empty `mdat`.
SILENCE = bytes.fromhex(
    "0000001c66747970 69736f35 00000200 69736f35 69736f36 6d703431 000000086d646174"
)

LETTERS, RATE = 15, 4000
"""Letters in a second of speech, and bytes in a second of its recording (32 kbit/s)."""


async def image(request: Request) -> Response:
    """A drawn picture of the size in the path, a colour for each name."""
    width, _, height = request.path_params["size"].partition("x")
    if not (width.isdecimal() and height.isdecimal()):
        return Response(status_code=404)
    hue = sum(map(ord, request.path_params["name"])) % 360
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 0 40 30"><rect width="40" height="30" fill="hsl({hue} 45% 82%)"/>'
        f'<circle cx="29" cy="9" r="4" fill="hsl({hue} 55% 92%)"/>'
        f'<path d="M0 30 14 13l9 10 6-6 11 13z" fill="hsl({hue} 35% 55%)"/></svg>'
    )
    return Response(svg, media_type="image/svg+xml")


def voice(world: World) -> Callable[[Request], Awaitable[Response]]:
    """Serves recordings; a link that is over an hour old gets 403."""

    async def recording(request: Request) -> Response:
        until = request.query_params.get("until", "")
        if not until.isdecimal() or int(until) < world.now():
            return Response(status_code=403)
        words = world.state.spoken.get(request.path_params["name"].removesuffix(".mp4"), "")
        return Response(SILENCE + _said(words), media_type="audio/mp4")

    return recording


def _said(words: str) -> bytes:
    """Boxes that players skip: one with the words, which the sandbox's own transcriber reads, and one of the sound's size."""
    raw = words.encode()
    return _box(b"free", raw) + _box(b"skip", bytes(int(seconds_of(words) * RATE))) if raw else b""


def _box(kind: bytes, content: bytes) -> bytes:
    return (8 + len(content)).to_bytes(4, "big") + kind + content


def seconds_of(words: str) -> float:
    """How long it takes to say that."""
    return round(1 + len(words) / LETTERS, 1) if words else 0.0


def words_in(recording: bytes) -> str:
    """What is said in a recording of the sandbox."""
    at = recording.find(b"free")
    if at < 4:
        return ""
    size = int.from_bytes(recording[at - 4 : at], "big")
    return recording[at + 4 : at - 4 + size].decode("utf-8", "replace")
