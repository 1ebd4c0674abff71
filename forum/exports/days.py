"""The days of the plan as a calendar: actions, milestones, the next meeting. Nobody is named."""

from collections.abc import Iterator
from datetime import datetime

from forum.domain.plan.rows import Whole
from forum.exports import calendar
from forum.exports.archive import in_lang
from forum.exports.calendar import Entry
from forum.exports.told import Archive
from forum.language import Reader, zones

WARNED_DAYS = 7  # before it


def write(told: Archive, whole: Whole, reader: Reader) -> bytes:
    """The calendar file."""
    return calendar.write(
        entries(told, whole, reader), round(datetime.fromisoformat(told.forum.at).timestamp() * 1000)
    )


def entries(told: Archive, whole: Whole, reader: Reader) -> Iterator[Entry]:
    """Every day that is known."""
    for action in whole.actions:
        kind = reader.say("Axis {number}", number=action.axis.code)
        dropped, warned = (
            action.status == "dropped",
            0 if action.status in ("done", "dropped") else WARNED_DAYS,
        )
        own = [(action.id, action.due, action.title)] + [
            (m.id, m.due, m.title) for m in action.milestones if not m.done
        ]
        for name, due, title in own:
            if due:
                yield Entry(
                    f"{name}@{told.forum.code}", due, f"[{action.code}] {title}", about=told.forum.title, kind=kind,
                    warned_days=warned, dropped=dropped,
                )  # fmt: skip
    for session in told.sessions:
        if session.phase == "planned" and session.date:
            title = in_lang(session.title, reader.lang) or reader.say("Next meeting")
            yield Entry(
                f"{session.id}@{told.forum.code}",
                session.date,
                title,
                session.place,
                told.forum.title,
                warned_days=WARNED_DAYS,
                begins=zones.instant(session.date, session.hour, reader.zone) if session.hour else None,
            )
