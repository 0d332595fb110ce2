"""The language model behind OpenAI's chat-completions route."""

import time
from typing import Any

import msgspec
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.sandbox.answers import Answer, Refused
from bot.sandbox.door import Door, encode, rendered
from bot.sandbox.faults import Fate
from bot.sandbox.files import seconds_of, words_in
from bot.sandbox.filling import fill, known
from bot.sandbox.records import ModelCall
from bot.sandbox.scene import read_scene
from bot.sandbox.writer import write

MODEL = "sandbox-writer"
KEEP_CALLS = 5000
_ENGLISH = "Hello! Thank you for your message. Our specialist will be happy to help you soon."
_LONG = "Расскажу подробно, как проходит обработка и что нужно подготовить заранее. "
_REFUSAL = "I'm sorry, but I can't help with that."


class ModelApi:
    """Answers prompts, or fails as it is told to; every question is kept for /sandbox/state."""

    def __init__(self, door: Door) -> None:
        self._door = door
        self._world = door.world

    def routes(self) -> list[Route]:
        """`/v1/chat/completions` and `/v1/models`."""
        return [
            Route("/v1/chat/completions", self.completions, methods=["POST"]),
            Route("/v1/models", self.models, methods=["GET"]),
            Route("/v1/audio/transcriptions", self.transcriptions, methods=["POST"]),
        ]

    async def models(self, _: Request) -> Response:
        """The one model; any other name is accepted as well."""
        row = {"id": MODEL, "object": "model", "created": 1_700_000_000, "owned_by": "sandbox"}
        return rendered(Answer(body={"object": "list", "data": [row]}))

    async def transcriptions(self, request: Request) -> Response:
        """The words in a recording of the sandbox, sent as the multipart field `file`."""
        keyed = request.headers.get("authorization", "").startswith("Bearer ")
        form = await request.form()
        file = form.get("file")
        sound = await file.read() if isinstance(file, UploadFile) else None

        async def work(fate: Fate) -> Answer:
            if not keyed:
                raise _error(401, "You didn't provide an API key.", "invalid_request_error")
            if fate.word.isdigit():
                raise _error(int(fate.word), "The sandbox was told to fail.", "server_error")
            if sound is None or not form.get("model"):
                raise _error(400, "'file' and 'model' are needed.", "invalid_request_error")
            words = words_in(sound)
            self._world.state.transcriptions += 1
            self._world.changed()
            usage = {"type": "duration", "seconds": seconds_of(words)}
            return Answer(body={"text": words, "usage": usage})

        return await self._door.under_weather("model", request, work, latency=0)

    async def completions(self, request: Request) -> Response:
        """Ask the writer; a Bearer key must be there, and any will do."""
        raw, began = await request.body(), time.monotonic()
        keyed = request.headers.get("authorization", "").startswith("Bearer ")

        async def work(fate: Fate) -> Answer:
            if not keyed:
                raise _error(401, "You didn't provide an API key.", "invalid_request_error")
            return self._answer(_asked(raw), fate, began)

        latency = self._world.weather.faults.model_latency
        return await self._door.under_weather("model", request, work, latency=latency)

    def _answer(self, asked: dict[str, Any], fate: Fate, began: float) -> Answer:
        answer, content = Answer(500), None
        try:
            message = _message(asked, fate)
            content = message["content"]
            answer = Answer(body=self._completion(asked, message))
            return answer
        except Refused as refusal:
            answer = refusal.answer
            raise
        finally:
            self._note(asked, content, answer.status, fate, time.monotonic() - began)

    def _completion(self, asked: dict[str, Any], message: dict[str, Any]) -> dict[str, Any]:
        read = max(1, len(encode(asked["messages"])) // 6)
        written = len(message["content"] or "") // 3
        return {
            "id": f"chatcmpl-{self._world.hex(24)}",
            "object": "chat.completion",
            "created": int(self._world.now()),
            "model": asked.get("model") or MODEL,
            "choices": [
                {"index": 0, "message": message, "logprobs": None, "finish_reason": "stop"}
            ],
            "usage": {
                "prompt_tokens": read,
                "completion_tokens": written,
                "total_tokens": read + written,
            },
        }

    def _note(
        self, asked: dict[str, Any], content: str | None, status: int, fate: Fate, seconds: float
    ) -> None:
        form = asked.get("response_format")
        calls = self._world.state.model_calls
        call = ModelCall(
            at=self._world.now(),
            model=str(asked.get("model")),
            response_format=str(form.get("type")) if isinstance(form, dict) else None,
            messages=asked["messages"],
            answer=content,
            status=status,
            fault=None if fate.word == "ok" else fate.word,
            latency=round(seconds, 4),
        )
        calls.append(call)
        del calls[:-KEEP_CALLS]
        self._world.changed()


def _asked(raw: bytes) -> dict[str, Any]:
    try:
        asked = msgspec.json.decode(raw, type=dict[str, Any])
    except msgspec.DecodeError as error:
        raise _error(400, "The body is not a JSON object.", "invalid_request_error") from error
    if not isinstance(asked.get("messages"), list) or not asked["messages"]:
        raise _error(400, "'messages' must not be empty.", "invalid_request_error")
    if asked.get("stream"):
        raise _error(400, "Streaming is not supported here.", "invalid_request_error")
    return asked


def _message(asked: dict[str, Any], fate: Fate) -> dict[str, Any]:
    """The assistant's message; Refused when the fault is an HTTP error."""
    said: dict[str, Any] = {"role": "assistant", "content": None, "refusal": None}
    form = asked.get("response_format")
    schema = _schema(form)
    match fate.word:
        case "refusal":
            return {**said, "refusal": _REFUSAL}
        case "empty":
            return {**said, "content": ""}
        case "content":
            return {**said, "content": fate.detail}
        case "no_schema" if isinstance(form, dict) and form.get("type") == "json_schema":
            text = "'response_format' of type 'json_schema' is not supported with this model."
            raise _error(400, text, "invalid_request_error", param="response_format")
        case word if word.isdigit():
            raise _error(int(word), f"The sandbox was told to fail with {word}.", "server_error")
    draft = write(read_scene(asked["messages"]))
    reply = {
        "say": fate.detail,
        "wrong_language": _ENGLISH,
        "too_long": (_LONG * 25).strip(),
    }.get(fate.word, draft.reply)
    document = {**known(draft), "reply": reply}
    if schema is not None:
        document = fill(schema, document)
    structured = schema is not None or _wants_json(asked["messages"], form)
    content = encode(document).decode() if structured else reply
    return {**said, "content": content[: len(content) // 2] if _broken(fate) else content}


def _broken(fate: Fate) -> bool:
    return fate.word == "broken_json"


def _schema(form: Any) -> dict[str, Any] | None:
    if not isinstance(form, dict) or form.get("type") != "json_schema":
        return None
    inner = form.get("json_schema")
    schema = inner.get("schema") if isinstance(inner, dict) else None
    if not isinstance(schema, dict):
        raise _error(400, "Missing required parameter: schema.", "invalid_request_error")
    return schema


def _wants_json(messages: list[Any], form: Any) -> bool:
    if isinstance(form, dict) and form.get("type") == "json_object":
        return True
    told = " ".join(str(m.get("content")) for m in messages if isinstance(m, dict))
    return "json" in told.lower() and "reply" in told and "hand_off" in told


def _error(status: int, message: str, kind: str, param: str | None = None) -> Refused:
    error = {"message": message, "type": kind, "param": param, "code": None}
    headers = {"Retry-After": "1"} if status == 429 else {}
    return Refused(Answer(status, {"error": error}, headers))
