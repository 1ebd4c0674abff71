"""Ballots whose time is over leave every place where they lay; what came of them is attested, by whoever looks."""

from io import BytesIO

import msgspec

from forum import audit
from forum.audit import Finding, Raw
from forum.cli.verify import evidence_of
from forum.domain.steps.voting import result
from forum.domain.terms import TermsSet
from forum.keeping import Ledger, back_up, restore
from forum.keeping.ending import planned
from forum.keeping.erasure import strike
from tests.keeping.conftest import DAY_MS, House
from tests.scenes import ANNE, LEA, START, Scene, a_vote


def a_shown_vote() -> Scene:
    return a_vote().voted(LEA, theme1=1, theme2=1).voted(ANNE, theme2=1).closed("vote").revealed("vote")


def of_an_older_version(scene: Scene) -> Scene:
    """The same, whose reveal recorded nothing."""
    kept = [(op, r) for _, op, r in scene.journal if type(r.fact).__name__ != "RoundCounted"]
    scene.journal = [(n, op, record) for n, (op, record) in enumerate(kept, 1)]
    return scene


async def tally(here: House, code: str) -> Finding:
    found = audit.verify(await evidence_of(here.journal, code))
    assert found.held, [f.sentence.format(**f.params) for f in found.findings if not f.held]
    return next(f for f in found.findings if f.check == "tally")


async def bodies(here: House, code: str) -> bytes:
    return b"\n".join(e.body for e in await here.journal.read(code))


async def test_K5_ballots_are_struck_after_their_time_and_the_result_is_attested(here: House):
    code, other = await here.put(a_shown_vote()), await here.put(a_shown_vote())
    before = result((await here.state(code)).rounds.latest("vote"))
    await here.add(other, TermsSet(365))
    here.now = START + 91 * DAY_MS
    await here.keeper.sweep()
    in_time, counted_again = await bodies(here, code), await tally(here, code)
    here.now = START + 92 * DAY_MS

    await here.keeper.sweep()
    facts = await here.journal.head(code)
    await here.keeper.sweep()

    assert b'"MarkGiven"' in in_time
    assert counted_again.says == "tally"
    assert b'"MarkGiven"' not in await bodies(here, code)
    assert result((await here.state(code)).rounds.latest("vote")) == before
    assert (await tally(here, code)).says == "attested"
    assert await here.journal.head(code) == facts
    assert b'"MarkGiven"' in await bodies(here, other)
    assert b'"MarkGiven"' not in Ledger(here.data).bytes()


async def test_K5_where_the_reveal_of_an_older_version_recorded_no_result_it_is_recorded_before_and_said(
    here: House,
):
    code = await here.put(of_an_older_version(a_shown_vote()))
    before = result((await here.state(code)).rounds.latest("vote"))
    here.now = START + 92 * DAY_MS

    await here.keeper.sweep()

    assert result((await here.state(code)).rounds.latest("vote")) == before
    assert (await tally(here, code)).says == "attested_late"


async def test_K5_what_a_crash_left_half_struck_is_struck_by_the_next_pass(here: House):
    code = await here.put(a_shown_vote())
    here.now = START + 92 * DAY_MS
    whole = planned(await here.journal.read(code), here.now).struck[0]
    part = msgspec.structs.replace(whole, struck=whole.struck[:1], more=True)
    await strike(here.journal, code, part, here.now, Ledger(here.data))
    half = await bodies(here, code)

    await here.keeper.sweep()

    assert (len(whole.struck), half.count(b'"MarkGiven"')) == (3, 2)
    assert b'"MarkGiven"' not in await bodies(here, code)
    assert (await tally(here, code)).says == "attested"


async def test_K5_a_restored_backup_brings_no_ballot_back(here: House):
    code = await here.put(a_shown_vote())
    file = BytesIO()
    await back_up(here.journal, Ledger(here.data), file, here.now)
    file.seek(0)
    here.now = START + 92 * DAY_MS
    await here.keeper.sweep()

    await restore(here.journal, Ledger(here.data), file, here.now, overwrite=True)

    assert b'"MarkGiven"' not in await bodies(here, code)
    assert (await tally(here, code)).says == "attested"


async def test_K5_ballots_that_were_struck_too_early_or_without_a_result_are_found(here: House):
    code = await here.put(a_shown_vote())
    here.now = START + 92 * DAY_MS
    await here.keeper.sweep()
    evidence = await evidence_of(here.journal, code)
    hurried = [_said(e, b'"t":%d' % here.now, b'"t":%d' % (START + DAY_MS)) for e in evidence.entries]
    silent = [_said(e, b'"RoundCounted"', b'"NothingSaid"') for e in evidence.entries]

    for entries, says in ((hurried, "early"), (silent, "unattested")):
        found = audit.verify(evidence._replace(entries=entries))
        assert says in [f.says for f in found.findings if not f.held]


def _said(entry: Raw, was: bytes, now: bytes) -> Raw:
    return entry._replace(body=entry.body.replace(was, now))
