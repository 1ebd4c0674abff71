"""What the readings mean: one finding for each thing that matters to a hall, in plain words, with its cure.

Pure. The bounds are set where people begin to feel a delay, not where machines begin to suffer. Sentences
are message ids, and ``params`` fill them: ``size`` is in bytes, other numbers are as they are.
"""

from collections.abc import Iterator, Sequence
from enum import IntEnum
from typing import Any, Final, NamedTuple

from forum.domain.kernel import N_
from forum.health.readings import Readings
from forum.journal import REPLICA_WAIT_MS
from forum.live import Crowd

MB: Final = 1024**2
SLOW_MS: Final = 200.0  # a tick on a phone that takes so long is noticed
CRAWLING_MS: Final = 1000.0
LATE_MS: Final = 200.0  # turns of this process that come so late
STALLED_MS: Final = 1000.0
DISK_LOW_BYTES: Final = 2000 * MB
DISK_FULL_BYTES: Final = 500 * MB
FULL_SHARE: Final = 100  # percent of a forum's space
MEMORY_LOW: Final = 0.8
MEMORY_FULL: Final = 0.95
BEHIND_SHARE: Final = 0.1
BEHIND_PHONES: Final = 3  # fewer may be phones that just went to sleep
CHECK_SECONDS: Final = 10.0  # the position check runs every two

CURES: Final = {
    "aof_off": N_("The store keeps nothing on disk. Set appendonly to yes and appendfsync to always."),
    "aof_everysec": N_(
        "The store writes to disk once a second: a power cut may lose a second. Set appendfsync to always."
    ),
    "aof_no": N_("The operating system decides when the store writes to disk. Set appendfsync to always."),
    "aof_unknown": N_(
        "The store does not tell how it writes to disk. Allow CONFIG GET, or ask whoever runs it."
    ),
    "eviction_unknown": N_(
        "The store does not tell whether it may delete data. Make sure of maxmemory-policy noeviction."
    ),
    "aof_failing": N_("The store’s last write to disk failed. Free some disk space, then look again."),
    "slow_disk": N_(
        "The disk is slow to confirm ({detail}). Use an internal disk, not a memory card or a network folder."
    ),
    "fsync_fails": N_("The disk does not confirm writes ({detail}). Choose a folder on a local disk."),
}
"""What to do about a problem of ``Durability``."""

AWAY: Final = {
    "away": N_(
        "Leave the phones as they are: what people send waits there and leaves by itself. If this lasts longer than a "
        "minute, restart Forum, or the store where it is another program."
    ),
    "full": N_(
        "The store is full. Free disk space or memory on the machine that keeps it. What people send waits on their phones."
    ),
    "readonly": N_(
        "The store only answers questions now: another machine may have taken over. Give its address in FORUM_REDIS_URL, "
        "then restart Forum."
    ),
    "noreplicas": N_(
        "The store waits for its copies on other machines. Whoever runs it must bring a copy back, or ask for fewer."
    ),
    "busy": N_(
        "The store is occupied by something else. Whoever runs it must end the long task (SCRIPT KILL, or a restart)."
    ),
    "misconf": N_(
        "The store could not write to its disk and takes nothing more. Free some disk space there."
    ),
    "timeout": N_(
        "The store is there and does not answer: its machine stands still or is overloaded. Leave the phones as they are: "
        "what people send waits there and leaves by itself. If this lasts longer than a minute, restart the store."
    ),
    "denied": N_("The store refuses our user. Whoever runs it must restore the access rules."),
}
"""What to do while the store does not take facts, by ``Unavailable.reason``."""


TRACES: Final = {
    "denied": N_(
        "The store does not let Forum rewrite its files: whoever runs it must run BGREWRITEAOF and BGSAVE there, or allow it."
    ),
    "failed": N_(
        "Whoever runs the store must look at its log and its free disk. Forum tries again by itself, less often each time."
    ),
    "away": N_(
        "A server of the store, perhaps a copy, cannot be reached. Whoever runs it must start it, or remove it. Forum tries "
        "again by itself, less often each time."
    ),
}
"""What to do while what was erased cannot leave the store's files, by ``Rewritten``."""


