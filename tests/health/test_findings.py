"""What readings mean: every trouble is named with its cure, and nothing is named when all is well."""

from dataclasses import replace

import pytest

from forum.health import CURES, Level, Readings, exposition, findings, unready, unwell, worst
from forum.health.findings import AWAY, DISK_FULL_BYTES, DISK_LOW_BYTES, TRACES
from forum.journal import Condition, Durability
from forum.journal.durability import Problem
from forum.language import Reader
from forum.live import BOUNDS, Crowd, Pace, Reading
from forum.live.vitals import LASTS, Vitals

GB = 10**9
VITALS = Reading(
    append_seconds=0.02,
    append_classes=(2, 8, *[0] * (len(BOUNDS) - 1)),
    append_p99_ms=3.0,
    facts=12,
    verdicts={"Accepted": 9, "Refused": 1},
    away="",
    away_seconds=0.0,
    checked_seconds=1.0,
    lag_ms=4.0,
)
STORE = Durability("valkey", "9.1.2", True, "always", "noeviction", 0.2, "durable", ())
WELL = Readings(
    vitals=VITALS,
    crowd=Crowd(57, 1, 2, 0),
    forums=1,
    tasks=130,
    frozen=(),
    bells=True,
    away="",
    answer_ms=0.3,
    condition=Condition(10**7, 10**9, 80 * GB, last_write_ok=True),
    durability=STORE,
)
CROWD = Crowd(57, 1, 2, 0)


def found(now: Readings, crowd: Crowd = CROWD, **more) -> dict[str, Level]:
    return {f.code: f.level for f in findings(now, crowd=crowd, **{"forum": "ABC234"} | more)}


def test_when_all_is_well_nothing_is_asked_of_anybody():
    assert set(found(WELL).values()) == {Level.OK}
    assert unwell(WELL) == ()
    assert unready(WELL) == ()


def slow(ms: float) -> Readings:
    return replace(WELL, vitals=VITALS._replace(append_p99_ms=ms))


def late(ms: float) -> Readings:
    return replace(WELL, vitals=VITALS._replace(lag_ms=ms, lasting_lag_ms=ms))


def disk(free: int) -> Readings:
    return replace(WELL, condition=replace(WELL.condition, disk_free_bytes=free))


def memory(used: int) -> Readings:
    return replace(WELL, condition=replace(WELL.condition, memory_bytes=used))


def silent(ms: float) -> Readings:
    """A replica was waited for in vain; the primary itself answers at once."""
    return replace(slow(ms), condition=replace(WELL.condition, unconfirming=1))


@pytest.mark.parametrize(
    ("now", "code", "level"),
    [
        (slow(250), "store_slow", Level.WATCH),
        (slow(1500), "store_slow", Level.ACT),
        (replace(WELL, away="full"), "store_away", Level.ACT),
        (replace(WELL, away="timeout"), "store_away", Level.ACT),
        (silent(500), "replica_silent", Level.WATCH),
        (replace(WELL, frozen=("ABC234",)), "frozen", Level.ACT),
        (replace(WELL, bells=False), "bells", Level.WATCH),
        (replace(WELL, vitals=VITALS._replace(checked_seconds=30.0)), "bells", Level.WATCH),
        (late(300), "pace_late", Level.WATCH),
        (late(2000), "pace_late", Level.ACT),
        (disk(DISK_LOW_BYTES - 1), "disk_low", Level.WATCH),
        (disk(DISK_FULL_BYTES - 1), "disk_low", Level.ACT),
        (memory(int(0.85 * 10**9)), "memory_low", Level.WATCH),
        (memory(int(0.97 * 10**9)), "memory_low", Level.ACT),
        (replace(WELL, condition=replace(WELL.condition, last_write_ok=False)), "aof_failing", Level.ACT),
        (replace(WELL, durability=replace(STORE, problems=(Problem("aof_everysec"),))), "aof_everysec", Level.WATCH),
    ],
)  # fmt: skip
def test_every_trouble_is_found_first_and_says_what_to_do_in_both_languages(now, code, level):
    first = findings(now, crowd=CROWD, forum="ABC234")[0]

    assert (first.code, first.level) == (code, level)
    for lang in ("fr", "en"):
        assert Reader(lang).say(first.cure, **first.params)
    assert Reader("fr").say(first.sentence) != first.sentence
    assert Reader("fr").say(first.cure) != first.cure


def test_a_replica_that_does_not_confirm_is_not_called_a_slow_disk():
    assert "store_slow" not in found(silent(500))
    assert found(replace(silent(500), answer_ms=600.0))["store_slow"] == Level.WATCH, (
        "the primary is slow too"
    )
    assert found(slow(500))["store_slow"] == Level.WATCH
    assert "replica_silent" not in found(slow(500))


def test_one_hitch_is_no_news_in_the_room():
    hitch = replace(WELL, vitals=VITALS._replace(lag_ms=2000.0))

    assert found(hitch)["pace"] == Level.OK


