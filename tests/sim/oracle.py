"""The judge of a universe: hears every append, every verdict, every frame, and says which invariant broke.

Folds the journal by itself, as it is in the store; asks the ``Model`` for a second opinion on verdicts. Invariants
have the numbers of ``docs/trust.md``. Cheap ones are checked after every event, pages now and then and when all is quiet.
"""

from collections import defaultdict, deque
from typing import TYPE_CHECKING, Any, Final

import msgspec

from forum.domain import records
from forum.domain.again import NotTaken
from forum.domain.arrivals import PeopleRemoved, ReadmitPeople
from forum.domain.copies import TabCopied
from forum.domain.flow import CloseStep, OpenStep, RevealStep, StepClosed, StepOpened, StepRevealed
from forum.domain.keeping import ErasePerson, ErasureAsked, Redacted
from forum.domain.kernel import Command, Fact, Record
from forum.domain.led import DoAgain, LedAnswered, LedBefore
from forum.domain.links import KeyRevoked, RevokeKey
from forum.domain.loss import Skipped
from forum.domain.people import PersonRemoved, RemovePerson
from forum.domain.roles import VOICE, leads, may
from forum.domain.room import COMMANDS, EMPTY, FROM_SERVER, Noted, Refused, fold
from forum.domain.sessions.words import BeginSession, EndSession, SessionBegun, SessionEnded
from forum.domain.state import State
from forum.domain.steps.ballot import GiveMark, MarkGiven
from forum.domain.steps.board import PostIdea
from forum.domain.voices import VoiceHanded
from forum.journal.contract import linked
from tests.sim.history import Drop, Fold, Intent, Problem, fits
from tests.sim.model import Model
from tests.sim.sheets import Writes

if TYPE_CHECKING:
    from tests.sim.tab import Tab
    from tests.sim.twin import Frame, Op
    from tests.sim.world import World

LEADERS_ONLY: Final[dict[type[Fact], type[Command]]] = {
    StepOpened: OpenStep, StepClosed: CloseStep, StepRevealed: RevealStep, PersonRemoved: RemovePerson,
    PeopleRemoved: ReadmitPeople, KeyRevoked: RevokeKey, SessionBegun: BeginSession, SessionEnded: EndSession,
}  # fmt: skip
NEVER_RECORDED: Final = frozenset({"not_your_tab", "conflict"})
COPIES: Final = ("copied", "twin_tab")  # faults by which one number may come with two contents
MOST_SENT: Final = 12  # times that one op is sent within …
SENT_SECONDS: Final = 2.0  # … so long: a phone whose op is not answered waits, and longer each time