class Level(IntEnum):
    """How much a finding matters."""

    OK = 0
    WATCH = 1  # good to know, nothing is lost
    ACT = 2  # somebody must do something


class Finding(NamedTuple):
    """One thing looked at."""

    code: str
    level: Level
    sentence: str  # what is so; a message id
    cure: str = ""  # what to do, a message id; "" when nothing need be done
    params: dict[str, Any] = {}
    place: str = ""  # where at the desk it is done, as the end of its address


def findings(
    now: Readings,
    *,
    crowd: Crowd,
    forum: str = "",
    lost: bool = False,
    turned_away: int = 0,
    copies: int = 0,
    filled: int = 0,
    erasing: bool = False,
    crowded: bool = False,
    lan: Sequence[str] = (),
    public: bool = True,
) -> list[Finding]:
    """Look at everything, the worst first, else in the order of a facilitator's worries.

    crowd   of the forum asked about
    forum   its code; "" for the server as a whole
    copies  browsers of it that were copied
    filled  percent of its space that are, as the desk was told
    lost    the store lost facts of it, and nobody at the desk has said yet that this was read
    turned_away   how often somebody was asked to wait before coming in, of late
    erasing   an erasure of the forum has been waiting for a while
    crowded       lately more people came from one place than come from a hall
    lan     addresses that phones in the room could reach; of no matter where the server is ``public``
    """
    found = [
        *_saving(now),
        *_journal(now, forum, lost),
        *_phones(crowd),
        *_door(turned_away, crowded),
        *_copies(copies),
        *_space(filled),
        *_erased(now, erasing),
        *_bells(now),
        *_pace(now),
        *_disk(now),
        *_memory(now),
        *_promise(now),
        *_network(lan, public),
    ]
    return sorted(found, key=lambda finding: -finding.level)


def worst(found: Sequence[Finding]) -> Finding:
    """What to say when there is room for one sentence."""
    return max(found, key=lambda finding: finding.level)


def unwell(now: Readings) -> tuple[str, ...]:
    """Why this process should not be believed to live: what its supervisor must know. Empty when it is well.

    A store that is away is not in here: starting this process again would not bring it back.
    """
    deaf = not now.away and not now.bells
    blind = not now.away and now.vitals.checked_seconds > CHECK_SECONDS
    return tuple(code for code, so in (("deaf", deaf), ("blind", blind)) if so)


def unready(now: Readings) -> tuple[str, ...]:
    """Why nobody should be sent to this process now. Empty when it can serve."""
    return tuple(filter(None, [now.away, *unwell(now)]))


# --- one thing each


def _saving(now: Readings) -> Iterator[Finding]:
    if now.away:
        seconds = round(now.vitals.away_seconds)
        sentence = N_("Nothing can be saved ({seconds} s now). Phones keep what people write.")
        cure = AWAY.get(now.away, AWAY["away"])
        yield Finding("store_away", Level.ACT, sentence, cure, {"seconds": seconds})
        return
    slowest = max(now.vitals.append_p99_ms, now.answer_ms)
    params = {"ms": round(slowest, 1 if slowest < 10 else None)}
    yield from _replicas(now)
    if slowest > SLOW_MS and not _waits_for_replicas(now):
        level = Level.ACT if slowest > CRAWLING_MS else Level.WATCH
        cure = N_(
            "Nothing is lost. Close other programs on the machine that keeps the data; an internal disk is faster than a "
            "memory card."
        )
        yield Finding("store_slow", level, N_("Saving is slow: {ms} ms."), cure, params)
    elif slowest <= SLOW_MS:
        yield Finding("store", Level.OK, N_("What people send is saved within {ms} ms."), "", params)


def _replicas(now: Readings) -> Iterator[Finding]:
    missing = now.condition.unconfirming if now.condition else 0
    if not missing:
        return
    sentence = N_(
        "A copy of the store on another machine is missing, or did not confirm in the last minute: saving may take half a "
        "second longer, and a breakdown of the store could cost the last moment."
    )
    cure = N_(
        "Nothing is lost, and no disk is slow. Whoever runs the store must bring its replica back, or ask for fewer with "
        "FORUM_REPLICAS and restart Forum."
    )
    yield Finding("replica_silent", Level.WATCH, sentence, cure)


