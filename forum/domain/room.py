"""A forum's rules as two pure functions: ``decide`` judges a command, and ``fold`` applies a fact to the state.

Theory of operation. The journal numbers the facts. Each fact belongs to one op (tab id and number). The fold
keeps the last number of every tab and its answers, for ever. A repeat, whoever caused it, is therefore
recognised and gets its first verdict. A refusal uses its number too; the marker ``Refused`` records it.

O1  A tab numbers its ops 1, 2, 3 …; a number already used is answered with its first verdict.
O2  A number that skips ahead is sent back with the last one; nothing overtakes.
O3  A tab belongs to the person who used it first.
O4  A refusal consumes its number and leaves nothing else.

``saw`` has the rule for what has changed since whoever asks read it (O14): each part says beside its commands what that is.

``loss`` has the rules for facts that the store has lost (O5, O6); an op's record says that it came again.
``copies`` has the rule for a number that comes with another content (O9).
"""

from typing import Any, NamedTuple

from forum.domain import (
    again,
    aloud,
    arrivals,
    choosing,
    copies,
    flow,
    imported,
    inputs,
    keeping,
    led,
    links,
    loss,
    people,
    saw,
    space,
    terms,
    undo,
    voices,
)
from forum.domain.belonging import part as belonging
from forum.domain.consents import part as consents
from forum.domain.kernel import (
    N_,
    Absolute,
    Aloud,
    Asked,
    Command,
    Fact,
    Facts,
    Fold,
    Gesture,
    Judge,
    Part,
    PersonId,
    Quiet,
    Record,
    Rejection,
    Saw,
    TabId,
)
from forum.domain.photographs import part as photographs
from forum.domain.plan import part as plan
from forum.domain.roles import MAY, leads, may
from forum.domain.sessions import part as sessions
from forum.domain.state import State, change
from forum.domain.steps import cutting, hands, hiding, kinds, papers, reasons
from forum.domain.tabs import Answer, Tab
from forum.domain.touch import Touch

REMARKS = TabId("server:remarks")
KEPT_RESULTS = 32  # of a tab: no page sends so far ahead of what waits for its answer


class Refused(Fact, frozen=True):
    """An op was refused: its number is used, nothing else came true."""

    rule: str
    code: str
    params: dict[str, Any] = {}


class Noted(Fact, frozen=True):
    """An op was accepted whose effect was already true."""


def _no_change(state: State, fact: Fact, record: Record) -> State:
    return change(state, touched=frozenset())


OPS = Part(
    judges={},
    folds={Refused: _no_change, Noted: _no_change},
    aloud=dict.fromkeys((Refused, Noted), Quiet("told to whoever asked")),
    rules={
        "O1": N_("A contribution sent twice counts once, however often and whenever it is sent again."),
        "O2": N_("Contributions of one page are judged in the order in which they were made."),
        "O3": N_("Nobody can send under another person’s name."),
        "O4": N_("A refusal changes nothing, says why, and gives the text back."),
        "O7": N_(
            "Whatever is saved has a number; who saved it can see it, keep it as a receipt and check it."
        ),
        "O8": N_("A receipt tells how somebody voted only to that person, on their own phone."),
    },
    refusals={
        "out_of_order": N_(
            "An earlier contribution of this page has not arrived yet. It is being sent again."
        ),
        "not_your_tab": N_("This page belongs to another person. Reload it, then try again."),
        "result_not_kept": N_("This was answered long ago. Reload the page to see what stands."),
    },
)
PARTS: tuple[Part, ...] = (
    people.PART, arrivals.PART, voices.PART, belonging.PART, consents.PART, links.PART, sessions.PART, flow.PART, inputs.PART, choosing.PART, hiding.PART, reasons.PART, hands.PART, papers.PART, cutting.PART, *(kind.part for kind in kinds.KINDS.values()),
    plan.PART, undo.PART, imported.PART, keeping.PART, terms.PART, photographs.PART, OPS, loss.PART, copies.PART, again.PART, led.PART, saw.PART, space.PART,
)  # fmt: skip

