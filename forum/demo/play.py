"""The demo's play: who says what, when. The same seed gives the same contributions.

People differ: some think long, some press twice, some lose the network for a while and come back. Each step is
opened by a simulated facilitator; what people do in it is ``PARTS``, one function a kind of step.
"""

import asyncio
import random
from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, NamedTuple

from forum.demo.client import Client
from forum.demo.material import Material, material
from forum.demo.voters import VOTERS
from forum.domain.consents.texts import NAME_READ
from forum.domain.dates import today
from forum.domain.state import Step
from forum.domain.steps.commitments import READERS
from forum.domain.steps.kinds import KINDS
from forum.domain.steps.voting import settings_of

LEAST_IDEAS = 150
SECONDS_OF = {
    "show": 3.0,
    "board": 40.0,
    "sort": 40.0,
    "ballot": 20.0,
    "sheet": 40.0,
    "pledge": 25.0,
    "proposal": 30.0,
}
"""How long the people are busy in a step of this kind at pace 1."""


AGREEING = {
    "fr": {
        "proposal": "Nous ouvrons le lieu un jeudi par mois, jusqu’à 21 heures.",
        "question": "Qui ferme le lieu ce soir-là ?",
        "reaction": "J’aime l’idée, surtout en hiver.",
        "objection": "Personne n’est payé après 19 heures : le lieu ne serait pas tenu.",
        "how": "Deux bénévoles tiennent le lieu après 19 heures.",
        "amended": "Nous ouvrons le lieu un jeudi par mois, jusqu’à 21 heures ; deux bénévoles le tiennent après 19 heures.",
    },
    "en": {
        "proposal": "We open the place one Thursday a month, until 9 pm.",
        "question": "Who locks up on that evening?",
        "reaction": "I like it, in winter above all.",
        "objection": "Nobody is paid after 7 pm: the place would have no keeper.",
        "how": "Two volunteers keep the place after 7 pm.",
        "amended": "We open the place one Thursday a month, until 9 pm; two volunteers keep it after 7 pm.",
    },
}
"""What is said in a decision by consent."""


class Actor(NamedTuple):
    """One simulated participant: the cookie of a participation made ahead, and a character."""

    person: str
    cookie: str


class Cast(NamedTuple):
    """Everything the play needs: addresses, the desk's access, the participants, the agenda."""

    address: str  # of the forum: http://host/f/CODE
    desk_cookie: str
    actors: Sequence[Actor]
    steps: Sequence[Step]
    at: int  # ms since the epoch, for the dates people promise


@dataclass
class Person:
    """One actor on stage."""

    name: str
    client: Client
    rng: random.Random
    slowness: float
    twice: bool  # presses twice
    flaky: bool  # loses the network now and then


@dataclass
class Stage:
    """The play under way: what has been said so far, by id."""

    lang: str
    rng: random.Random
    pace: float
    at: int
    desk: Client
    people: list[Person]
    said: Material = field(default_factory=material)
    idea_theme: dict[str, int] = field(default_factory=dict)  # idea id → number of its theme
    made: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    """The ids of what a vote may be over, by the kind of thing."""
    refused: int = 0
    accepted: int = 0

    @property
    def themes(self) -> list[tuple[str, str, tuple[str, ...]]]:
        """(id, title, ideas) of every theme there is to find."""
        english = self.lang == "en"
        return [
            (f"theme{n:03}", t.title_en if english else t.title_fr, t.ideas_en if english else t.ideas)
            for n, t in enumerate(t for axis in self.said.axes for t in axis.themes)
        ]

    async def pause(self, seconds: float) -> None:
        """Let ``seconds`` of the play's own time pass."""
        await asyncio.sleep(seconds * self.pace)

    async def ask(self, person: Person, command: str, **body: Any) -> bool:
        """Let a person do something, in their manner."""
        if person.flaky and person.rng.random() < 0.15:
            await person.client.drop()
        asked = [person.client.do(command, **body)]
        if person.twice and person.rng.random() < 0.2:
            asked.append(person.client.do(command, **body))
        first, *_ = await asyncio.gather(*asked)
        self.accepted += first.accepted
        self.refused += not first.accepted
        return first.accepted


async def play(cast: Cast, *, lang: str = "fr", seed: int = 1, pace: float = 1.0, until: str = "") -> Stage:
    """Play the whole forum, or until the step with the id ``until`` is over. Returns what came of it."""
    rng = random.Random(seed)
    async with _Company(cast, lang, rng) as (desk, people):
        stage = Stage(lang, rng, pace, cast.at, desk, people)
        await asyncio.gather(*(p.client.do("NameMyself") for p in people))
        for step in cast.steps:
            await desk.do("OpenStep", step=step.id)
            await PARTS[step.kind](stage, step)
            await _say_done(stage)
            kind = KINDS[step.kind].settings
            if kind.counted:
                await desk.do("CloseStep", step=step.id)
                await stage.pause(3)
            if kind.reveals:
                await desk.do("RevealStep", step=step.id, knowing=True)  # a play may have few people
                await stage.pause(6)
            if step.id == until:
                break
        return stage


