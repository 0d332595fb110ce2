"""`python -m bot check`: each thing that is wrong has its own words."""

from pathlib import Path

import pytest

from bot import check
from bot.check import Finding
from bot.settings import Settings
from tests.bot.town import ACCOUNT, Town, settings_for
from tests.sandbox.visitor import Live


@pytest.fixture(scope="module")
def outside() -> object:
    """A sandbox behind a real port."""
    served = Live()
    yield served
    served.close()


def settings(town: Town, outside: Live, tmp_path: Path, **more: object) -> Settings:
    base = outside.config.base_url
    said = {
        "avito_api_base": base,
        "openai_base_url": f"{base}/v1",
        "dezexpert_api_url": f"{base}/crm",
    }
    known = settings_for(str(town.bot.settings.database_url), tmp_path)
    return known.model_copy(update={**said, **more})


async def found(findings: list[Finding], name: str) -> Finding:
    return next(one for one in findings if one.name == name)


async def test_accounts_and_their_troubles(town: Town, outside: Live, tmp_path: Path) -> None:
    """
    Read beside the running bot: each account is named, and one that must be connected again says how.
    """
    asked = settings(town, outside, tmp_path)
    assert ["readable, 0 accounts"] == [one.said for one in await check._database(asked)]
    await town.connect()
    assert [None, None] == [one.todo for one in await check._database(asked)]

    await town.set("UPDATE account SET state = 'needs_reconnect'")
    trouble = (await check._database(asked))[1]
    assert trouble.todo
    assert str(ACCOUNT) in trouble.said


async def test_avito_and_its_application(village: Town, outside: Live, tmp_path: Path) -> None:
    """
    A known application is good; a wrong secret is named as such; a token that Avito does not know too.
    """
    await village.connect()

    good = await check._avito(settings(village, outside, tmp_path))
    wrong = await check._avito(settings(village, outside, tmp_path, avito_client_id="another"))

    assert good[0].todo is None
    assert "does not accept" in good[1].said  # connected to another sandbox
    assert "AVITO_CLIENT_ID" in str(wrong[0].todo)


async def test_the_model_and_the_crm(village: Town, outside: Live, tmp_path: Path) -> None:
    """
    Both answer in the sandbox; a wrong key, a wrong model and a CRM in trouble say which setting to look at.
    """
    asked = settings(village, outside, tmp_path)
    assert [None] == [one.todo for one in await check.writing(asked)]
    assert [None] == [one.todo for one in await check._crm(asked)]

    for fault, word in (("401", "OPENAI_API_KEY"), ("404", "OPENAI_MODEL"), ("429", "balance")):
        outside.http.post("/sandbox/faults", json={"next": {"model": [fault]}})
        [finding] = await check.writing(asked)
        assert word in str(finding.todo), fault
    nowhere = settings(village, outside, tmp_path, dezexpert_api_url="http://127.0.0.1:9")
    assert "DEZEXPERT_API_URL" in str((await check._crm(nowhere))[0].todo)


async def test_the_model_that_hears_and_the_cheaper_one(
    village: Town, outside: Live, tmp_path: Path
) -> None:
    """
    Where one is set it is tried as the assistant would ask it; where none is, that is said, and nothing is to mend.
    """
    [none] = await check.hearing(settings(village, outside, tmp_path))
    assert ("not set" in none.said, none.todo) == (True, None)

    more = {"openai_audio_model": "whisper-1", "openai_cheap_model": "small"}
    asked = settings(village, outside, tmp_path, **more)
    before = outside.http.get("/sandbox/state").json()["transcriptions"]
    [hears] = await check.hearing(asked)
    assert ("whisper-1" in hears.said, hears.todo) == (True, None)
    assert before + 1 == outside.http.get("/sandbox/state").json()["transcriptions"]
    assert ["model", "cheap model"] == [one.name for one in await check.writing(asked)]

    for fault, word in (("401", "OPENAI_API_KEY"), ("404", "OPENAI_AUDIO_MODEL"), ("429", "balance")):  # fmt: skip
        outside.http.post("/sandbox/faults", json={"next": {"model": [fault]}})
        [finding] = await check.hearing(asked)
        assert word in str(finding.todo), fault


async def test_an_address_that_avito_cannot_reach(
    village: Town, outside: Live, tmp_path: Path
) -> None:
    """
    With the real Avito a PUBLIC_URL of this machine alone is a mistake; so is one where nobody answers.
    """
    local = {"public_url": "http://127.0.0.1:9"}

    real = await check._webhook(
        settings(village, outside, tmp_path, avito_api_base="https://api.avito.ru", **local)
    )
    nobody = await check._webhook(settings(village, outside, tmp_path, **local))
    else_ = await check._webhook(
        settings(village, outside, tmp_path, public_url=outside.config.base_url)
    )

    assert "https address" in str(real[0].todo)
    assert "bot serve" in str(nobody[0].todo)
    assert "Something else" in str(else_[0].todo)
