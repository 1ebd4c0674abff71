"""``forum verify``: what an auditor asks of a forum. Changes nothing of it; exit code 0 when everything holds, else 1."""

import argparse
import asyncio
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from forum import audit
from forum.audit import Answer, Evidence, Finding, NotAReceipt, Raw, Seal, Verification
from forum.cli.settings import settings_from, there
from forum.cli.terminal import EXIT_REFUSED, Say, Terminal
from forum.cli.unpack import read_file
from forum.domain.kernel import N_, Words
from forum.journal import Journal, StoreAddress, open_journal
from forum.keeping import BadArchive
from forum.language import Reader
from forum.language.tellings import TELLINGS
from forum.web.seeds import seed_of

ABOUT = N_("Prove a forum's journal: chain, rules, every vote counted again. Check a receipt.")
BROKEN_FILE = N_("This file proves nothing as it is. Keep it, and ask whoever wrote it for another copy.")
HOLDS_AS_FAR = N_("Everything that an archive without authors can show holds.")
BROKEN = N_("Something does not hold. Keep the data folder as it is, and a copy of it elsewhere.")
RECEIPT_BYTES = 1024 * 1024


class Given(NamedTuple):
    """What is verified: a journal, and the seal of the server that keeps it, if that is at hand."""

    evidence: Evidence
    seal: Seal | None


def arguments(parser: argparse.ArgumentParser, say: Say) -> None:
    parser.add_argument("code", metavar="CODE", nargs="?", help=say("code of the forum"))
    parser.add_argument(
        "--archive",
        type=Path,
        metavar=say("FILE"),
        help=say("verify what “forum archive” wrote, without any store"),
    )
    parser.add_argument(
        "--chain",
        metavar="N:CHAIN",
        action="append",
        default=[],
        help=say("a number and its chain as printed on an export; may be repeated"),
    )
    parser.add_argument(
        "--receipt", type=Path, metavar=say("FILE"), help=say("a participant's receipt to check")
    )
    parser.add_argument("--json", action="store_true", help=say("print JSON"))


def run(arguments: argparse.Namespace, terminal: Terminal) -> int:
    anchors = [_anchor(text, terminal) for text in arguments.chain]
    claims = _claims(arguments.receipt, terminal) if arguments.receipt else ()
    try:
        given = _of_archive(arguments, terminal) if arguments.archive else _of_store(arguments, terminal)
    except BadArchive as bad:
        return _bad_archive(bad, arguments, terminal)
    found = audit.verify(given.evidence)
    findings = (*found.findings, *_anchored(found, anchors))
    answers = _answers(claims, found, given.seal)
    reader = terminal.reader._replace(zone=found.state.zone)
    if arguments.json:
        terminal.json(_as_json(given.evidence, found, findings, answers, reader))
    else:
        for line in _told(given.evidence, found, findings, answers, reader):
            terminal.line(line)
    held = all(f.held for f in findings) and all(a.held for a in answers)
    return 0 if held else EXIT_REFUSED


# --- what is given


def _of_store(arguments: argparse.Namespace, terminal: Terminal) -> Given:
    if not arguments.code:
        terminal.refuse("Say which forum: its code, or --archive with a file.")
    code = terminal.code(arguments.code)
    return asyncio.run(
        _given(there(settings_from(arguments)), code, terminal, sealed=bool(arguments.receipt))
    )


async def _given(address: StoreAddress, code: str, terminal: Terminal, *, sealed: bool) -> Given:
    async with open_journal(address) as journal:
        evidence = await evidence_of(journal, code)
        if not evidence.number and not evidence.entries:
            terminal.refuse("There is no forum {code} here. Check the code and the data folder.", code=code)
        seed = await seed_of(journal, code, await journal.secret("web")) if sealed else b""
        return Given(evidence, audit.sealing(seed) if sealed else None)


def _of_archive(arguments: argparse.Namespace, terminal: Terminal) -> Given:
    kept = read_file(arguments.archive, terminal)
    if arguments.code and terminal.code(arguments.code) != kept.code:
        terminal.refuse("{file} holds forum {code}.", file=arguments.archive, code=kept.code)
    entries = [Raw(e.seq, e.op, e.body, e.chain, e.hash) for e in kept.entries]
    if kept.origin and (
        arguments.receipt or any(a.partition(":")[0] != str(kept.seq) for a in arguments.chain)
    ):
        terminal.refuse(
            "{file} was written without authors: no receipt can be checked there, and only the chain at fact {number} compared. "
            "Take the whole archive.",
            file=arguments.archive,
            number=kept.seq,
        )
    return Given(Evidence(kept.code, kept.seq, kept.chain, entries, kept.origin), None)


def _bad_archive(bad: BadArchive, arguments: argparse.Namespace, terminal: Terminal) -> int:
    """The file does not prove itself: that is the finding, and the fact is named in it."""
    said = terminal.say(bad.message, **bad.params)
    if arguments.json:
        terminal.json({"held": False, "findings": [{"check": "archive", "held": False, "says": said}]})
    else:
        terminal.line(f"  {terminal.say('WRONG')}  {said}")
        terminal.line(terminal.say(BROKEN_FILE))
    return EXIT_REFUSED


