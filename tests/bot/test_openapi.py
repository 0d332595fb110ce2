"""The API's own description: complete, and true under many odd requests."""

import contextlib
from typing import Any

import httpx
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.bot.town import PUBLIC, Town

EXAMPLES = 4
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]

ROUTES = {
    ("get", "/api/avito/oauth/url"),
    ("get", "/api/avito/oauth/callback"),
    ("get", "/api/avito/accounts"),
    ("delete", "/api/avito/accounts/{account_id}"),
    ("get", "/api/avito/listings"),
    ("post", "/api/avito/listings"),
    ("post", "/api/avito/listings/{listing_id}/ai-toggle"),
    ("get", "/api/avito/listings/ai-active"),
    ("get", "/api/avito/chats"),
    ("get", "/api/avito/chats/{chat_id}"),
    ("post", "/api/avito/chats/{chat_id}/reply"),
    ("post", "/api/avito/chats/{chat_id}/owner"),
    ("get", "/api/avito/leads"),
    ("post", "/api/avito/leads/{lead_id}/retry"),
    ("post", "/api/avito/webhook/{key}"),
    ("get", "/health/live"),
    ("get", "/health/ready"),
    ("get", "/metrics"),
}


async def test_every_route_is_described(village: Town) -> None:
    """
    The document has every route that others rely on, and says in words what each does.
    """
    document = (await village.api.get("/openapi.json")).json()

    found = {
        (method, path): about
        for path, ways in document["paths"].items()
        for method, about in ways.items()
    }
    assert ROUTES <= set(found)
    assert [] == [route for route, about in found.items() if not about.get("description")]


async def test_routes_that_need_a_token_say_so(village: Town) -> None:
    """
    All but callback, start, webhook and health name the bearer token.
    """
    document = (await village.api.get("/openapi.json")).json()

    open_routes = {
        path
        for path, ways in document["paths"].items()
        for about in ways.values()
        if not about.get("security")
    }
    assert {
        "/api/avito/oauth/start",
        "/api/avito/webhook/{key}",
        "/health/live",
        "/health/ready",
    } == open_routes


async def test_odd_requests_never_break_it(village: Town) -> None:
    """
    Whatever fits the description, and what does not, gets an answer of the described shape, and no 500.
    """
    await village.connect()
    document = (await village.api.get("/openapi.json")).json()
    cases = [
        case
        for kind in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
        for case in made(document, kind)
    ]

    problems = [said for case in cases if (said := await sent(village, case))]

    assert len(cases) > 80
    assert [] == problems[:3]


def made(document: dict[str, Any], kind: GenerationMode) -> list[Case]:
    """A few requests for each route, the same at each run."""
    cases: list[Case] = []
    for found in schemathesis.openapi.from_dict(document).get_all_operations():
        operation = found.ok()

        @settings(
            max_examples=EXAMPLES,
            deadline=None,
            database=None,
            derandomize=True,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy(generation_mode=kind))
        def collect(case: Case) -> None:
            cases.append(case)

        with contextlib.suppress(
            Unsatisfiable
        ):  # a route without parameters cannot be asked wrongly
            collect()
    return cases


async def sent(town: Town, case: Case) -> str | None:
    """What is wrong with the answer to a case, if anything is."""
    asked = case.as_transport_kwargs(base_url=PUBLIC)
    headers = {str(name): str(value) for name, value in asked["headers"].items()} | town.bearer()
    request = httpx.Request(
        asked["method"],
        asked["url"],
        params=asked.get("params"),
        headers={name: value.encode("latin-1", "replace") for name, value in headers.items()},
        json=asked.get("json"),
        content=asked.get("data"),
    )
    answer = await town.api.send(request)
    try:
        case.validate_response(answer, checks=CHECKS)
    except Exception as wrong:
        return f"{asked['method']} {asked['url']} {asked.get('json')!r}: {answer.status_code} {str(wrong)[:600]}"
    return None
