"""J12: a second person of a name comes, and whatever shows the first one's name is drawn anew, by its law."""

from forum.domain.flow import OpenStep
from forum.domain.people import NameMyself
from forum.domain.plan.words import ChoosePilot, MakeAction, MakeAxis
from forum.domain.roles import Role
from forum.domain.settings import SheetSettings
from tests.live.conftest import DESK, PHONE, House, seated


async def test_J12_the_first_of_two_is_numbered_on_every_page_when_the_second_comes_and_not_when_she_goes(
    house: House,
) -> None:
    hub = await house.hub()
    code = await house.forum()
    await house.joined(hub, code, "fac", role=Role.FACILITATOR)
    await house.journal.set_name(code, "one", "Camille")
    await house.joined(hub, code, "one", "lea")
    steps = (await hub.shown(code)).view.state.steps
    plan = next(step.id for step in steps if isinstance(step.settings, SheetSettings))
    for command in (
        OpenStep(plan), MakeAxis("axis0001", "Lieux"), MakeAction("act00001", "axis0001", "Ouvrir"),
        ChoosePilot("act00001", "one"),
    ):  # fmt: skip
        await house.ask(hub, code, command, "fac")
    async with seated(hub, code, DESK, "fac") as desk, seated(hub, code, PHONE, "lea") as phone:
        assert "<bdi>Camille</bdi>" in desk.page["action-act00001"][2]
        before = len(phone.heard)
        await house.journal.set_name(code, "two", "camille")
        await house.joined(hub, code, "two")
        await hub.settled(code)
        for page in (desk, phone):
            assert "<bdi>Camille (1)</bdi>" in page.page["action-act00001"][2]
        assert "<bdi>camille (2)</bdi>" in desk.page["people"][2]
        assert "full" not in [frame["t"] for frame in phone.heard[before:]]

        await house.journal.set_name(code, "two", "Zoé")
        await house.ask(hub, code, NameMyself(), "two")
        await hub.settled(code)
        for page in (desk, phone):
            assert "<bdi>Camille</bdi>" in page.page["action-act00001"][2]
        async with seated(hub, code, PHONE, "one") as own:
            assert "Camille" in own.mine["my-name"][2]