class _Company:
    """The desk and the participants, connected for as long as the play lasts."""

    def __init__(self, cast: Cast, lang: str, rng: random.Random) -> None:
        self._desk = Client(
            f"{cast.address}/desk", cast.desk_cookie, lang=lang, rng=random.Random(rng.random())
        )
        self._people = [
            _person(cast.address, actor, lang, random.Random(rng.random())) for actor in cast.actors
        ]

    async def __aenter__(self) -> tuple[Client, list[Person]]:
        await self._desk.__aenter__()
        for person in self._people:
            await person.client.__aenter__()
        return self._desk, self._people

    async def __aexit__(self, *error: object) -> None:
        await asyncio.gather(self._desk.__aexit__(), *(p.client.__aexit__() for p in self._people))


def _person(address: str, actor: Actor, lang: str, rng: random.Random) -> Person:
    return Person(
        name=actor.person,
        client=Client(address, actor.cookie, lang=lang, rng=rng),
        rng=rng,
        slowness=rng.choice([0.4, 0.7, 1.0, 1.0, 1.6]),
        twice=rng.random() < 0.2,
        flaky=rng.random() < 0.2,
    )


Job = tuple[Person, Callable[[], Awaitable[object]]]


async def _in_turn(stage: Stage, step: Step, jobs: Sequence[Job]) -> None:
    """Do jobs spread over the time of a step, each person one after another at their own speed."""
    mine: dict[str, list[Callable[[], Awaitable[object]]]] = {}
    people = {p.name: p for p, _ in jobs}
    for person, job in jobs:
        mine.setdefault(person.name, []).append(job)

    async def one(person: Person, own: list[Callable[[], Awaitable[object]]]) -> None:
        for job in own:
            await stage.pause(
                person.rng.uniform(0.2, 1.6) * person.slowness * SECONDS_OF[step.kind] / (1.6 * len(own))
            )
            await job()

    await asyncio.gather(*(one(people[name], own) for name, own in mine.items()))


async def _say_done(stage: Stage) -> None:
    said = [p for p in stage.people if p.rng.random() < 0.85]
    await asyncio.gather(*(p.client.do("SayDone") for p in said))
    await stage.pause(1)


async def _watch(stage: Stage, step: Step) -> None:
    await stage.pause(SECONDS_OF[step.kind])


async def _write(stage: Stage, step: Step) -> None:
    """Everybody writes; all the material is said once, in a random order, by random people."""
    everything = [(number, text) for number, (_, _, ideas) in enumerate(stage.themes) for text in ideas]
    stage.rng.shuffle(everything)
    wanted = max(LEAST_IDEAS, 4 * len(stage.people))
    jobs: list[Job] = []
    for n, (theme, text) in enumerate(everything[:wanted]):
        person = stage.people[n % len(stage.people)]
        idea = f"demo{n:04}"
        stage.idea_theme[idea] = theme
        stage.made["idea"].append(idea)

        async def post(person: Person = person, idea: str = idea, text: str = text) -> None:
            await stage.ask(person, "PostIdea", id=idea, text=text, step=step.id)

        jobs.append((person, post))
    await _in_turn(stage, step, jobs)