async def test_what_is_late_again_and_again_lasts_and_a_single_hitch_does_not():
    vitals = Vitals(Pace())
    for late in (3.0, *[0.0] * 20):
        vitals._looked(late)
    assert (vitals.read().lag_ms, vitals.read().lasting_lag_ms) == (3000.0, 0.0)
    for _ in range(LASTS):
        vitals._looked(0.4)
    assert vitals.read().lasting_lag_ms == 400.0


async def test_two_slow_appends_of_a_minute_do_not_make_saving_slow_and_three_do():
    vitals = Vitals(Pace())
    for seconds in (*[0.004] * 20, 2.0, 2.0):
        vitals.appended(1, seconds)
    assert vitals.read().append_p99_ms == 4.0

    vitals.appended(1, 2.0)
    assert vitals.read().append_p99_ms == 2000.0


def test_a_few_slow_phones_are_no_news_and_many_are():
    assert found(WELL, Crowd(57, 1, 1, behind=2))["phones"] == Level.OK
    assert found(WELL, Crowd(57, 1, 1, behind=9))["phones_slow"] == Level.WATCH
    assert "phones_slow" not in found(WELL, Crowd(200, 1, 1, behind=9))


def test_another_forums_damage_is_not_this_ones_news():
    other = replace(WELL, frozen=("ZZZ999",))

    assert found(other)["journal"] == Level.OK
    assert found(other, forum="")["frozen"] == Level.ACT


def test_what_the_store_lost_is_to_do_until_the_desk_has_read_it():
    first = findings(WELL, crowd=CROWD, forum="ABC234", lost=True)[0]

    assert (first.code, first.level) == ("lost", Level.ACT)
    assert Reader("fr").say(first.sentence) != first.sentence
    assert Reader("fr").say(first.cure) != first.cure
    assert "journal" not in found(WELL, lost=True)
    assert "lost" not in found(WELL, lost=False)


def test_a_laptop_without_a_network_is_told_so_and_a_public_server_is_not():
    assert found(WELL, lan=(), public=False)["no_network"] == Level.ACT
    assert "no_network" not in found(WELL, lan=("192.0.2.7",), public=False)
    assert "no_network" not in found(WELL, lan=(), public=True)


def test_a_process_that_hears_nothing_is_unwell_and_one_whose_store_is_away_is_only_unready():
    deaf, away = replace(WELL, bells=False), replace(WELL, away="timeout", bells=False)

    assert unwell(deaf) == ("deaf",)
    assert unwell(away) == ()
    assert unready(away) == ("timeout",)


def test_every_reason_of_a_store_and_every_problem_has_its_cure_in_french():
    french = Reader("fr")

    assert [text for text in (AWAY | CURES).values() if french.say(text) == text] == []
    assert worst(findings(replace(WELL, away="refused"), crowd=CROWD)).cure == AWAY["away"]


def test_the_metrics_are_counted_and_name_no_forum():
    text = exposition(replace(WELL, frozen=("ABC234",))).decode()

    assert "forum_store_up 1.0" in text
    assert 'forum_connected{surface="phones"} 57.0' in text
    assert 'forum_append_seconds_bucket{le="0.002"} 10.0' in text
    assert 'forum_append_seconds_bucket{le="+Inf"} 10.0' in text
    assert 'forum_commands_total{verdict="refused"} 1.0' in text
    assert "forum_forums_frozen 1.0" in text
    assert "forum_tasks 130.0" in text
    assert "ABC234" not in text


def test_who_had_to_wait_at_the_door_is_told_to_whoever_leads():
    assert found(WELL, turned_away=12)["door"] == Level.WATCH
    assert "door" not in found(WELL, turned_away=0)


@pytest.mark.parametrize("why", ["denied", "failed", "away"])
def test_what_was_erased_and_cannot_leave_the_stores_files_is_said_with_its_own_cure(why: str):
    told = {f.code: f for f in findings(replace(WELL, traces=why), crowd=CROWD, forum="ABC234")}

    assert told["traces"].level == Level.WATCH
    assert told["traces"].cure == TRACES[why]
    assert "traces" not in found(WELL)


def test_an_erasure_that_waits_is_said_and_one_that_is_done_is_not():
    assert found(WELL, erasing=True)["erasure_waits"] == Level.WATCH
    assert "erasure_waits" not in found(WELL, erasing=False)


def test_a_forum_that_runs_out_of_space_and_browsers_that_were_copied_are_named_with_their_cure():
    low, full, copied = found(WELL, filled=80), found(WELL, filled=100), found(WELL, copies=2)

    assert (low["space_low"], full["space_full"], copied["copies"]) == (Level.WATCH, Level.ACT, Level.WATCH)
    assert all(f.cure for f in findings(WELL, crowd=CROWD, forum="ABC234", filled=80, copies=1) if f.level)