class Oracle:
    """One per universe."""

    def __init__(self, world: "World") -> None:
        self.world = world
        self.problems: list[Problem] = []
        self.folds = [Fold("", None, "", EMPTY, {}, 0)]
        self.model = Model(most=world.plan.most, share=world.plan.share)
        self.intents: list[Intent] = []
        self.epoch = 0  # how often the store lost its tail
        self.ops: dict[str, list[Fact]] = defaultdict(list)  # in the journal as it is
        self.ever: dict[tuple[int, str], str] = {(0, ""): ""}  # number and chain → op, lost ones too
        self._said: dict[str, set[str]] = defaultdict(set)  # op → outcomes ever recorded
        self._by_number: dict[str, list[Intent]] = defaultdict(list)  # all that was sent under it
        self._sent_at: dict[str, deque[float]] = defaultdict(lambda: deque(maxlen=MOST_SENT))
        self._held: dict[str, list[Fact]] = defaultdict(list)  # op → all that was ever recorded of it
        self.drops: list[Drop] = []
        self._handed: set[str] = set()  # whose voice was ever with another phone
        self._told = (0, 0)  # the newest fact that anybody was told is saved

    @property
    def state(self) -> State:
        return self.folds[-1].state

    @property
    def seq(self) -> int:
        return len(self.folds) - 1

    def fail(self, invariant: str, what: str) -> None:
        self.problems.append(Problem(self.world.loop.time(), invariant, what))
        self.world.note("oracle", f"{invariant}: {what}")
        self.world.failed.set()

    # --- the store

    def appended(self, key: str, fresh: list[tuple[int, bytes, bytes, bytes]], head: list[bytes]) -> None:
        """A batch is in the journal."""
        if key != f"{{{self.world.code}}}:j":
            return
        names, last, gen = self.world.names(), "", int(head[0])
        for seq, op_bytes, body, chain_bytes in fresh:
            op, chain = op_bytes.decode(), chain_bytes.decode()
            before = self.folds[-1]
            if seq != self.seq + 1:
                self.fail("I1", f"fact {seq} follows fact {self.seq}")
            if chain != linked(before.chain, seq, op, body):
                self.fail("I15", f"the chain at {seq} is not that of what is there")
            if op != last and op in self.ops:
                self.fail("I2", f"op {op} is in the journal twice")
            record = records.decode(body)
            if op != last:
                self._ended(last)
                self._follows(op, record.fact)
                self._judged(op, record, before.state)
            self._allowed(before.state, record)
            self._pressed(before.state, op, record)
            sent = self._by_number.get(op, [])
            erases = any(isinstance(one.command, ErasePerson) for one in sent)
            known = sent[0] if len(sent) == 1 else None
            seen = self._seen(known, before.state) if known else None
            wrong = self.model.takes(record, begins=op != last, erases=erases) or self.model.happens(
                record, known.command if known else None, seen
            )
            if wrong:
                self.fail(*wrong.split(" ", 1))
            if op == last and isinstance(record.fact, Refused | NotTaken):
                self.fail("I4", f"op {op} was refused, and not only that")
            self.ops[op].append(record.fact)
            self._held[op].append(record.fact)
            self._copies(record.fact)
            self._handed |= {record.fact.person} if isinstance(record.fact, VoiceHanded) else set()
            refused = isinstance(record.fact, Refused | NotTaken)
            self._said[op].add(record.fact.code if refused else "ack")
            self.ever[seq, chain] = op
            after = fold(before.state, seq, op, record)
            self.folds.append(Fold(op, record, chain, after, names, gen))
            if after.people.voices != len(self.model.inside):
                self.fail("J2", f"{after.people.voices} people are counted in, {len(self.model.inside)} are")
            last = op
        self._ended(last)
        self.world.note("journal", f"{self.seq} {last} {type(self.folds[-1].record.fact).__name__}")

    def _follows(self, op: str, fact: Fact) -> None:
        """O2: a tab's numbers follow one another in the journal; only a skip jumps, and says over which."""
        tab, _, number = op.rpartition(":")
        first = fact.first if isinstance(fact, Skipped) else int(number or 1)
        if first > 1 and f"{tab}:{first - 1}" not in self.ops:
            self.fail("O2", f"{op} is in the journal, and what its tab numbered {first - 1} is not")

    def _ended(self, op: str) -> None:
        """All facts of an op are there: L2, a link taken back with those made with it leaves none of them."""
        if twice := self.model.ballots_of_one_voice():
            self.fail("V14", twice)
        command = self._done_by(op)
        taken = isinstance(command, RevokeKey) and command.with_made
        if taken and (left := self.model.made_with(command.key)):
            self.fail("L2", f"{op} took back {command.key} and all made with it, but not {sorted(left)}")

    def _done_by(self, op: str) -> Command | None:
        """What an op did, in the history that is there: that it once did is no reason, what leads waits for a press."""
        facts, sent = self.ops.get(op, []), self._by_number.get(op, [])
        if len(sent) != 1 or any(isinstance(f, Refused | NotTaken | LedBefore | Noted) for f in facts):
            return None
        if isinstance(sent[0].command, DoAgain):
            was = [self.folds[f.led].record for f in facts if isinstance(f, LedAnswered)]
            shown = [r.fact for r in was if r and isinstance(r.fact, LedBefore)]
            return msgspec.convert(shown[0].body, COMMANDS[shown[0].kind]) if shown else None
        return sent[0].command if facts else None

    def losable(self, count: int) -> int:
        """How many facts a store loses that loses about so many: it has all of an op or nothing of it, as a journal is
        written by one call, which no file and no replica holds a part of."""
        kept = max(len(self.folds) - count, self.world.first + 1)
        while kept > self.world.first + 1 and self.folds[kept].op == self.folds[kept - 1].op:
            kept -= 1
        return len(self.folds) - kept

    @property
    def _other_phones(self) -> set[str]:
        """Who has somebody's voice now, and is in."""
        return self.model.inside & self.model.took.keys()

    def lost(self, count: int) -> None:
        """The store lost its tail."""
        self.epoch += 1
        kept = len(self.folds) - count
        self.drops.append(Drop(kept - 1, self.seq, [(n, self.folds[n]) for n in range(kept, self.seq + 1)]))
        del self.folds[len(self.folds) - count :]
        self.ops.clear()
        self.model = Model(most=self.world.plan.most, share=self.world.plan.share)
        last = ""
        for kept in self.folds[1:]:
            self.ops[kept.op].append(kept.record.fact)
            self.model.happens(kept.record)
            self.model.takes(kept.record, begins=kept.op != last)
            last = kept.op

    def _pressed(self, before: State, op: str, record: Record) -> None:
        """O10: nothing leads but by a press in this history."""
        if not _leads(record):
            return
        facts = [one for drop in self.drops for one in drop.facts]
        was = [seq for seq, lost in facts if lost.op == op and _leads(lost.record)]
        if was and self._is_known(op, was, before):
            self.fail("O10", f"{op} led before the store lost it, and was done again by itself")
        sent = [one for one in self._by_number.get(op, []) if leads(type(one.command).__name__)]
        if sent and all(self._elsewhere(one.page, before) for one in sent):  # of copies, one is the press
            self.fail("O10", f"{op}, {sent[0].command}, was pressed in a history that is gone, and was done")

    def _is_known(self, op: str, was: list[int], now: State) -> bool:
        """Whether anybody can know that an op was done and is gone. Who was never told so, and pressed in what is there
        still, sends it for the first time; where every process that had seen it is dead, so it is for the server too."""
        told = any(one.outcome == "ack" for one in self._by_number.get(op, []))
        return told or any(loss.after < seq <= loss.upto for loss in now.gone.losses for seq in was)

    def _elsewhere(self, page: dict[str, Any], before: State) -> bool:
        """Whether a page stood in a history that is gone."""
        gone = page["s"] >= len(self.folds) or self.folds[page["s"]].chain != page["c"]
        return gone or any(loss.gen > page["g"] for loss in before.gone.losses)

    def _seen(self, intent: Intent, before: State) -> int | None:
        """The fact at which a page stood; None of a history that is gone: its numbers are others' now. A page that does
        not tell may be of such a one for all the server knows, once a loss is told."""
        doubted = not intent.tells and before.gone.losses
        return None if doubted or self._elsewhere(intent.page, before) else int(intent.page["s"])

    def _judged(self, op: str, record: Record, before: State) -> None:
        sent = self._by_number.get(op, [])
        intent = sent[0] if len(sent) == 1 else None  # of two contents, who knows which it was
        known = intent and (intent.person in self.world.residents or intent.person in self._other_phones)
        must = (
            self.model.judge(intent.command, intent.person, self._seen(intent, before))
            if intent and known
            else None
        )
        accepted = not isinstance(record.fact, Refused | NotTaken)
        if isinstance(record.fact, Noted) and intent and isinstance(intent.command, PostIdea):
            if (
                intent.command.id not in self.model.cards
            ):  # it is there already, under another number, or is a lie
                self.fail("O11", f"{op}, {intent.command}, is told to be there, and is not")
            return None
        if isinstance(record.fact, Noted) and intent and isinstance(intent.command, Writes):
            return None  # there already, nothing new, or overtaken by what its author wrote since
        if isinstance(record.fact, Skipped):
            return None  # of two copies one filled the number, in the moment in which the other sent something under it
        if isinstance(record.fact, Noted) and intent and isinstance(intent.command, GiveMark):
            return None  # there already, or overtaken by what its voter gave since
        if getattr(record.fact, "code", "") in ("person_full", "forum_full"):
            return None  # whether that is so the model says where it counts bytes
        if record.lost:
            code = "" if accepted else record.fact.code
            gone = code == "removed" and intent and intent.person in self.model.handed
            wrong = (
                intent
                and known
                and not gone
                and self.model.judge_again(intent.command, intent.person, accepted, code)
            )
            return self.fail("O11", f"{op}: {wrong}") if wrong else None
        if must is not None and must != accepted:
            said = "accepted" if accepted else f"refused ({record.fact.code})"
            self.fail("verdict", f"{op}, {intent.command} of {intent.person} was {said}")
        return None

    def _allowed(self, state: State, record: Record) -> None:
        person, fact = state.people.by_id.get(record.by), record.fact
        command = LEADERS_ONLY.get(type(fact))
        if command and not (person and may(person.role, command.__name__)):
            self.fail("I13", f"{record.by} caused {type(fact).__name__}")
        if isinstance(fact, ErasureAsked) and fact.texts != "none" and record.by != fact.person:
            self.fail("K4", f"{record.by} has words of {fact.person} erased")
        if isinstance(fact, Redacted) and not any(e.person == fact.person for e in state.keeping.erasures):
            self.fail("K2", f"{fact.person} is erased, and nobody asks for it any more")
        if isinstance(fact, MarkGiven) and not (person and person.role in VOICE):
            self.fail("I13", f"{record.by} voted")

    # --- people

    def asked(self, tab: "Tab", command: Command) -> int:
        """Somebody pressed; returns the number under which it is known here."""
        at = dict(tab.mirror.at)
        self.intents.append(Intent(tab.name, tab.visitor.person, command, self._told, at, tab.tells))
        self.world.note(tab.name, f"asks {type(command).__name__}")
        return len(self.intents) - 1

    def never(self, intent: int | None) -> None:
        """It is on no shelf any more: its page was full, or wiped."""
        if intent is not None and not self.intents[intent].outcome:
            self.intents[intent].outcome = "never"

    def forgot(self, tab: "Tab") -> None:
        """What a tab was told is saved it no longer keeps: its storage was wiped, or it took another number."""
        for intent in self.intents:
            if intent.tab == tab.name and intent.outcome == "ack":
                intent.kept = False

    def wiped(self, person: str) -> None:
        """The storage of somebody's browser is gone, with all that their pages kept or had not sent yet."""
        for intent in self.intents:
            if intent.person == person:
                intent.kept = False
                intent.outcome = intent.outcome or "never"

    def sent(self, tab: "Tab", op: "Op") -> None:
        self._paced(f"{tab.name} {tab.outbox.cid}:{op['n']} after welcome {tab.welcomes}")
        if op.get("text") is not None:
            number = f"{tab.outbox.cid}:{op['n']}"
            intent = self.intents[op["text"]]
            if number not in intent.numbers:
                intent.numbers.append(number)
            if not any(intent is other for other in self._by_number[number]):
                self._by_number[number].append(intent)
        else:  # a "skip" uses up a number whose op is gone
            self._by_number.pop(f"{tab.outbox.cid}:{op['n']}", None)

    def _paced(self, number: str) -> None:
        """I16: a page whose op is not taken does not send it on and on; each welcome may be news of another history."""
        times, now = self._sent_at[number], self.world.loop.time()
        times.append(now)
        if len(times) == MOST_SENT and now - times[0] < SENT_SECONDS:
            self.fail("I16", f"{number} was sent {MOST_SENT} times within {now - times[0]:.2f} s")

    def settled(self, tab: "Tab", op: "Op", verdict: "Frame") -> None:
        """A person was told for good."""
        number = f"{tab.outbox.cid}:{op['n']}"
        outcome = "ack" if verdict["t"] == "ack" else verdict["code"]
        self.world.note(tab.name, f"told {outcome} of {op['k']} {number} at {verdict.get('s', '')}")
        if outcome == "ack":
            at = verdict["s"]
            known = self.ever.get((at, verdict["c"])) if verdict["c"] else number
            if known != number:
                self.fail("I3", f"{number} was told it is saved as fact {at}, which is {known}")
        if op["k"] == "Skip" and outcome == "result_not_kept":
            return  # a longer skip of its twin covers it: it held nothing, and its page tells nobody
        if outcome == "ack" and op["k"] in FROM_SERVER:
            self.fail("I13", f"{number}, {op['k']}, which only the server asks, was taken from a page")
        if outcome not in self._said[number] and outcome not in NEVER_RECORDED:
            was = sorted(self._said[number])
            self.fail(
                "I3" if outcome == "ack" else "I4", f"{number} was told {outcome}; the journal says {was}"
            )
        if op.get("text") is None:
            return
        intent = self.intents[op["text"]]
        intent.outcome = outcome
        if outcome == "conflict":
            self.fail("O9", f"{number} was given back, though a fresh number was free")
        if outcome == "ack":
            self.is_what_was_asked(number, intent)
            intent.told = number, verdict["s"]
            alone = len(self._by_number[number]) == 1  # a copy may ask the same again, word for word
            if alone and intent.floor[0] == self.epoch and verdict["s"] <= intent.floor[1]:
                self.fail(
                    "I14", f"{number} is fact {verdict['s']}; {intent.floor[1]} was told before it was asked"
                )
            if (
                self.seq >= verdict["s"] and self.folds[verdict["s"]].op == number
            ):  # not of a history that was lost
                self._told = max(self._told, (self.epoch, verdict["s"]))

    def is_what_was_asked(self, number: str, intent: Intent) -> None:
        """O9: who is told that something is saved finds that, and nothing else, under its number."""
        held = [
            fact for other in intent.numbers for fact in self._held[other]
        ]  # it may have come under an earlier one
        if not fits(intent.command, held) and not self._stands_already(intent):
            self.fail("O9", f"{number} was told saved as {intent.command}, and is {self._held[number]}")

    def _stands_already(self, intent: Intent) -> bool:
        """B1, P1, E1: the same words by the same person under the same id are there once, however often they are pressed."""
        return any(
            fits(other.command, [fact for number in other.numbers for fact in self._held[number]])
            for other in self.intents
            if other is not intent and (other.person, other.command) == (intent.person, intent.command)
        )

    def _copies(self, fact: Fact) -> None:
        if isinstance(fact, TabCopied) and not any(self.world.weather.fired[kind] for kind in COPIES):
            self.fail("O9", f"{fact.tab} is told to be copied, and nobody copied it")

    def turned_away(self, tab: "Tab", code: int) -> None:
        person = tab.visitor.person
        self.world.note(tab.name, f"turned away, {code}")
        if person in self.world.residents and person not in self._handed:
            self.fail("J3", f"{person} was turned away ({code})")


def _leads(record: Record) -> bool:
    """Whether a fact changed what the room does; a number that a copy had used for a refusal led nothing."""
    return record.led and not isinstance(record.fact, Refused | LedBefore | Noted)
