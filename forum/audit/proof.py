"""The proof that an acknowledgement carries: what was saved, in which step and round, in case the store loses it.

A proof names the store's life, the number and chain of the fact, the step and round that took the op, its
author, tab and number. It ends in a seal over all of these and over the words of the op. The seal proves
that this server said "saved" to exactly this op. If the journal no longer has the op, the store has lost it.
Nobody can make up a proof, move it to another op, or change a word under it. It tells the person who holds
it nothing that their page did not show.
"""

import hmac
from hashlib import sha256
from typing import Final

import msgspec

from forum.audit.claims import SEAL_LENGTH, Seal
from forum.domain.kernel import Command, PersonId, Place, RoundId, StepId, Was

FIELDS: Final = 10  # of a proof, the seal among them
MOST_CHARS: Final = 512


def content(command: Command, on_behalf: str) -> str:
    """What stands for an op's words: the same for the same command, entered for the same person."""
    said = msgspec.json.encode([type(command).__name__, on_behalf, command])
    return sha256(said).hexdigest()[:32]


def proof(
    code: str, seal: Seal, by: str, op: tuple[str, int], at: tuple[int, int, str], place: Place, words: str
) -> str:
    """Seal an acknowledgement. ``op``: tab and number; ``at``: life, number and chain; ``words``: of ``content``."""
    fields = (*at, *place, by, *op)
    text = ":".join(str(field) for field in fields)
    return f"{text}:{seal(_sealed(code, text, words))}"


def proven(code: str, seal: Seal, text: str, words: str) -> Was | None:
    """What a proof proves of these words; None when it proves nothing."""
    fields = text.split(":")
    if len(fields) != FIELDS or len(fields[-1]) != SEAL_LENGTH:
        return None
    unsealed, _, given = text.rpartition(":")
    if not hmac.compare_digest(given.encode(), seal(_sealed(code, unsealed, words)).encode()):
        return None
    gen, seq, chain, step, round_, choices, by, tab, number, _ = fields
    return Was(
        f"{tab}:{number}", PersonId(by), int(gen), int(seq), chain, StepId(step), RoundId(round_), choices
    )


def _sealed(code: str, text: str, words: str) -> str:
    return f"saved\n{code}\n{text}\n{words}"