JUDGES: dict[type[Command], Judge] = {k: v for part in PARTS for k, v in part.judges.items()}
FOLDS: dict[type[Fact], Fold] = {k: v for part in PARTS for k, v in part.folds.items()}
GESTURES: dict[type[Fact], Gesture] = {k: v for part in PARTS for k, v in part.gestures.items()}
ALOUD: dict[type[Fact], Aloud | Quiet] = {k: v for part in PARTS for k, v in part.aloud.items()}
RULES: dict[str, str] = {k: v for part in PARTS for k, v in part.rules.items()}
REFUSALS: dict[str, str] = {k: v for part in PARTS for k, v in part.refusals.items()}
SEES: dict[type[Command], Saw | Absolute] = {k: v for part in PARTS for k, v in part.sees.items()}
"""What whoever presses must have seen, by command (O14)."""
BY_ANOTHER: tuple[type[Command], ...] = (
    undo.Undo,
    imported.ImportTable,
    led.DoAgain,
    again.TakeUp,
)  # what they do, others judge
UNDOABLE: dict[str, str] = {k.__name__: v.what for k, v in GESTURES.items() if v.what}
"""What was done, by the name of its fact."""
GIVEN: dict[str, str] = {k.__name__: v for part in PARTS for k, v in part.gives.items()}
"""What somebody gave, by the name of its command."""
NEEDS_A_NAME: frozenset[type[Command]] = frozenset[type[Command]]().union(*(part.named for part in PARTS))
COMMANDS: dict[str, type[Command]] = {k.__name__: k for k in (*JUDGES, *BY_ANOTHER)}
FACTS: tuple[type[Fact], ...] = tuple(FOLDS)
FROM_SERVER = frozenset(
    {
        "Join",
        "TellLoss",
        "TakeUp",
        "MakeLink",
        "TellLinks",
        "RemovePeople",
        "SetCategories",
        "SetOrganisation",
        "HandVoice",
        "ReclaimVoice",
        "ImportTable",
        "AddPhotograph",
        "PrintPapers",
        "EnterPaper",
        "TakePaperBack",
        "VoidPaper",
    }
)
"""Commands that no client may send: the server asks them for somebody."""
FROM_OWN_PAGES: tuple[type[Command], ...] = (
    links.MakeLink,
    arrivals.RemovePeople,
    belonging.SetCategories,
    belonging.SetOrganisation,
    voices.HandVoice,
    photographs.AddPhotograph,
    papers.PrintPapers,
    papers.EnterPaper,
    papers.TakePaperBack,
    papers.VoidPaper,
)
"""Of these, what a page of the server's asks for whoever leads; their judges look at the role."""
FROM_OUTSIDE: dict[type[Command], Judge] = {
    people.Join: people.join,
    voices.ReclaimVoice: voices.reclaim_voice,
    loss.TellLoss: loss.tell,
    links.TellLinks: links.tell_links,
}
"""Of these, what is asked by the server itself, or for somebody who is not in yet, or any more."""


class Seen(NamedTuple):
    """An op whose verdict stands already: nothing is appended."""

    seq: int  # journal number it was answered with
    refused: Rejection | None


class OutOfOrder(NamedTuple):
    """An op that skips ahead; ``last`` is the last number known. Not recorded, consumes nothing."""

    last: int


Said = Facts | Rejection | Seen | OutOfOrder | space.Full


def _writes(state: State, who: PersonId) -> bool:
    """Say whether somebody has what may skip a number, though they may be out by now."""
    person = state.people.by_id.get(who)
    return person is not None and person.role in MAY[loss.Skip.__name__]


