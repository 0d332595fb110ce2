"""Consent, tokens, and everything by which they are lost."""

from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from tests.sandbox.visitor import ACCOUNT, CLIENT, OTHER, SCOPES, Visitor

CALLBACK = "http://127.0.0.1:3001/api/avito/oauth/callback"
ASKED = {"response_type": "code", "client_id": "sandbox-client", "scope": SCOPES, "state": "s-1"}


def answered(response: httpx.Response) -> dict[str, str]:
    """The query with which the browser is sent back."""
    assert 302 == response.status_code
    where = urlsplit(response.headers["location"])
    assert f"{where.scheme}://{where.netloc}{where.path}" == CALLBACK
    return {name: values[0] for name, values in parse_qs(where.query).items()}


def test_the_page_asks_a_person(stranger: Visitor) -> None:
    """The page names the accounts and the rights, and has both buttons."""
    page = stranger.http.get("/oauth", params=ASKED)

    assert 200 == page.status_code
    for words in ("ДезСервис", "Мастер Рядом", "Разрешить", "Отказать", "Отправлять сообщения"):
        assert words in page.text


def test_consent_gives_a_code_and_the_state(stranger: Visitor) -> None:
    """The form leads back with a code of 22 characters and the caller's state."""
    form = {**ASKED, "decision": "allow", "account_id": str(OTHER)}
    back = answered(stranger.http.post("/oauth", data=form, follow_redirects=False))

    assert "s-1" == back["state"]
    assert 22 == len(back["code"])
    token = stranger.grant("authorization_code", code=back["code"]).json()["access_token"]
    stranger.token = token
    assert OTHER == stranger.get("/core/v1/accounts/self").json()["id"]


def test_refusal_leads_back_with_an_error(stranger: Visitor) -> None:
    """Who denies is sent back with access_denied, and no code."""
    form = {**ASKED, "decision": "deny"}
    back = answered(stranger.http.post("/oauth", data=form, follow_redirects=False))

    assert "access_denied" == back["error"]
    assert back["error_description"]
    assert "code" not in back
    assert "s-1" == back["state"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"redirect_uri": "https://elsewhere.example/callback"},
        {"client_id": "somebody"},
        {"scope": "messenger:everything"},
        {"scope": ""},
        {"response_type": "token"},
    ],
)
def test_a_wrong_question_gets_a_page_and_no_redirect(
    stranger: Visitor, wrong: dict[str, str]
) -> None:
    """Nobody is sent to an address that was not registered, or with rights that are none."""
    page = stranger.http.get("/oauth", params={**ASKED, **wrong, "auto": "allow"})

    assert 400 == page.status_code
    assert "Не получилось войти" in page.text


def test_markup_in_a_question_stays_text(stranger: Visitor) -> None:
    """What stands in the address cannot write into the page."""
    page = stranger.http.get("/oauth", params={**ASKED, "state": '"><script>1</script>'})

    assert "<script>" not in page.text


def test_a_code_works_once(stranger: Visitor) -> None:
    """The second exchange is shape E with 403, as production answers."""
    code = stranger.code()
    first = stranger.grant("authorization_code", code=code)
    again = stranger.grant("authorization_code", code=code)

    assert {"access_token", "refresh_token", "expires_in", "scope", "token_type"} == set(
        first.json()
    )
    assert 86_400 == first.json()["expires_in"]
    assert 403 == again.status_code
    assert {
        "error": "invalid_grant",
        "error_description": "Can't get auth data. Try request later",
    } == again.json()


def test_a_code_grows_old(stranger: Visitor) -> None:
    """After five minutes a code is worth nothing."""
    code = stranger.code()
    stranger.act("time", advance=301)

    assert 403 == stranger.grant("authorization_code", code=code).status_code


def test_a_refresh_token_works_once_and_both_tokens_change(seller: Visitor) -> None:
    """Losing the new refresh token means to connect again."""
    old_access, old_refresh = seller.token, seller.refresh
    fresh = seller.grant("refresh_token", refresh_token=old_refresh)
    again = seller.grant("refresh_token", refresh_token=old_refresh)

    assert 200 == fresh.status_code
    assert old_access != fresh.json()["access_token"]
    assert old_refresh != fresh.json()["refresh_token"]
    assert 400 == again.status_code
    assert "invalid_grant" == again.json()["error"]


def test_token_is_there_with_a_slash_and_without(stranger: Visitor) -> None:
    """Both addresses are in use in the wild; GET is not."""
    fields = {**CLIENT, "grant_type": "client_credentials"}

    assert 200 == stranger.http.post("/token/", data=fields).status_code
    assert 200 == stranger.http.post("/token", data=fields).status_code
    assert 404 == stranger.http.get("/token").status_code


def test_a_personal_key_sees_everything_of_its_account(stranger: Visitor) -> None:
    """Client credentials carry no scopes and no refresh token."""
    tokens = stranger.grant("client_credentials").json()
    stranger.token = tokens["access_token"]

    assert {"access_token", "expires_in", "token_type"} == set(tokens)
    assert 200 == stranger.chats().status_code
    assert 200 == stranger.get(f"/core/v1/accounts/{ACCOUNT}/balance/").status_code


def test_a_wrong_secret(stranger: Visitor) -> None:
    """A client that cannot prove itself gets 401 invalid_client."""
    answer = stranger.grant("client_credentials", client_secret="wrong")

    assert 401 == answer.status_code
    assert "invalid_client" == answer.json()["error"]


def test_an_expired_token_looks_different_in_the_messenger(seller: Visitor) -> None:
    """Shape D with 403 in the messenger, shape A elsewhere, 401 or 403 by a switch."""
    seller.act("time", advance=86_401)

    messenger, core = seller.chats(), seller.get("/core/v1/accounts/self")
    assert 403 == messenger.status_code
    assert {"result": {"status": False, "message": "invalid access token"}} == messenger.json()
    assert 401 == core.status_code
    assert {"error": {"code": 401, "message": "Unauthorized"}} == core.json()
    seller.act("faults", auth_status=403)
    assert 403 == seller.get("/core/v1/accounts/self").status_code


def test_a_missing_scope_is_403(stranger: Visitor) -> None:
    """A token reads what it was given for, and nothing else."""
    stranger.connect("user:read")

    assert 200 == stranger.get("/core/v1/accounts/self").status_code
    for answer in (stranger.chats(), stranger.get("/core/v1/items")):
        assert 403 == answer.status_code
        assert {"error": {"code": 403, "message": "Forbidden"}} == answer.json()


def test_tokens_can_be_taken_away(seller: Visitor) -> None:
    """All access tokens expire at once, and refresh tokens can be revoked."""
    seller.act("faults", expire_tokens=True)
    assert 403 == seller.chats().status_code

    seller.act("faults", revoke_refresh=True)
    assert 400 == seller.grant("refresh_token", refresh_token=seller.refresh).status_code