def _waits_for_replicas(now: Readings) -> bool:
    """Whether a slow append is explained by a replica that was waited for in vain: the primary itself answers at once."""
    silent = now.condition is not None and now.condition.unconfirming > 0
    return silent and now.answer_ms <= SLOW_MS and now.vitals.append_p99_ms <= REPLICA_WAIT_MS + CRAWLING_MS


def _journal(now: Readings, forum: str, lost: bool) -> Iterator[Finding]:
    frozen = forum in now.frozen if forum else bool(now.frozen)
    if frozen:
        sentence = N_(
            "The records of this forum do not fit together: it can be read, and takes nothing more."
        )
        cure = N_(
            "Download the exports now. Then tell whoever runs the server: the log names the place, and a backup may be "
            "restored. People’s phones keep what they have."
        )
        if not forum:
            sentence = N_(
                "The records of {codes} do not fit together: they can be read, and take nothing more."
            )
        yield Finding("frozen", Level.ACT, sentence, cure, {"codes": ", ".join(now.frozen)})
    elif lost:
        cure = N_(
            "The desk says how much, what came back and what to do. Press “Understood” there once it is read."
        )
        yield Finding(
            "lost", Level.ACT, N_("The store lost some of what was saved in this forum."), cure, place="#loss"
        )
    elif forum:
        yield Finding("journal", Level.OK, N_("The records of this forum are complete."))


def _phones(crowd: Crowd) -> Iterator[Finding]:
    everybody = crowd.phones + crowd.screens + crowd.desks
    params = {"n": crowd.behind, "phones": crowd.phones, "screens": crowd.screens}
    if crowd.behind >= max(BEHIND_PHONES, BEHIND_SHARE * everybody):
        sentence = N_("{n} devices do not keep up: the network does not take what they should show.")
        cure = N_(
            "Nothing is lost: they catch up by themselves. The Wi-Fi is very busy: bring the access "
            "point nearer, add a second one, or ask people to close other apps."
        )
        yield Finding("phones_slow", Level.WATCH, sentence, cure, params)
    elif not crowd.phones:
        yield Finding("phones_none", Level.OK, N_("No phone is connected to this server at the moment."))
    else:
        yield Finding("phones", Level.OK, N_("Phones connected: {phones}. All keep up."), "", params)
    if not crowd.screens:
        cure = N_("Open the screen’s link on the computer connected to the projector.")
        yield Finding(
            "screen_none", Level.OK, N_("No screen is connected to this server at the moment."), cure
        )


def _door(turned_away: int, crowded: bool) -> Iterator[Finding]:
    if crowded:
        sentence = N_(
            "More people come in from one place than from any hall. They are let in one after another."
        )
        cure = N_(
            "If they are strangers: open “Latest arrivals” under “People” at the desk and remove those of that place "
            "together. Links and printed tickets are not held up."
        )
        yield Finding("crowd", Level.WATCH, sentence, cure, place="/arrivals")
    if not turned_away:
        return
    sentence = N_("Very many people come in at once: {n} were asked to wait.")
    cure = N_(
        "While a hall fills up this passes by itself. If they are strangers, lock the room at the desk: whoever is in "
        "stays in."
    )
    yield Finding("door", Level.WATCH, sentence, cure, {"n": turned_away})


def _space(filled: int) -> Iterator[Finding]:
    if not filled:
        return
    cure = N_(
        "Download the exports. Whoever runs the server can give forums more (FORUM_MOST_MB, then a "
        "restart); other forums are not affected."
    )
    if filled >= FULL_SHARE:
        yield Finding("space_full", Level.ACT, N_("This forum is full: no more can be written here."), cure)
    else:
        sentence = N_("Four fifths of the space of this forum are filled.")
        yield Finding("space_low", Level.WATCH, sentence, cure)