def decide(state: State, what: Command | Rejection, asked: Asked) -> Said:
    """Judge one command on ``state``, which is never changed here.

    what      a command whose sizes and types already hold, rules do not; or what the edge refused already,
              which only has its number judged
    asked     who asks, under which tab and number, and ``at``, ms since the epoch by the server's clock

    Returns 1..n facts, not yet numbered; or a ``Rejection`` (the caller appends ``refused(…)`` so that its
    number is consumed); or ``Seen`` with the first verdict (O1), or the refusal of another content (O9); or
    ``OutOfOrder`` (O2); or ``Full``, when there is no room for any answer (S1, S2).
    """
    repeated = _numbered(state, what, asked)
    if repeated is not None:
        return repeated
    command, theirs, back = asked_for(state, what), again.is_theirs(state, asked), again.is_back(state, asked)
    lost = theirs and not back  # what was lost had room; what was not has none by a claim
    if space.full(state, what, asked if lost else change(asked, was=None)):
        return space.Full()
    if isinstance(command, loss.Skip) and _writes(state, asked.by):
        return loss.skip(state, command, asked)  # a refusal under its number would pass over those before it
    if not theirs:
        return Rejection("O13", "not_lost")
    if command is None or back:
        return (Noted(),)
    verdict = (
        command if isinstance(command, Rejection) else _judge(state, command, again.known_to(state, asked))
    )
    if isinstance(verdict, Rejection) and isinstance(command, Command) and _gave(command, asked):
        verdict = again.left_over(state, command, asked, verdict)
    return verdict if isinstance(verdict, Rejection) else verdict or (Noted(),)


def remarks(state: State, asked: Asked, said: Said) -> tuple[TabId, int, Facts]:
    """What the server says of its own accord, after ``said`` came true: under which tab and number, which facts."""
    refused = said.refused if isinstance(said, Seen) else None
    known = state.tabs.by_id.get(REMARKS)
    facts = (*copies.remarks(state, asked, refused), *space.remarks(state, asked))
    return REMARKS, known.last + 1 if known else 1, facts


def asked_for(state: State, what: Command | Rejection) -> Command | Rejection | None:
    """What is to be judged: the command itself, or, for ``TakeUp``, what waits; None when it waits no longer."""
    return again.waited(state, what, COMMANDS.__getitem__) if isinstance(what, again.TakeUp) else what


def refused(
    rejection: Rejection, command: Command | Rejection | None = None, asked: Asked | None = None
) -> Fact:
    """The marker by which a refusal consumes its number; that of a believed claim keeps its words too (O11)."""
    if asked and isinstance(command, Command) and _gave(command, asked) and rejection.code != "not_lost":
        return again.not_taken(command, rejection)
    return Refused(rejection.rule, rejection.code, rejection.params)


def refusal_of(state: State, command: Command, asked: Asked) -> Rejection | None:
    """Why a command would be refused as things stand; None: it would not. For a door that does something else first."""
    verdict = _judge(state, command, asked)
    return verdict if isinstance(verdict, Rejection) else None


def trial(state: State, asked: Asked) -> imported.Trial:
    """Commands on trial, as an import judges them (U4)."""
    return imported.Trial(state, asked, lambda at, command: _judge(at, command, asked), _apply)


def _gave(command: Command, asked: Asked) -> bool:
    """Whether this is a believed claim of what somebody gave; what led neither waits nor is kept for its author (O10)."""
    return asked.was is not None and not leads(type(command).__name__)


def _numbered(state: State, what: Command | Rejection, asked: Asked) -> Seen | OutOfOrder | None:
    tab = state.tabs.by_id.get(asked.tab)
    last = tab.last if tab else 0
    if tab and tab.owner != asked.by:
        return Seen(0, Rejection("O3", "not_your_tab"))
    first = what.from_ if isinstance(what, loss.Skip) else asked.op
    if asked.op > last and first != last + 1:  # a skip that would jump over an op, or lie on one, is none
        return OutOfOrder(last)
    if tab and asked.op <= last:
        found = next((r for r in tab.results if r.op == asked.op), None)
        if found is None:
            forgotten = len(tab.results) == KEPT_RESULTS and asked.op < tab.results[0].op
            skipped = not forgotten and not isinstance(what, loss.Skip)
            return Seen(0, copies.SKIPPED if skipped else Rejection("O1", "result_not_kept"))
        if copies.conflicts(found, asked) and not isinstance(what, loss.Skip):  # a skip holds nothing to lose
            return Seen(0, copies.SKIPPED if found.fills else copies.CONFLICT)
        return Seen(found.seq, found.refused)
    return None