async def evidence_of(journal: Journal, code: str) -> Evidence:
    """A forum's journal as its store has it, for ``audit.verify``."""
    head, entries = await journal.as_it_lies(code)
    raws = [
        Raw(
            int(name.partition("-")[0]) if name.endswith("-0") else 0,
            fields.get(b"o", b"").decode("utf-8", "replace"),
            fields.get(b"b", b""),
            fields.get(b"c", b"").decode("utf-8", "replace"),
        )
        for name, fields in entries
    ]
    return Evidence(code, head.seq if head else 0, head.chain if head else "", raws)


def _anchor(text: str, terminal: Terminal) -> tuple[int, str]:
    number, _, chain = text.partition(":")
    if not (number.isdecimal() and len(number) <= 15 and chain):
        terminal.refuse("{text} is not a number and its chain, like 812:0123456789abcdef.", text=text)
    return int(number), chain.strip().lower()


def _claims(file: Path, terminal: Terminal) -> tuple[audit.Claim, ...]:
    try:
        with file.open("rb") as receipt:
            return audit.read(receipt.read(RECEIPT_BYTES).decode("utf-8", "replace"))
    except NotAReceipt:
        terminal.refuse("{file} is no receipt of a forum.", file=file)
    except OSError as error:
        terminal.refuse("{file} cannot be read ({detail}). Check the path.", file=file, detail=error.strerror)


# --- what is found


def _anchored(found: Verification, anchors: Iterable[tuple[int, str]]) -> Iterator[Finding]:
    """Chains that somebody wrote down elsewhere: the only proof against whoever rewrites a whole journal."""
    for number, expected in anchors:
        chain = found.chains.get(number, "–")
        told = {"number": number, "expected": expected, "found": chain}
        yield Finding("anchor", chain == expected, "anchor", 0 if chain == expected else number, told)


def _answers(claims: tuple[audit.Claim, ...], found: Verification, seal: Seal | None) -> list[Answer]:
    person = claims[0].person if claims else None
    return audit.check(claims, found.state, found.chains, seal, person)


def _told(
    evidence: Evidence,
    found: Verification,
    findings: Iterable[Finding],
    answers: list[Answer],
    reader: Reader,
) -> Iterator[str]:
    say = reader.say
    right, wrong = say("ok"), say("WRONG")
    width = max(len(right), len(wrong))
    yield say("Forum {code} – {title}", code=evidence.code, title=found.state.title or "–")
    for finding in findings:
        yield f"  {(right if finding.held else wrong):{width}}  {_sentence(finding, reader)}"
    if answers:
        yield say("The receipt")
    for answer in answers:
        yield f"  {(right if answer.held else wrong):{width}}  {_answered(answer, found, evidence, reader)}"
    if all(f.held for f in findings) and all(a.held for a in answers):
        yield say(HOLDS_AS_FAR if evidence.origin else "Everything holds.")
    else:
        yield say(BROKEN)


def _sentence(finding: Finding, reader: Reader) -> str:
    told: dict[str, Any] = dict(finding.params)
    title, sums = told.get("title"), told.get("sums")
    if "facts" in told:
        told["facts"] = f"({', '.join(map(str, told['facts']))})" if told["facts"] else ""
    if isinstance(title, Words):
        told["title"] = title.get(reader.lang)
    if sums:
        told["sums"] = TELLINGS[told["method"]].adds_up(reader, sums["people"], sums) + " "
        told["sums"] += reader.ballots_counted(
            sums["people"],
            blank=sums["blank"],
            assisted=sums["entered"],
            papers=sums.get("papers", 0),
            late=sums.get("late", 0),
        )
    return reader.say(finding.sentence, **told).rstrip()


def _answered(answer: Answer, found: Verification, evidence: Evidence, reader: Reader) -> str:
    """What the journal says to one line of a receipt."""
    claim = answer.claim
    at = found.moments.get(answer.now, 0)
    told = reader.say(
        audit.SENTENCES[answer.sentence],
        number=claim.number,
        now=answer.now,
        time=reader.clock(at) if at else "–",
        reason=answer.reason,
    )
    about = audit.heading(claim, found.state, reader)
    return reader.say("No. {number} – {what}: {says}", number=claim.number, what=about, says=told)


def _as_json(
    evidence: Evidence,
    found: Verification,
    findings: Iterable[Finding],
    answers: list[Answer],
    reader: Reader,
) -> dict[str, Any]:
    listed = list(findings)
    return {
        "forum": evidence.code,
        "number": evidence.number,
        "chain": evidence.chain,
        "held": all(f.held for f in listed) and all(a.held for a in answers),
        "findings": [
            {
                "check": f.check, "held": f.held, "number": f.number, "says": _sentence(f, reader),
                "params": f.params,
            }
            for f in listed
        ],
        "receipt": [
            {
                "kind": a.claim.kind, "number": a.claim.number, "answer": a.says, "chain": a.same, "now": a.now,
                "says": _answered(a, found, evidence, reader),
            }
            for a in answers
        ],
    }  # fmt: skip
