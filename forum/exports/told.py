"""What an export may tell, as plain values: one class for each thing, and nothing that is not told.

``archive`` fills them from a state and decides what is secret. Adding a field is adding to what is told for ever.
"""

import msgspec

from forum.domain.sessions.record import FIRST

SCHEMA = "forum/export/1"


class TextIn(msgspec.Struct, frozen=True):
    """The organisers' words in both languages."""

    fr: str
    en: str


class ForumOut(msgspec.Struct, frozen=True):
    code: str
    title: str
    question: str
    lang: str
    agenda: str
    opened_at: str  # ISO, UTC
    at: str  # when fact ``seq`` happened: ISO, UTC
    seq: int
    chain: str
    people: int
    assisted: int
    horizon: int | None = None  # the year that it looks to; None when nobody has said
    zone: str | None = (
        None  # whose hours its pages say, an IANA name; None when nobody has said: its server's
    )
    readers: str = "everybody"  # for whom this is: names stand at the commitments of those who chose them


class SessionOut(msgspec.Struct, frozen=True):
    """A day, a half-day or a meeting; ``present``: how many checked in, not who."""

    id: str
    kind: str  # "" when nobody has said
    title: TextIn  # empty for a first session that has none of its own
    date: str  # ISO date; "" when it is not known
    place: str
    expected: int | None
    present: int
    phase: str  # planned, live, over
    begun_at: str  # ISO, UTC
    ended_at: str
    agenda: str  # from which its steps were copied; "" for none
    hour: str = ""  # at which it begins, ISO, in the forum's zone; "" when nobody has said
    reason: str = ""  # why it ended although actions made in it lacked a pilot, a day or a first step


class CategoryOut(msgspec.Struct, frozen=True):
    """Where people come from, counted: of those who are in."""

    id: str
    title: TextIn
    people: int


class OrganisationOut(msgspec.Struct, frozen=True):
    name: str  # "" when nobody of it has told one, or all had theirs erased
    people: int


class ConsentOut(msgspec.Struct, frozen=True):
    """To what people agreed, having read which text, counted."""

    purpose: str
    text_version: str
    standing: int
    withdrawn: int


class StepOut(msgspec.Struct, frozen=True):
    id: str
    kind: str
    title: TextIn
    planned_minutes: int
    actual_minutes: int | None
    phase: str
    ideas: int  # active cards
    hidden: int  # cards out of sight
    told: bool  # whether the cards are told below
    session: str = FIRST  # in which it is held


class CommitmentOut(msgspec.Struct, frozen=True):
    id: str
    person: str  # name; "" when none was given
    text: str
    due: str  # ISO date
    action: str | None  # id


class ActionOut(msgspec.Struct, frozen=True):
    id: str
    code: str  # "1.2": axis, place
    title: str
    description: str
    pilot: str
    offers: tuple[str, ...]  # names of those who propose themselves as pilot
    partners: tuple[str, ...]
    first_step: str
    first_step_due: str
    due: str
    budget: str
    gaps: tuple[str, ...]  # pilot, due, first_step
    ideas: tuple[str, ...]  # ids
    themes: tuple[str, ...]  # ids
    session: str = ""  # id: in which it was made; "": in none, or by an earlier version


class AxisOut(msgspec.Struct, frozen=True):
    id: str
    number: int
    title: str
    themes: tuple[str, ...]  # ids
    actions: tuple[ActionOut, ...]


class LineOut(msgspec.Struct, frozen=True):
    option: str  # id
    title: str
    points: int | None  # of a vote by points
    supporters: int | None
    rank: int
    tied: bool
    numbers: dict[str, int] = {}  # what the vote's method tells of it
    letter: str = ""  # by which the option is known on every surface, where its kind has one


class ReasonOut(msgspec.Struct, frozen=True):
    """Why somebody is against; nobody is told who."""

    option: str  # id
    key: str  # under which the mark was given: the option's id, where a vote asks one thing of each
    mark: int  # for which it was given; 0: not known
    text: str  # "": its words were erased


class CutOut(msgspec.Struct, frozen=True):
    """What was kept of a result: its first choices, and what became of those that were tied at the limit."""

    number: int  # how many were to be kept
    options: tuple[str, ...]  # ids: kept, in the order of the result
    how: str  # clean, open, widened, drawn or runoff
    tied: tuple[str, ...] = ()  # ids: at the limit; none where it fell between two ranks
    places: int = 0  # for which these were tied
    waits: bool = False  # for what becomes of the tied
    seed: int = 0  # of the lot: least sha256 of "seed id" first
    runoff: str = ""  # id: of the step in which the room voted among the tied alone


class VoteOut(msgspec.Struct, frozen=True):
    id: str
    step: str
    title: TextIn
    number: int
    over: str
    options: int
    points: int | None  # a person, in a vote by points
    cap: int | None
    voters: int
    assisted: int
    revealed: bool
    blank: int | None  # None before the reveal
    spent: int | None
    lines: tuple[LineOut, ...]  # empty before the reveal
    held: int | None = None  # people × points = spent + unused
    unused: int | None = None
    method: str = "dots"
    version: int = 1  # of the method
    parameters: dict[str, int] = {}  # what held, by names of the method's
    sums: dict[str, int] = {}  # what the ballots add up to; empty before the reveal
    ballots: str = ""  # stands for all of them, as recorded with the reveal
    purpose: str = "sense"  # or "decide": what was said of it while it was voted
    divided: tuple[str, ...] = ()  # ids: of the options that divide the room; none of fewer than five ballots
    reasons: tuple[ReasonOut, ...] = ()  # of those who are against, without names; none before the reveal
    hands: dict[
        str, int
    ] = {}  # raised for options, as the desk noted them beside the ballots; empty before the reveal
    worded: dict[str, str] = {}  # what the desk called in its own words, by names of the method's
    papers: int = 0  # ballots on paper, among the voters
    late: int = 0  # of these, entered after the close
    kept: CutOut | None = None  # of its result; None: nobody has made a cut
    among: str = "all"  # or "kept": over what an earlier vote had kept, or over those tied at its limit


