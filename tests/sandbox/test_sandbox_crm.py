"""The CRM: takes what is a lead, once for each key."""

import httpx
import pytest

from tests.sandbox.visitor import Visitor

LEAD = {"phone": "+79165550142", "name": "Анна", "pestType": "klopy", "rooms": 2}


def test_the_same_key_is_the_same_lead(stranger: Visitor) -> None:
    """Two posts with one key: one id, one lead, two attempts; another key, another lead."""
    first, again = stranger.lead(LEAD), stranger.lead(LEAD)
    other = stranger.lead(LEAD, key="k-2")

    assert 201 == first.status_code
    assert {"leadId"} == set(first.json())
    assert first.json() == again.json()
    assert first.json() != other.json()
    leads = stranger.state()["leads"]
    assert [2, 1] == [lead["attempts"] for lead in leads]
    assert LEAD == leads[0]["body"]
    assert "k-1" == leads[0]["headers"]["Idempotency-Key"]
    assert "/crm/api/v1/leads" == leads[0]["path"]


def test_the_key_may_come_either_way(stranger: Visitor) -> None:
    """As a Bearer or as X-API-Key; without the right one, 401 and nothing is kept."""
    bearer = {"Authorization": "Bearer sandbox-crm-key"}
    assert 201 == stranger.http.post("/crm/leads", json=LEAD, headers=bearer).status_code
    for headers in ({}, {"X-API-Key": "wrong"}, {"Authorization": "Bearer "}):
        refused = stranger.http.post("/crm/leads", json=LEAD, headers=headers)
        assert 401 == refused.status_code
        assert "Unauthorized" == refused.json()["message"]
    assert 1 == len(stranger.state()["leads"])


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"phone": None}, "phone should not be empty"),
        ({"phone": "позвоните"}, "phone must be a phone number"),
        ({"pestType": "слоны"}, "pestType must be one of"),
        ({"rooms": 7}, "rooms must be 1..4"),
    ],
)
def test_what_is_no_lead_is_refused(
    stranger: Visitor, change: dict[str, object], says: str
) -> None:
    """NestJS's way: 400, and a list of what is wrong."""
    answer = stranger.lead({**LEAD, **change})

    assert 400 == answer.status_code
    assert says in answer.json()["message"][0]
    assert [] == stranger.state()["leads"]


def test_strict_wants_every_field(stranger: Visitor) -> None:
    """With the switch on, all that the CRM's own form demands is demanded."""
    stranger.act("faults", crm_strict=True)
    missing = stranger.lead(LEAD).json()["message"]

    assert "partnerId should not be empty" in missing
    assert "address should not be empty" in missing


def test_an_order_is_answered_with_its_record(stranger: Visitor) -> None:
    """The other shape: a record with an id, a status and what was given."""
    order = {"service": "Клопы", "phoneNumber": "+79165550142"}
    answer = stranger.http.post(
        "/crm/order", json=order, headers={"Authorization": "Bearer sandbox-crm-key"}
    )

    assert 201 == answer.status_code
    record = answer.json()
    assert ("New", "Клопы", True) == (record["status"], record["service"], record["orderCreated"])


def test_accepted_but_not_answered(remote: Visitor) -> None:
    """The lead is there, the caller does not know; the same key finds it again."""
    remote.act("faults", next={"crm": ["500", "timeout_after"]})
    assert 500 == remote.lead(LEAD).status_code
    assert [] == remote.state()["leads"]
    remote.http.timeout = httpx.Timeout(0.3)
    with pytest.raises(httpx.ReadTimeout):
        remote.lead(LEAD)
    remote.http.timeout = httpx.Timeout(5)

    assert 201 == remote.lead(LEAD).status_code
    assert [2] == [lead["attempts"] for lead in remote.state()["leads"]]


def test_a_crm_that_stays_broken(stranger: Visitor) -> None:
    """Until it is mended."""
    stranger.act("faults", crm="401")
    assert [401, 401] == [stranger.lead(LEAD).status_code for _ in range(2)]
    stranger.act("faults", crm=None)
    assert 201 == stranger.lead(LEAD).status_code
