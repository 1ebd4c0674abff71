"""The words every module of rules is written in: facts, commands, refusals, and who asks.

A module of rules (``flow``, ``people``, ``plan``, ``undo`` and each kind in ``steps/``) contributes one
``Part``: its commands with their judges, its facts with their folds, its numbered rules and the sentences
of its refusals. ``room`` puts the parts together. Nothing here knows a reader's language: sentences are
English message ids, marked by ``N_`` and translated at the edge.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, NewType

import msgspec

if TYPE_CHECKING:
    from forum.domain.state import State

PersonId = NewType("PersonId", str)
TabId = NewType("TabId", str)
StepId = NewType("StepId", str)
SessionId = NewType("SessionId", str)
IdeaId = NewType("IdeaId", str)
ThemeId = NewType("ThemeId", str)
RoundId = NewType("RoundId", str)
AxisId = NewType("AxisId", str)
ActionId = NewType("ActionId", str)
CommitmentId = NewType("CommitmentId", str)
CategoryId = NewType("CategoryId", str)
OrganisationId = NewType("OrganisationId", str)
GroupId = NewType("GroupId", str)
SheetId = NewType("SheetId", str)
PhotographId = NewType("PhotographId", str)
ReasonId = NewType("ReasonId", str)
Millis = NewType("Millis", int)
"""An instant, milliseconds since the Unix epoch by the server's clock."""

EntryMode = Literal["open", "approval", "locked"]
"""Who may come in: everybody with the code, those approved, nobody new."""

NOBODY = PersonId("")
"""Asked by the server itself (opening a forum, preparing tickets), never by a person."""


def N_(text: str) -> str:
    """Mark a sentence for translation; return it unchanged."""
    return text


class Words(msgspec.Struct, frozen=True):
    """One text of the organisers in both languages; an empty one falls back on the other."""

    fr: str = ""
    en: str = ""

    def get(self, lang: str) -> str:
        """The text for ``lang`` ("fr" or "en"), else the other one."""
        return (self.en or self.fr) if lang == "en" else (self.fr or self.en)


class Fact(msgspec.Struct, frozen=True, tag=True, tag_field="k", omit_defaults=True):
    """Something that is true from now on. Its name and fields are for ever: old journals must fold."""


