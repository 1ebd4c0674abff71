"""The end of a forum: announced, extended, carried out by whichever process comes first, and written down."""

from structlog.testing import capture_logs

from forum import audit
from forum.cli.verify import evidence_of
from forum.domain.keeping import EndIsNear, KeepUntilSet, last_day
from forum.keeping import Ledger
from tests.keeping.conftest import DAY_MS, House, house
from tests.scenes import LEA, START, a_room


async def a_forum(here: House, days: int) -> str:
    return await here.put(a_room().opened("ideas").with_ideas(1), keep_until=last_day(START, days))


async def told(here: House, code: str) -> int:
    return (await here.state(code)).keeping.told


async def test_K1_a_forum_whose_last_day_has_passed_is_deleted_whole(here: House):
    code, other = await a_forum(here, 10), await a_forum(here, 400)
    await here.journal.set_name(code, LEA, "Léa")
    await here.journal.put_key(code, "0" * 64, b"{}")
    here.now = START + 11 * DAY_MS
    await here.keeper.sweep()
    still = await here.journal.head(code)
    here.now = START + 12 * DAY_MS

    await here.keeper.sweep()
    await here.keeper.sweep()

    assert still is not None
    assert await here.journal.head(code) is None
    assert (await here.journal.names(code), await here.journal.keys(code)) == ({}, {})
    assert [f.code for f in await here.journal.forums()] == [other]
    assert [(line.code, line.purged) for line in Ledger(here.data).read().lines] == [(code, True)]


async def test_a_forum_without_such_a_day_is_never_deleted(here: House):
    code = await here.put(a_room())
    here.now = START + 100 * 365 * DAY_MS

    await here.keeper.sweep()

    assert await here.journal.head(code) is not None


async def test_the_desk_is_told_thirty_days_and_seven_days_before_and_once_each(here: House):
    code = await a_forum(here, 100)
    heard = []
    for day in (1, 69, 70, 71, 92, 93, 94, 100):
        here.now = START + day * DAY_MS
        await here.keeper.sweep()
        await here.keeper.sweep()
        heard.append(await told(here, code))

    facts = [e for e in await here.journal.read(code) if e.op.startswith("keeper-")]
    assert heard == [0, 0, 30, 30, 30, 7, 7, 7]
    assert len(facts) == 2


async def test_K1_another_day_takes_the_notice_back_and_the_forum_stays(here: House):
    code = await a_forum(here, 20)
    await here.keeper.sweep()
    before = await told(here, code)
    await here.add(code, KeepUntilSet(last_day(START, 500)))
    here.now = START + 30 * DAY_MS

    await here.keeper.sweep()

    assert (before, await told(here, code)) == (30, 0)
    assert await here.journal.head(code) is not None


async def test_a_day_that_is_put_off_and_put_back_is_told_of_again_and_the_journal_proves_itself(here: House):
    code = await a_forum(here, 20)
    await here.keeper.sweep()
    await here.add(code, KeepUntilSet(last_day(START, 500)), op="desk-000000000001:1")
    await here.keeper.sweep()
    await here.add(code, KeepUntilSet(last_day(START, 20)), op="desk-000000000001:2")

    await here.keeper.sweep()

    found = audit.verify(await evidence_of(here.journal, code))
    assert await told(here, code) == 30
    assert [f for f in found.findings if f.check == "ops" and not f.held] == []


async def test_a_day_that_was_put_off_while_another_process_was_looking_counts(here: House):
    code = await a_forum(here, 10)
    here.now = START + 12 * DAY_MS
    [due] = await here.keeper.due()
    await here.add(code, KeepUntilSet(last_day(START, 500)))

    await here.keeper.sweep()

    assert due.code == code
    assert await here.journal.head(code) is not None
    assert await here.keeper.due() == []


async def test_K1_a_day_that_the_store_has_lost_deletes_nothing_however_far_the_journal_went_on(here: House):
    code = await a_forum(here, 400)
    keys = [f"{{{code}}}:{kind}" for kind in "mj"]
    kept = [await here.journal._calls.one("DUMP", key) for key in keys]
    await here.add(code, KeepUntilSet(last_day(START, 5)))
    await here.keeper.sweep()
    for key, value in zip(keys, kept, strict=True):
        await here.journal._calls.one("RESTORE", key, 0, value, "REPLACE")
    await here.add(code, EndIsNear(30))
    here.now = START + 6 * DAY_MS
    await here.keeper.sweep()  # as long as the one that was lost
    await here.add(code, EndIsNear(7))

    await here.keeper.sweep()

    assert await here.journal.head(code) is not None
    assert await here.keeper.due() == []


async def test_two_processes_sweep_without_getting_into_each_others_way(here: House):
    code = await a_forum(here, 20)
    async with house(here.data) as other:
        await here.keeper.sweep()
        await other.keeper.sweep()
        other.now = here.now = START + 22 * DAY_MS
        await other.keeper.sweep()
        await here.keeper.sweep()
        first, second = (
            await here.journal.keeping.turn("sweep", 60),
            await other.journal.keeping.turn("sweep", 60),
        )

    assert (first, second) == (True, False)
    assert await here.journal.head(code) is None


async def test_the_end_of_a_forum_is_in_the_log_as_evidence_without_a_text(here: House):
    code = await a_forum(here, 1)
    here.now = START + 3 * DAY_MS

    with capture_logs() as log:
        await here.keeper.sweep()

    [line] = log
    assert (line["event"], line["forum"]) == ("forum_deleted", code)
    assert "Idea number" not in str(line)