def _judge(state: State, command: Command, asked: Asked) -> Facts | Rejection:
    name = type(command).__name__
    if type(command) in FROM_OUTSIDE:
        return FROM_OUTSIDE[type(command)](state, command, asked)
    refusal = people.standing(state, asked)
    if refusal:
        return refusal
    if isinstance(command, imported.ImportTable):  # each of its commands is held to its role
        return imported.judge(command, trial(state, asked))
    if isinstance(command, FROM_OWN_PAGES):
        return _seen(state, command, asked, JUDGES[type(command)](state, command, asked))
    role = state.people.by_id[asked.by].role
    allowed = may(role, name) if not asked.on_behalf else may(state.people.by_id[asked.on_behalf].role, name)
    if not allowed or (asked.on_behalf and not may(role, "AddPerson")):
        return Rejection("J3", "forbidden")
    refusal = space.judge(state, command, asked)
    if refusal:
        return refusal
    if leads(name) and (asked.again or asked.elsewhere):
        return led.only_shown(state, command, asked)
    if isinstance(command, led.DoAgain):
        return led.do_again(state, command, lambda what: _judge(state, what, asked), COMMANDS.__getitem__)
    if isinstance(command, undo.Undo):
        anothers = asked.again and command.deed > again.shared(state, asked.gen)
        if anothers:  # its number is another gesture's now
            return Rejection("U1", "no_deed")
        return _seen(state, command, asked, undo.judge(state, command, asked, _apply, GESTURES))
    return _seen(state, command, asked, JUDGES[type(command)](state, command, asked))


def _seen(state: State, command: Command, asked: Asked, verdict: Facts | Rejection) -> Facts | Rejection:
    return saw.judged(SEES[type(command)], state, command, asked, verdict)


def _apply(state: State, fact: Fact, record: Record) -> State:
    return FOLDS[type(fact)](state, fact, record)


def fold(state: State, seq: int, op: str, record: Record) -> State:
    """The state after fact ``seq``. Pure; a few microseconds, whatever the size of the forum.

    op   "tab:number" of the op it belongs to; "" for facts made without one
    """
    fact = record.fact
    used, spent = space.taken(state, record)
    before = change(state, seq=seq, at=record.at, space=change(state.space, used=used, spent=spent))
    after = undo.remember(before, _apply(before, fact, record), fact, record, op, GESTURES)
    after = saw.noted(before, after)
    after = aloud.noted(before, after, fact, record, ALOUD, GESTURES)
    if kinds.shows_touched(after):  # ballots are personal: everybody's has to be drawn again
        after = change(after, touched=after.touched | {Touch.SCENE}, scene=seq)
    return _answered(after, seq, op, record)


def _answered(state: State, seq: int, op: str, record: Record) -> State:
    """Note what an op was answered; and, by its first fact, that it came back."""
    tab_id, _, number = op.rpartition(":")
    if not tab_id:
        return state
    fact, op_number = record.fact, int(number)
    no = isinstance(fact, Refused | again.NotTaken)
    refusal = Rejection(fact.rule, fact.code, fact.params) if no else None  # type: ignore[attr-defined]
    tab = state.tabs.by_id.get(tab_id) or Tab(record.entered_by or record.by, 0)  # type: ignore[call-overload]
    if (record.again or loss.is_named(state, op)) and not record.led and tab.last != op_number:
        by = record.entered_by or record.by
        state = loss.counted(state, fact, refusal is not None, record.lost, op, by)
        if record.lost and not isinstance(fact, again.Waits):
            state = again.waits_no_longer(state, record.lost.op, record.by)
    others, mark, first = tab.results, record.mark, seq
    if others and tab.last == op_number:  # one more fact of the same op
        others, mark, first = others[:-1], mark or others[-1].mark, others[-1].first
    done = not isinstance(fact, loss.Skipped | again.Waits)
    answer = Answer(op_number, seq, refusal, mark, done, isinstance(fact, loss.Skipped), first)
    results = (*others, answer)[-KEPT_RESULTS:]
    tabs = state.tabs.by_id.set(TabId(tab_id), change(tab, last=op_number, results=results))
    return change(state, tabs=change(state.tabs, by_id=tabs))


EMPTY = State()