async def _sort(stage: Stage, step: Step) -> None:
    """For each theme somebody groups the first cards and names it; then others bring the rest."""
    sorters = stage.rng.sample(stage.people, max(1, len(stage.people) // 3))
    by_theme: dict[int, list[str]] = {}
    for idea, theme in stage.idea_theme.items():
        by_theme.setdefault(theme, []).append(idea)
    found = [(stage.themes[n], ideas) for n, ideas in sorted(by_theme.items())]
    stage.made["theme"] = sorted(name for (name, _, _), _ in found)
    first: list[Job] = []
    rest: list[Job] = []
    for (name, title, _), ideas in found:
        person = stage.rng.choice(sorters)

        async def group(
            person: Person = person, theme: str = name, title: str = title, ideas: list[str] = ideas
        ) -> None:
            await stage.ask(person, "GroupIdeas", ideas=ideas[:3], theme=theme, title=title)

        first.append((person, group))
        for at in range(3, len(ideas), 3):
            if stage.rng.random() < 0.06:
                continue  # loners stay alone

            mover = stage.rng.choice(sorters)

            async def move(
                person: Person = mover,
                theme: str = name,
                some: list[str] = ideas[at : at + 3],
            ) -> None:
                await stage.ask(person, "MoveIdeas", ideas=some, theme=theme)

            rest.append((mover, move))
    await _in_turn(stage, step, first)
    await _in_turn(stage, step, rest)


async def _vote(stage: Stage, step: Step) -> None:
    """Everybody gives to what they care for, each vote in the manner of its method."""
    settings = settings_of(step)
    options = stage.made[settings.takes]
    weights = [stage.rng.random() ** 2 + 0.05 for _ in options]
    jobs: list[Job] = []
    for person in stage.people:
        for option, mark in VOTERS[settings.method](person.rng, options, weights).items():

            async def cast(person: Person = person, option: str = option, mark: int = mark) -> None:
                await stage.ask(person, "GiveMark", step=step.id, key=option, mark=mark)

            jobs.append((person, cast))
    await _in_turn(stage, step, jobs)


async def _plan(stage: Stage, step: Step) -> None:
    """The desk makes the axes; people write actions, propose themselves; the desk says who pilots."""
    english = stage.lang == "en"
    number = {t.title_fr: n for n, t in enumerate(t for axis in stage.said.axes for t in axis.themes)}
    used = set(stage.idea_theme.values())
    axis_of: dict[str, str] = {}
    for n, axis in enumerate(stage.said.axes):
        themes = [stage.themes[number[t.title_fr]][0] for t in axis.themes if number[t.title_fr] in used]
        title = axis.title_en if english else axis.title_fr
        await stage.desk.do("MakeAxis", axis=f"axis{n:03}", title=title, themes=themes)
        axis_of |= {t.title_fr: f"axis{n:03}" for t in axis.themes}
        await stage.pause(1)
    jobs: list[Job] = []
    for n, action in enumerate(stage.said.actions):
        ideas = [i for i, t in stage.idea_theme.items() if t == number[action.theme]][:3]
        person = stage.rng.choice(stage.people)
        name = f"action{n:03}"
        stage.made["action"].append(name)
        first_step = action.first_step_en if english else action.first_step_fr
        title = action.title_en if english else action.title_fr
        partners = stage.rng.sample(stage.people, min(2, len(stage.people)))

        async def write(
            person: Person = person,
            name: str = name,
            title: str = title,
            first_step: str = first_step,
            axis: str = axis_of[action.theme],
            ideas: list[str] = ideas,
            partners: list[Person] = partners,
            n: int = n,
        ) -> None:
            await stage.ask(person, "MakeAction", action=name, axis=axis, title=title, ideas=ideas)
            days = timedelta(days=30 + 15 * (n % 12))
            due = (today(stage.at) + days).isoformat()
            await stage.ask(person, "EditAction", action=name, first_step=first_step, due=due)
            for partner in partners:
                await stage.ask(partner, "Volunteer", action=name, as_="partner")
            if n % 6 != 5:  # some actions find no pilot in the room, as in life
                await stage.ask(person, "Volunteer", action=name, as_="pilot")
                await stage.pause(1)
                await stage.desk.do("ChoosePilot", action=name, person=person.name)

        jobs.append((person, write))
    await _in_turn(stage, step, jobs)


async def _commit(stage: Stage, step: Step) -> None:
    """Most people promise a first step, with a date within the month."""
    pledges = stage.said.pledges_en if stage.lang == "en" else stage.said.pledges_fr
    texts = stage.rng.sample(pledges, min(len(pledges), max(1, len(stage.people) * 4 // 5)))
    jobs: list[Job] = []
    for n, (person, text) in enumerate(zip(stage.people, texts, strict=False)):
        due = (today(stage.at) + timedelta(days=person.rng.randint(3, 28))).isoformat()
        actions = stage.made["action"]
        action = person.rng.choice(actions) if actions and person.rng.random() < 0.7 else None

        async def promise(
            person: Person = person, n: int = n, text: str = text, due: str = due, action: str | None = action
        ) -> None:
            named = {"readers": READERS[n % len(READERS)], "text_version": NAME_READ}
            await stage.ask(person, "Pledge", id=f"pledge{n:03}", text=text, due=due, action=action, **named)

        jobs.append((person, promise))
    await _in_turn(stage, step, jobs)


async def _agree(stage: Stage, step: Step) -> None:
    """The desk proposes and leads on; people ask, react and say whether they object; each objection is met."""
    lines, at = AGREEING[stage.lang], {"step": step.id}
    await stage.desk.do("WordProposal", text=lines["proposal"], **at)

    async def speak(what: str, some: int) -> None:
        for n, person in enumerate(stage.people[:some]):
            await stage.ask(person, "Remarking", id=f"{what}{n:03}", what=what, text=lines[what], **at)
        await stage.pause(SECONDS_OF["proposal"] / 4)

    await stage.desk.do("LeadProposal", phase="clarification", **at)
    await speak("question", 1)
    await stage.desk.do("LeadProposal", phase="reactions", **at)
    await speak("reaction", 2)
    await stage.desk.do("AskObjections", **at)
    await speak("objection", 1)
    for person in stage.people[1:]:
        await stage.ask(person, "HaveNoObjection", **at)
    await stage.desk.do("EndObjections", **at)
    await stage.desk.do("MeetObjection", remark="objection000", how="amended", text=lines["how"])
    await stage.desk.do("WordProposal", text=lines["amended"], **at)
    await stage.desk.do("AskObjections", **at)
    for person in stage.people:
        await stage.ask(person, "HaveNoObjection", **at)
    await stage.desk.do("EndObjections", **at)
    await stage.desk.do("DecideProposal", outcome="adopted", **at)
    await stage.pause(3)


PARTS: dict[str, Callable[[Stage, Step], Awaitable[None]]] = {
    "show": _watch,
    "board": _write,
    "sort": _sort,
    "ballot": _vote,
    "sheet": _plan,
    "pledge": _commit,
    "proposal": _agree,
}
