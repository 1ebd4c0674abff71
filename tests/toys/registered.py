"""The registrations of the toys, line by line what CONTRIBUTING.md asks of a new kind. Before anything else is imported."""

import sys
from pathlib import Path

from forum.domain import settings
from tests.toys import tables_settings

settings.Settings = settings.Settings | tables_settings.TablesSettings  # type: ignore[misc]

from forum.domain import roles, things  # noqa: E402
from forum.domain.steps.kinds import KINDS  # noqa: E402
from tests.toys import tables  # noqa: E402

assert "forum.domain.room" not in sys.modules, "the rules are put together already"
KINDS[tables.NAME] = tables.KIND
things.THINGS["note"] = tables.THING  # type: ignore[index]
roles.MAY |= {"SitDown": roles.VOICE, "WriteNote": roles.VOICE, "TakeNoteBack": roles.VOICE}

from forum.fragments import environment, kinds  # noqa: E402
from tests.toys import tables_faces  # noqa: E402
from tests.toytemplates import and_beside  # noqa: E402

assert "forum.fragments.phone" not in sys.modules, "the surfaces are put together already"
kinds.PHONE[tables.NAME] = tables_faces.PHONE
kinds.SCREEN[tables.NAME] = tables_faces.SCREEN
kinds.DESK[tables.NAME] = tables_faces.DESK
folders = and_beside(Path(__file__).parent / "templates")
environment.templates_dir = lambda: folders  # type: ignore[assignment,return-value]

from forum.demo import play  # noqa: E402


async def _sit_and_write(stage: play.Stage, step: play.Step) -> None:
    for n, person in enumerate(stage.people):
        await stage.ask(person, "SitDown", step=step.id, table=1 + n % 2)
        await stage.ask(person, "WriteNote", step=step.id, note=f"note{n:04}", text=f"Note {n}")


play.PARTS[tables.NAME] = _sit_and_write
play.SECONDS_OF[tables.NAME] = 1.0