class IdeaOut(msgspec.Struct, frozen=True):
    id: str
    number: int
    step: str
    column: str
    text: str
    theme: str | None  # id: in the last sort that put it into one
    source: str
    assisted: bool
    themes: tuple[str, ...] = ()  # ids: of every sort that put it into one, in the order of the agenda
    lang: str = ""  # in which it is written, where somebody has said
    group: str = ""  # id: of people, for which it speaks
    stands_for: tuple[str, ...] = ()  # ids: of the cards it sums up, of those that may be told


class SheetOut(msgspec.Struct, frozen=True):
    """A sheet of a schema; what the fields of each hold, ``schema`` says."""

    id: str
    schema: str
    number: int  # in its step
    step: str
    title: str
    fields: dict[
        str, str | tuple[str, ...]
    ]  # those that hold something; a person as a name, things by their ids
    linked: dict[
        str, str
    ] = {}  # of the things it links to: what those say that nobody is told of elsewhere here


class ThemeOut(msgspec.Struct, frozen=True):
    id: str
    number: int
    title: str
    ideas: int
    axis: str | None  # id of the axis made of it
    step: str = ""  # the sort in which it was made


class ThingOut(msgspec.Struct, frozen=True):
    """Something that people made in a step, of a kind of which nothing more is told elsewhere."""

    id: str
    thing: str  # its kind
    step: str  # id
    text: str


class WordingOut(msgspec.Struct, frozen=True):
    """The words of a proposal as they stood for a while."""

    number: int
    text: str
    at: str  # ISO, UTC


class RoundOut(msgspec.Struct, frozen=True):
    """One time that everybody was asked whether they object, and that is over. Those present are the sum of the others."""

    number: int
    version: int  # of the words
    at: str  # when it was over: ISO, UTC
    present: int
    consents: int  # said that they have no objection
    objections: int
    silent: int
    absentees: int = 0
    absent: tuple[int, ...] = ()  # the first of them, by the number of their arrival


class ObjectionOut(msgspec.Struct, frozen=True):
    """An objection, without its author, and how it was met."""

    id: str
    round: int
    text: str  # "" where it is hidden or was erased
    met: str  # amended, answered, reservation; "" for not yet
    how: str  # in words of the desk's
    version: int  # of the amended words by which it was met; 0 for none
    agreed: bool  # its author agreed that it is met


class ProposalOut(msgspec.Struct, frozen=True):
    """A decision by consent, or what there is of it so far."""

    step: str  # id
    phase: str  # adopted, withdrawn, deferred; else where it stands
    text: str  # in the words that stand
    version: int
    reason: str
    decided_at: str  # ISO, UTC; "" while it is not
    wordings: tuple[WordingOut, ...]
    rounds: tuple[RoundOut, ...]
    objections: tuple[ObjectionOut, ...]
    questions: tuple[str, ...] = ()
    reactions: tuple[str, ...] = ()

    @property
    def latest(self) -> RoundOut | None:
        """The last question that is over."""
        return self.rounds[-1] if self.rounds else None

    @property
    def reservations(self) -> int:
        """How many objections are kept as reservations."""
        return sum(one.met == "reservation" and one.agreed for one in self.objections)


class PhotographOut(msgspec.Struct, frozen=True):
    """A photograph of a wall or of paper, which lies as a file beside this in the archive of all documents."""

    name: str  # of its file
    caption: str
    step: str  # id: whose outcome it shows; "" when nobody has said
    at: str  # when it was handed in: ISO, UTC
    width: int  # pixels
    height: int
    digest: str  # SHA-256 of the file, hex


class LossOut(msgspec.Struct, frozen=True):
    """The store lost facts it had confirmed (O6)."""

    at: str  # when it was noticed: ISO, UTC
    after: int  # the last fact that was left
    upto: int  # the last fact that was lost, as far as anybody had seen
    contributions: int | None  # among them; None when that is not known
    restored: int
    refused: int
    waiting: int = 0  # until what they need is there again (O12)
    missing: int | None = None  # None when that is not known


class Archive(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Everything an export tells, the plan first."""

    schema: str
    forum: ForumOut
    plan: tuple[AxisOut, ...]
    commitments: tuple[CommitmentOut, ...]
    themes: tuple[ThemeOut, ...]
    votes: tuple[VoteOut, ...]
    ideas: tuple[IdeaOut, ...]
    steps: tuple[StepOut, ...]
    sheets: tuple[SheetOut, ...] = ()  # left out where there are none, as before there could be any
    losses: tuple[LossOut, ...] = ()  # left out where there are none, as before there could be any
    things: tuple[ThingOut, ...] = ()  # likewise
    sessions: tuple[SessionOut, ...] = ()  # in the order in which they were held, then those planned
    categories: tuple[CategoryOut, ...] = ()
    organisations: tuple[OrganisationOut, ...] = ()  # those with a name first, by it
    consents: tuple[ConsentOut, ...] = ()  # by purpose and text
    photographs: tuple[PhotographOut, ...] = ()  # in the order in which they were handed in
    proposals: tuple[ProposalOut, ...] = ()  # in the order of the agenda, those that have words
