"""The verdict on an op, as its asker reads it: ``ack`` or ``nack``, with a sentence in their language."""

from collections.abc import Callable
from typing import Any, Final

import msgspec

from forum import live
from forum.domain.kernel import N_, Rejection
from forum.domain.room import REFUSALS
from forum.journal import Head
from forum.language import Reader
from forum.live import Accepted, Away, Busy, Full, OutOfOrder, Refused, Verdict
from forum.web import wire
from forum.web.misread import Malformed

SENTENCES: Final = REFUSALS | live.REFUSALS | wire.REFUSALS
SOMEBODY: Final = N_("Somebody")
TOLD: Final = ("field", "limit")  # of what a sentence says, what a script may want too
FORBIDDEN: Final = Rejection("J3", "forbidden")
RETRY_BUSY_MS: Final = 500
RETRY_AWAY_MS: Final = 1000
RETRY_FULL_MS: Final = 30_000


def sentence(reader: Reader, code: str, params: dict[str, Any], name: Callable[[str], str]) -> str:
    """A refusal in the reader's language; ``name`` gives a person's name, "" for none."""
    known = code if code in SENTENCES else "result_not_kept"  # an old journal's refusal, or a newer one's
    try:
        return reader.refusal(known, params, SENTENCES, lambda person: name(person) or reader.say(SOMEBODY))
    except (KeyError, ValueError, IndexError):  # parameters of another version's sentence
        return fixed(reader, "result_not_kept")


def said(reader: Reader, verdict: Verdict, name: Callable[[str], str]) -> str:
    """The sentence of a verdict that is not a yes; "" for a yes."""
    match verdict:
        case Refused(rejection=rejection):
            return sentence(reader, rejection.code, rejection.params, name)
        case OutOfOrder():
            return fixed(reader, "out_of_order")
        case Busy():
            return fixed(reader, "busy")
        case Away():
            return fixed(reader, "unavailable")
        case Full():
            return fixed(reader, "full")
        case _:
            return ""


def frame(
    reader: Reader, verdict: Verdict, n: int, gen: int, name: Callable[[str], str], proof: str = ""
) -> bytes:
    """A verdict as JSON, the same on the socket and over HTTP.

    gen    of the asker's page, for verdicts that the journal knows nothing of
    proof  that this was saved; "" for none
    """
    match verdict:
        case Accepted(head=head):
            more = {"p": proof} if proof else {}
            return _json(t="ack", n=n, g=head.gen, s=head.seq, c=head.chain, **more)
        case Refused(rejection=rejection, head=head):
            msg = said(reader, verdict, name)
            more = {name: rejection.params[name] for name in TOLD if name in rejection.params}
            return _json(t="nack", n=n, g=head.gen, code=rejection.code, rule=rejection.rule, msg=msg, **more)
        case OutOfOrder(last=last):
            msg = said(reader, verdict, name)
            return _json(t="nack", n=n, g=gen, code="out_of_order", rule="O2", msg=msg, last=last)
        case Busy():
            return slow(reader, n, gen, "busy", RETRY_BUSY_MS)
        case Full():
            return slow(reader, n, gen, "full", RETRY_FULL_MS)
        case _:
            return slow(reader, n, gen, "unavailable", RETRY_AWAY_MS)


def of(rejection: Rejection) -> Verdict:
    """A refusal at the edge of something that is no op, as a verdict."""
    return Refused(rejection, Head(0, 0, ""))


def status(verdict: Verdict) -> int:
    """How HTTP says a verdict to a form."""
    match verdict:
        case Accepted():
            return 200
        case Refused():
            return 422
        case OutOfOrder():
            return 409
        case _:
            return 503


def slow(reader: Reader, n: int, gen: int, code: str, retry_ms: int) -> bytes:
    """Not now: nothing was judged, the same op may come again after ``retry_ms``."""
    msg = reader.say(SENTENCES[code])
    return _json(t="nack", n=n, g=gen, code=code, rule="", msg=msg, retry=retry_ms)


def unread(reader: Reader, wrong: Malformed, gen: int) -> bytes:
    """What could not be read, under its number where that could be: whoever waits for it has its text back."""
    params = {"field": wrong.field or "?"}
    msg = sentence(reader, wrong.code, params, lambda _: "")
    return _json(t="nack", n=wrong.n, g=gen, code=wrong.code, rule=wire.RULE, msg=msg, field=wrong.field)


def closed(reader: Reader, code: str) -> bytes:
    """No access: the same words whatever the reason."""
    return _json(t="error", code=code, msg=reader.say(SENTENCES[code]))


def _json(**fields: Any) -> bytes:
    return msgspec.json.encode(fields)


def fixed(reader: Reader, code: str) -> str:
    """A sentence without placeholders, by its code."""
    sentence: str = SENTENCES[code]
    return reader.say(sentence)