class Command(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Something a person asks for. Sizes and types hold already; rules do not."""


class Place(NamedTuple):
    """What took contributions at some moment."""

    step: StepId = StepId("")  # the open one
    round: RoundId = RoundId("")  # of an open vote
    choices: str = ""  # stands for what that vote was about


class Was(msgspec.Struct, frozen=True, omit_defaults=True):
    """An op as a history had it that the store has lost: seen there, or proven by the seal of its acknowledgement."""

    op: str  # "tab:number"
    by: PersonId
    gen: int  # the store's life in which it was saved
    seq: int  # its last fact
    chain: str = ""  # there; "" = not known
    step: StepId = StepId("")  # its ``Place``
    round: RoundId = RoundId("")
    choices: str = ""


class Asked(msgspec.Struct, frozen=True):
    """Who asks, and when: the envelope of a command."""

    by: PersonId
    at: Millis
    tab: TabId = TabId("")
    op: int = 0  # number of this op in its tab, from 1
    seen: int = 0  # journal number the asker's page showed; 0 = did not say
    on_behalf: PersonId = NOBODY  # a person without a phone, for whom the desk or a secretary enters
    again: bool = False  # it was answered once, says the asker, and then lost by the store
    mark: str = ""  # stands for what is asked, word for word, and tells nothing of it; "" = did not say
    was: Was | None = None  # what is known of that
    stands: bool | None = None  # whether it is in this history after all; None = not known
    gen: int = 0  # where the asker's page stood: the store's life; 0 = did not say
    chain: str = ""  # and the chain at ``seen``; "" = did not say
    elsewhere: bool = False  # that is a history that is gone
    most: int = 256 * 1024 * 1024  # bytes that the forum may take, as whoever runs the server says

    @property
    def who(self) -> PersonId:
        """The person whose contribution it is."""
        return self.on_behalf or self.by


class Rejection(msgspec.Struct, frozen=True):
    """A rule said no. ``code`` names a sentence in ``room.REFUSALS``; ``params`` fill its placeholders."""

    rule: str
    code: str
    params: dict[str, Any] = {}


class Lost(msgspec.Struct, frozen=True, array_like=True):
    """What an op that came again had been: the store's life, its last fact's number, "tab:number", its ``Place``.

    by   the access it was saved under, where that was lost too and somebody else came in for it
    """

    gen: int
    seq: int
    op: str
    step: StepId = StepId("")
    round: RoundId = RoundId("")
    choices: str = ""
    by: PersonId = NOBODY


class Record(msgspec.Struct, frozen=True, omit_defaults=True):
    """One journal entry's body: a fact with who, when, and a salt.

    The salt (128 random bits) keeps the entry's hash useless for guessing an erased text or a ballot.
    """

    fact: Fact
    by: PersonId
    at: Millis
    salt: str = ""
    entered_by: PersonId = NOBODY  # who typed it, when on behalf of somebody
    again: bool = False  # offered again, after the store had lost it
    mark: str = ""  # stands for all that the op asked, so that other content under its number is known
    lost: Lost | None = None  # what it had been
    led: bool = False  # of a command of those who lead (O10)
    size: int = 0  # bytes of its body, told by whoever read it; in no body


Facts = tuple[Fact, ...]
Judge = Callable[["State", Any, Asked], Facts | Rejection]
Fold = Callable[["State", Any, Record], "State"]


class Gesture(NamedTuple):
    """What can be undone, beside its fact."""

    what: str  # what was done, for the list at the desk; "": only what takes back comes as this fact
    back: Callable[["State", Any], tuple[str, Facts] | None] | None = None
    """From the state before the fact: what it was about, and the facts that would take it back; None: it stays, this one or
    every such fact."""
    fits: Callable[["State", Any], bool] = lambda state, fact: True
    """Whether nothing has changed meanwhile that taking back by this fact would overwrite."""
    named: Callable[["State", Any], str] = lambda state, fact: ""
    """From the state before the fact: what was done, where the fact says it better than ``what``; else ""."""
    several: str = ""  # what was done, where one gesture did it more than once; "": the same
    besides: bool = False  # after another fact of one gesture it only says more of the same, and does not name what was done


class Holds(NamedTuple):
    """That a fact holds words which may have to be struck, beside it."""

    about: Callable[[Any], str]  # the id of what they are about
    fields: tuple[str, ...]
    own: bool = False  # they are whose who said them; else the room's
    quotes: bool = False  # they may quote the card that it is about
    said: Callable[[Any, dict[str, Any]], dict[str, str]] = lambda fact, texts: texts
    """Of a field that holds several texts by name: those that somebody said in their own words."""


class Aloud(NamedTuple):
    """That a fact changes the room, and what those who listen are told of it (F11), beside it."""

    say: Callable[["State", Any], str]
    """From the state before the fact: a sentence, with the ``{placeholders}`` of ``fragments.heard``; "": this time none."""
    room: Callable[["State", Any], bool] = lambda state, fact: True
    """From the state before the fact: whether phones and the wall are told too, and not the desk alone."""
    topic: str = ""  # what is said later of the same replaces what was said; "": the fact itself
    number: Callable[[Any], int] = lambda fact: 0  # an instant or an amount that the sentence names
    what: Callable[["State", Any], str] = lambda state, fact: ""  # words of ours that the sentence names


class Quiet(NamedTuple):
    """That nobody is told aloud of a fact, beside it."""

    why: str


def at_desk(sentence: str) -> Aloud:
    """A change that is the desk's alone to know, always in the same words."""
    return Aloud(lambda state, fact: sentence, lambda state, fact: False)


class Saw(NamedTuple):
    """What a press is about, beside its command: by it one knows whether its meaning has passed (O14)."""

    about: Callable[["State", Any, Asked], int]
    """The last fact that changed what the press speaks of, and of nothing else; 0: there is none."""
    label: str = ""  # what that is called, a message id; "": where the forum is
    strict: bool = (
        False  # it leads: what its own tab did since counts too, and it is judged before other rules refuse
    )


class Absolute(NamedTuple):
    """That a press means the same whatever has passed since it was read, or that something else judges that (O14)."""

    why: str


class Part(NamedTuple):
    """What one module of rules contributes."""

    judges: dict[type[Command], Judge]
    folds: dict[type[Fact], Fold]
    rules: dict[str, str] = {}
    refusals: dict[str, str] = {}
    gestures: dict[type[Fact], Gesture] = {}
    words: dict[type[Fact], Holds] = {}
    plain: frozenset[type[Command]] = frozenset()
    """Commands whose facts hold what was sent with them, and nothing that stands already."""
    gives: dict[type[Command], str] = {}
    """What somebody gave by a command, as they are told of it where it waits or cannot be taken (O12)."""
    named: frozenset[type[Command]] = frozenset()
    """Commands for which one needs a name (E1)."""
    sees: dict[type[Command], Saw | Absolute] = {}
    """What whoever presses must have seen, for each command (O14)."""
    aloud: dict[type[Fact], Aloud | Quiet] = {}
    """Facts that change the room, and what is said of them; a gesture that has its words is said at the desk by these."""
