"""For everybody who doubts a forum: receipts, a second count, and the verification of a whole journal.

    receipt       what one person is told of their own contributions, and the marks by which it can be checked
    handed_in     the marks of a receipt that somebody wants checked
    check         what the forum says today about a receipt made earlier
    recount       the votes counted a second time, from the journal's bytes, without our rules
    proof         what an acknowledgement proves, in case the store loses what it acknowledged
    verification  every claim about a journal as a finding: proved, or broken at fact N

Pure: entries and states come in, findings go out. Never learns where a journal is kept.
"""

from forum.audit.check import SENTENCES, Answer, Says, check, needed
from forum.audit.evidence import Evidence, Raw
from forum.audit.handed_in import NotAReceipt, read
from forum.audit.proof import content, proof, proven
from forum.audit.receipt import (
    MOST_LINES,
    Claim,
    Receipt,
    Seal,
    as_json,
    as_text,
    claims_of,
    counting,
    heading,
    heading_of,
    receipt,
    sealing,
    sheet_words,
)
from forum.audit.verification import Finding, Verification, verify

__all__ = [
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
    "claims_of",
    "content",
    "counting",
    "heading",
    "heading_of",
    "needed",
    "proof",
    "proven",
    "read",
    "receipt",
    "sealing",
    "sheet_words",
    "verify",
]
