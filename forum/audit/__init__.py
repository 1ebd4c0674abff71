"""For everybody who doubts a forum: receipts, a second count, and the verification of a whole journal.

    receipt       what one person is told of their own contributions, and the marks by which it can be checked
    claims        the marks, and the seals that prove them
    contributions what a line can be about, each kind a value
    answers       what can be said of a line
    handed_in     the marks of a receipt that somebody wants checked
    check         what the forum says today about a receipt made earlier
    attested      what is left of votes whose ballots were struck after their time
    recount       the votes counted a second time, from the journal's bytes, without our rules
    proof         what an acknowledgement proves, in case the store loses what it acknowledged
    verification  every claim about a journal as a finding: proved, or broken at fact N

Pure: entries and states come in, findings go out. Never learns where a journal is kept.
"""

from forum.audit.answers import SENTENCES, Answer, Says
from forum.audit.check import check, needed
from forum.audit.claims import Claim, Seal, sealing
from forum.audit.contributions import CONTRIBUTIONS, heading
from forum.audit.evidence import Evidence, Raw
from forum.audit.handed_in import NotAReceipt, read
from forum.audit.proof import content, proof, proven
from forum.audit.receipt import (
    MOST_LINES,
    Receipt,
    as_json,
    as_text,
    choice_words,
    claims_of,
    receipt,
)
from forum.audit.receipt import heading as heading_of_line
from forum.audit.verification import Finding, Verification, verify

__all__ = [
    "CONTRIBUTIONS",
    "MOST_LINES",
    "SENTENCES",
    "Answer",
    "Claim",
    "Evidence",
    "Finding",
    "NotAReceipt",
    "Raw",
    "Receipt",
    "Says",
    "Seal",
    "Verification",
    "as_json",
    "as_text",
    "check",
    "choice_words",
    "claims_of",
    "content",
    "heading",
    "heading_of_line",
    "needed",
    "proof",
    "proven",
    "read",
    "receipt",
    "sealing",
    "verify",
]
