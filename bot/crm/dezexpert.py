"""DezExpert's CRM over HTTP: the Crm that production runs with."""

import asyncio
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal
from urllib.parse import quote

import httpx
import msgspec

from bot.crm.shapes import as_lead, as_order
from bot.errors import CrmBusy, CrmError, CrmRefused, CrmUnknown
from bot.model import NO_CRM_ID, LeadFields

CONNECT_SECONDS = 3.0
TOTAL_SECONDS = 15.0
LONGEST_REASON = 200
LONGEST_WAIT = 24 * 3600.0

NO_ID = NO_CRM_ID

NEVER_LEFT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.UnsupportedProtocol,
    httpx.LocalProtocolError,
)


@dataclass(frozen=True)
class DezExpertConfig:
    """How this CRM wants to be spoken to; its leads route is documented nowhere.

    `field_map` renames fields of the shape (to "" leaves one out); `fixed` is sent with each lead
    and wins over ours (`partnerId`, `dezinsectorId`). An empty `auth_scheme` sends the bare key.
    """

    url: str
    key: str = field(repr=False)
    path: str = "/api/v1/leads"
    auth_header: str = "Authorization"
    auth_scheme: str = "Bearer"
    shape: Literal["lead", "order"] = "lead"
    field_map: Mapping[str, str] = field(default_factory=dict)
    fixed: Mapping[str, Any] = field(default_factory=dict)


def make_http(*, transport: httpx.AsyncBaseTransport | None = None) -> httpx.AsyncClient:
    """The client for the CRM. Takes nothing from the environment, follows nowhere."""
    return httpx.AsyncClient(
        transport=transport,
        trust_env=False,
        follow_redirects=False,
        timeout=httpx.Timeout(TOTAL_SECONDS, connect=CONNECT_SECONDS),
        limits=httpx.Limits(max_connections=10, keepalive_expiry=4.0),
        headers={"User-Agent": "avito-assistant", "Accept": "application/json"},
    )


class DezExpert:
    """Implements `bot.model.Crm`."""

    name = "dezexpert"

    def __init__(self, config: DezExpertConfig, http: httpx.AsyncClient) -> None:
        self._config = config
        self._http = http
        self._url = f"{config.url.rstrip('/')}/{config.path.lstrip('/')}"

    async def create(self, lead: LeadFields, *, key: str, context: Mapping[str, Any]) -> str:
        """Posts the lead once; `NO_ID` if the CRM took it without telling an id."""
        answer = await self._post(self.body(lead, context), key)
        if answer.is_success:
            return _taken(answer, lead)
        if answer.status_code == 409 and (known := _id(_json(answer))):
            return known
        raise _error(answer, lead)

    async def complete(
        self, crm_lead_id: str, lead: LeadFields, *, key: str, context: Mapping[str, Any]
    ) -> None:
        """PATCHes the lead under its id, as the CRM's front end does."""
        answer = await self._send("PATCH", self._one(crm_lead_id), self.body(lead, context), key)
        if not answer.is_success:
            raise _error(answer, lead)

    def _one(self, crm_lead_id: str) -> str:
        """Where one lead is: `/leads/{id}`, `/order/by-id/{id}`."""
        middle = "/by-id" if self._config.shape == "order" else ""
        return f"{self._url}{middle}/{quote(crm_lead_id, safe='')}"

    def body(self, lead: LeadFields, context: Mapping[str, Any]) -> dict[str, Any]:
        """What goes out for a lead."""
        shaped = (as_lead if self._config.shape == "lead" else as_order)(lead, context)
        names = self._config.field_map
        mapped = {names.get(name, name): value for name, value in shaped.items()}
        return {**{name: value for name, value in mapped.items() if name}, **self._config.fixed}

    async def _post(self, body: dict[str, Any], key: str) -> httpx.Response:
        return await self._send("POST", self._url, body, key)

    async def _send(self, method: str, url: str, body: dict[str, Any], key: str) -> httpx.Response:
        headers = {"Idempotency-Key": key, **self._authorization()}
        try:
            async with asyncio.timeout(TOTAL_SECONDS):
                return await self._http.request(method, url, json=body, headers=headers)
        except NEVER_LEFT as error:
            raise CrmBusy(f"no connection to the CRM ({type(error).__name__})") from error
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError) as error:
            raise CrmUnknown(f"no whole answer from the CRM ({type(error).__name__})") from error

    def _authorization(self) -> dict[str, str]:
        config = self._config
        if not config.key:
            return {}
        return {config.auth_header: f"{config.auth_scheme} {config.key}".strip()}


def _taken(answer: httpx.Response, lead: LeadFields) -> str:
    """A good status means taken, unless the answer itself says otherwise.

    A web page means that the address is some site's, which answers yes to everything.
    """
    if "html" in answer.headers.get("content-type", "") or answer.content.lstrip()[:1] == b"<":
        raise CrmRefused("the CRM's address answers with a web page: check its URL and path")
    data = _json(answer)
    if isinstance(data, dict) and data.get("success") is False:
        raise CrmRefused(f"the CRM says no: {reason(data, lead)}")
    return _id(data) or NO_ID


def _json(answer: httpx.Response) -> Any:
    try:
        return msgspec.json.decode(answer.content)
    except (ValueError, RecursionError):
        return None


def _id(data: Any) -> str | None:
    """The id under whichever name the CRM's versions give it."""
    if not isinstance(data, dict):
        return None
    for name in ("leadId", "id", "orderId"):
        id = data.get(name)
        if isinstance(id, str | int) and not isinstance(id, bool) and str(id).strip():
            return str(id).strip()[:255]
    return _id(data.get("data"))


def _error(answer: httpx.Response, lead: LeadFields) -> CrmError:
    status = answer.status_code
    said = f"the CRM answered {status}: {reason(_json(answer), lead)}"
    if status in (429, 503):
        busy = CrmBusy(said)
        busy.retry_after = _seconds(answer.headers.get("retry-after", ""))
        return busy
    if status >= 500 or status == 408:
        return CrmUnknown(said)
    if 300 <= status < 400:
        return CrmRefused("the CRM's address leads elsewhere: check its URL and path")
    return CrmRefused(said)


def _seconds(value: str) -> float | None:
    return min(float(value), LONGEST_WAIT) if value.isdecimal() else None


def reason(data: Any, lead: LeadFields) -> str:
    """The CRM's own words without the client's: validators like to quote what they refuse."""
    said = data.get("message") or data.get("error") if isinstance(data, dict) else None
    if isinstance(said, dict):
        said = said.get("message")
    words = "; ".join(str(part) for part in said) if isinstance(said, list) else said
    return _clean(words, lead) if isinstance(words, str) and words.strip() else "without a reason"


_PERSONAL = re.compile(r"""https?://\S+|\S+@\S+|\+?\d[\d\s().-]{4,}\d|"[^"]*"|«[^»]*»|'[^']*'""")


def _clean(words: str, lead: LeadFields) -> str:
    for value in sorted(_said(lead), key=len, reverse=True):
        words = re.sub(re.escape(value), "…", words, flags=re.IGNORECASE)
    line = " ".join(_PERSONAL.sub("…", words).split())
    return line if len(line) <= LONGEST_REASON else line[: LONGEST_REASON - 1] + "…"


def _said(lead: LeadFields) -> list[str]:
    """What the client said, whole and word by word; a letter or two is nobody's."""
    values = [value for value in asdict(lead).values() if isinstance(value, str)]
    words = [word for value in values for word in re.findall(r"\w{3,}", value)]
    return [value for value in {*values, *words} if len(value) > 2]