def _copies(copies: int) -> Iterator[Finding]:
    if not copies:
        return
    sentence = N_(
        "Browsers of this forum that were copied: {n}. Two pages numbered their contributions alike."
    )
    cure = N_(
        "Nothing is lost: what came second is sent again under a number of its own. If nobody has moved "
        "to another device, remove that person’s access at the desk."
    )
    yield Finding("copies", Level.WATCH, sentence, cure, {"n": copies})


def _erased(now: Readings, erasing: bool) -> Iterator[Finding]:
    if erasing:
        cure = N_(
            "It is tried again by itself, and nothing need be asked again. If this stays for an hour, tell whoever runs the "
            "server: the log says why."
        )
        sentence = N_("Something that was to be erased in this forum is not erased yet.")
        yield Finding("erasure_waits", Level.WATCH, sentence, cure)
    if now.traces:
        sentence = N_("What was erased is gone from every page, but not yet from the store’s files.")
        yield Finding("traces", Level.WATCH, sentence, TRACES.get(now.traces, TRACES["failed"]))


def _bells(now: Readings) -> Iterator[Finding]:
    if now.away or (now.bells and now.vitals.checked_seconds <= CHECK_SECONDS):
        return
    sentence = N_("News reaches this server late: pages may be some seconds behind.")
    cure = N_(
        "This usually passes by itself. If it lasts for a minute, restart Forum: people notice a few seconds."
    )
    yield Finding("bells", Level.WATCH, sentence, cure)


def _pace(now: Readings) -> Iterator[Finding]:
    lag = now.vitals.lasting_lag_ms
    if lag <= LATE_MS:
        yield Finding("pace", Level.OK, N_("The server keeps pace."))
        return
    level = Level.ACT if lag > STALLED_MS else Level.WATCH
    sentence = N_("The server has been slow for a little while: it answers {ms} ms late.")
    cure = N_(
        "Carry on: nothing is lost, and in the room what people send shows a moment later. If it goes on, close other "
        "programs on the server’s machine and plug it in. For a very large hall start it with --workers 2 or more."
    )
    yield Finding("pace_late", level, sentence, cure, {"ms": round(lag)})


def _disk(now: Readings) -> Iterator[Finding]:
    free = now.condition.disk_free_bytes if now.condition else None
    if free is None:
        return
    params = {"size": free}
    if free >= DISK_LOW_BYTES:
        yield Finding("disk", Level.OK, N_("Disk space left: {size}."), "", params)
        return
    level = Level.ACT if free < DISK_FULL_BYTES else Level.WATCH
    cure = N_("Free some space on the machine that runs Forum: when the disk is full, nothing can be saved.")
    yield Finding("disk_low", level, N_("The disk is nearly full: {size} left."), cure, params)


def _memory(now: Readings) -> Iterator[Finding]:
    state = now.condition
    if state is None or not state.memory_max_bytes:
        return
    share = state.memory_bytes / state.memory_max_bytes
    if share < MEMORY_LOW:
        return
    level = Level.ACT if share > MEMORY_FULL else Level.WATCH
    sentence = N_("The store’s memory is nearly full: {percent} %.")
    cure = N_(
        "Whoever runs the store must give it more memory, or remove old forums: full, it takes nothing more."
    )
    yield Finding("memory_low", level, sentence, cure, {"percent": round(share * 100)})


def _promise(now: Readings) -> Iterator[Finding]:
    if now.condition and not now.condition.last_write_ok:
        sentence = N_("The store’s last write to disk failed.")
        yield Finding("aof_failing", Level.ACT, sentence, CURES["aof_failing"])
    if now.durability is None:
        return
    for problem in now.durability.problems:
        if problem.code == "aof_failing":
            continue  # judged above, from now and not from the start
        sentence = N_("“Saved” promises less than it could on this store.")
        yield Finding(problem.code, Level.WATCH, sentence, CURES[problem.code], {"detail": problem.detail})


def _network(lan: Sequence[str], public: bool) -> Iterator[Finding]:
    if not public and not lan:
        sentence = N_("No network that phones could share.")
        yield Finding("no_network", Level.ACT, sentence, N_("Join the venue’s Wi-Fi or open a hotspot."))
