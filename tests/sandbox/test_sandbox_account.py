"""Profile, listings, statistics, ratings, and how often one may ask."""

from datetime import UTC, datetime, timedelta

from tests.sandbox.visitor import ACCOUNT, ITEM, OTHER, Visitor

TODAY = datetime.now(UTC).date()
STATS = {
    "metrics": ["views", "contacts", "spending"],
    "grouping": "day",
    "limit": 1000,
    "offset": 0,
}


def test_the_listings_come_in_pages(seller: Visitor) -> None:
    """A short page is the last one; there is no total."""
    pages = [
        seller.get("/core/v1/items", page=page, per_page=20, status="active,old").json()
        for page in (1, 2, 3, 4)
    ]
    rows = [row["id"] for page in pages for row in page["resources"]]

    assert {"page": 1, "per_page": 20} == pages[0]["meta"]
    assert [20, 20, 17, 0] == [len(page["resources"]) for page in pages]
    assert len(rows) == len(set(rows))


def test_only_active_listings_unless_asked(seller: Visitor) -> None:
    """The default status is active; an unknown one and a page of 100 are refused in shape B."""
    default = seller.get("/core/v1/items", per_page=99).json()["resources"]
    gone = seller.get("/core/v1/items", status="removed,blocked").json()["resources"]
    wrong = seller.get("/core/v1/items", per_page=100)

    assert {"active"} == {row["status"] for row in default}
    assert {"removed", "blocked"} == {row["status"] for row in gone}
    assert 400 == wrong.status_code
    assert {"code", "message"} == set(wrong.json())
    assert "400" == wrong.json()["code"]
    assert 400 == seller.get("/core/v1/items", status="sold").status_code


def test_listings_25_times_a_minute(seller: Visitor) -> None:
    """The 26th call gets 429 with an empty object and the limit in the headers."""
    answers = [seller.get("/core/v1/items") for _ in range(26)]

    assert [200] * 25 + [429] == [answer.status_code for answer in answers]
    assert {} == answers[-1].json()
    assert "25" == answers[-1].headers["X-RateLimit-Limit"]
    assert "0" == answers[-1].headers["X-RateLimit-Remaining"]
    seller.act("time", advance=61)
    assert 200 == seller.get("/core/v1/items").status_code


def test_item_info_knows_no_title(seller: Visitor) -> None:
    """Status and times only; foreign and unknown listings have a status of their own."""
    path = f"/core/v1/accounts/{ACCOUNT}/items/"
    own = seller.get(f"{path}{ITEM}/").json()

    assert "active" == own["status"]
    assert "title" not in own
    assert "another_user" == seller.get(f"{path}3301000/").json()["status"]
    assert "not_found" == seller.get(f"{path}1/").json()["status"]


def test_a_foreign_account_is_not_found(seller: Visitor) -> None:
    """The account in the path must be the token's own."""
    answer = seller.get(f"/core/v1/accounts/{OTHER}/balance/")

    assert 404 == answer.status_code
    assert {"error": {"code": 404, "message": "Not found"}} == answer.json()


def test_statistics_reach_back_270_days(seller: Visitor) -> None:
    """Further back is an error, in both versions, and 200 listings are the most."""
    for version, more in (("v1", {"itemIds": [ITEM]}), ("v2", STATS)):
        path = f"/stats/{version}/accounts/{ACCOUNT}/items"
        for days_ago, status in ((270, 200), (271, 400)):
            first = (TODAY - timedelta(days=days_ago)).isoformat()
            seller.act("faults", no_rate_limits=True)
            window = {"dateFrom": first, "dateTo": TODAY.isoformat()}
            assert status == seller.post(path, {**window, **more}).status_code
    many = {"dateFrom": TODAY.isoformat(), "dateTo": TODAY.isoformat(), "itemIds": [1] * 201}
    assert 400 == seller.post(f"/stats/v1/accounts/{ACCOUNT}/items", many).status_code


def test_statistics_are_steady_and_add_up(seller: Visitor) -> None:
    """A week is the sum of its days, whenever one asks."""
    monday = TODAY - timedelta(days=TODAY.weekday() + 7)
    window = {
        "dateFrom": monday.isoformat(),
        "dateTo": (monday + timedelta(days=6)).isoformat(),
        "itemIds": [ITEM],
    }
    path = f"/stats/v1/accounts/{ACCOUNT}/items"
    by_day = seller.post(path, window).json()["result"]["items"][0]["stats"]
    [week] = seller.post(path, {**window, "periodGrouping": "week"}).json()["result"]["items"][0][
        "stats"
    ]

    assert 7 == len(by_day)
    assert week["uniqViews"] == sum(day["uniqViews"] for day in by_day)
    assert monday.isoformat() == week["date"]


def test_new_statistics_once_a_minute(seller: Visitor) -> None:
    """The second call within a minute gets 429."""
    path = f"/stats/v2/accounts/{ACCOUNT}/items"
    body = {"dateFrom": TODAY.isoformat(), "dateTo": TODAY.isoformat(), **STATS}

    assert [200, 429] == [seller.post(path, body).status_code for _ in range(2)]
    seller.act("time", advance=61)
    [day] = seller.post(path, body).json()["result"]["groupings"]
    assert ["views", "contacts", "spending"] == [metric["slug"] for metric in day["metrics"]]


def test_reviews_need_their_bounds(seller: Visitor) -> None:
    """Offset and limit are required; what is wrong is said in shape C."""
    page = seller.get("/ratings/v1/reviews", offset=30, limit=50).json()
    wrong = seller.get("/ratings/v1/reviews", offset="x", limit=5)

    assert 35 == page["total"]
    assert 5 == len(page["reviews"])
    assert 400 == wrong.status_code
    assert {"error": {"code": "validation", "message": "Field `offset` is not integer"}} == (
        wrong.json()
    )


def test_an_unknown_route(seller: Visitor) -> None:
    """The gateway answers 404 with a 400 inside; old versions of known routes are unknown too."""
    for path in ("/messenger/v1/chats", f"/messenger/v2/accounts/{ACCOUNT}/chats/x/messages"):
        answer = seller.get(path)
        assert 404 == answer.status_code
        assert {"message": f"route {path} not found", "code": 400} == answer.json()
    assert 404 == seller.get("/messenger/v1/subscriptions").status_code
