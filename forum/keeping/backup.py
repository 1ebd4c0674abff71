"""Backups of everything: every forum at its head with its names and links, and the server's secrets, in one file.

A plain tar: one archive for each forum, with names and keys; then ``erasures.jsonl`` as it stood,
``secrets.json``, and last ``backup.json``, which says what is inside. Each forum is consistent in itself.
They have no common moment, since nothing in one forum refers to another. A restore erases again what was
erased after the backup, names and addresses among it, as far as a ledger tells. What was deleted stays deleted. A restore replaces no
forum unless it is told to.
"""

import asyncio
import io
import tarfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Final

import msgspec

from forum.domain import beside, records
from forum.domain.consents.part import ConsentGiven, ConsentWithdrawn
from forum.domain.keeping import Redacted
from forum.domain.kernel import N_, NOBODY, PersonId
from forum.journal import REDACTION, SECRET_BYTES, Damaged, Journal, NoForum, body_hash
from forum.keeping import archive, moving
from forum.keeping.archive import BadArchive, Kept
from forum.keeping.ending import end_terms
from forum.keeping.erasure import append, holes, stale, strike
from forum.keeping.ledger import Ledger, Line, Read, Unreadable, read_lines
from forum.keeping.pictures import erased_again

FORMAT: Final = "forum/backup/1"
SUFFIX: Final = ".forum-backup.tar"
HEAD, LEDGER, SECRETS = "backup.json", "erasures.jsonl", "secrets.json"
SECRET_NAMES: Final = ("web",)  # whatever a part of Forum asks the journal for
SMALL_BYTES: Final = 64 * 1024**2  # of the head, the ledger and the secrets
MOST_NAMED: Final = 20  # lines of a ledger, in a sentence
NO_BACKUP: Final = N_("This is no backup of Forum, or it is damaged. Take another one.")
NO_SECRET: Final = N_(
    "The server’s secret in this backup ({name}) is empty or cut: whoever knew that could forge links and receipts. "
    "Take another backup; or run this again with --new-secret: then the receipts given out before can no longer be "
    "checked. Nothing was changed."
)
UNREADABLE: Final = N_(
    "{file}, lines {lines}: cannot be read, and each such line may be somebody’s erasure (of forums: {codes}). Take a "
    "whole copy of the file; or run this again with --despite-unreadable, and erase by “forum erase” what people had "
    "asked for. Nothing was changed."
)


class Listed(msgspec.Struct, frozen=True):
    """One forum of a backup."""

    code: str
    seq: int
    chain: str
    created: int

    @property
    def name(self) -> str:
        return f"{self.code}.forum.gz"


class Head(msgspec.Struct, frozen=True):
    """What a backup says of itself."""

    format: str
    at: int  # when it was begun, ms since the epoch
    forums: tuple[Listed, ...]
    left_out: tuple[str, ...] = ()  # codes of forums whose journal cannot be explained


@dataclass
class Restored:
    """What became of a backup."""

    at: int  # when it was taken
    opened: list[str] = field(default_factory=list)
    there: list[str] = field(default_factory=list)  # were there already, and were left as they are
    ended: list[str] = field(default_factory=list)  # were deleted since, and stay so
    erased: int = 0  # erasures that were made since, and are again
    knows: bool = False  # whether a ledger is here that reaches beyond the backup
    unreadable: list[Unreadable] = field(default_factory=list)  # lines of ledgers that nobody could read


async def back_up(journal: Journal, ledger: Ledger, out: BinaryIO, at: int) -> Head:
    """Write a backup of everything, beside whatever runs. Unavailable.

    Cost: every journal is read and proven, one in memory at a time.
    """
    listed, left_out = [], []
    with tarfile.open(fileobj=out, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        for record in await journal.forums():
            try:
                kept = await moving.gather(journal, record.code, names=True, keys=True, secret=True)
            except NoForum:  # it went meanwhile
                continue
            except Damaged:
                left_out.append(record.code)
                continue
            one = Listed(kept.code, kept.seq, kept.chain, kept.created)
            await asyncio.to_thread(_add, tar, one.name, await asyncio.to_thread(_packed, kept), at)
            listed.append(one)
        head = Head(FORMAT, at, tuple(listed), tuple(left_out))
        secrets = {name: (await journal.secret(name)).hex() for name in SECRET_NAMES}
        for name, value in ((LEDGER, ledger.bytes()), (SECRETS, _json(secrets)), (HEAD, _json(head))):
            _add(tar, name, value, at)
    return head


async def restore(
    journal: Journal,
    ledger: Ledger,
    file: BinaryIO,
    at: int,
    *,
    overwrite: bool = False,
    new_secret: bool = False,
    newer: bytes = b"",
    despite_unreadable: bool = False,
) -> Restored:
    """Bring back what a backup holds, and erase again what was erased since. BadArchive, Unavailable.

    file                can be sought in
    overwrite           replace forums that are here; otherwise they stay as they are
    new_secret          leave the server's secret in the backup where it is
    newer               bytes of a newer ledger than the one that is here
    despite_unreadable  go on although a ledger has lines that nobody can read; they are returned

    What is refused is refused before anything is changed, but for a forum's archive that is damaged.
    """
    with _opened(file) as tar:
        head = _head(tar)
        secrets = {} if new_secret else _secrets(tar)
        given, taken = read_lines(newer), read_lines(_small(tar, LEDGER))
        ledgers = {str(ledger.path): ledger.read(), "--erasures": given, f"{LEDGER} (backup)": taken}
        done = Restored(head.at, unreadable=_unreadable(ledgers, despite=despite_unreadable))
        ledger.add(given.lines)
        since = ledger.read().lines
        done.knows = any(line.at >= head.at for line in since)
        ledger.add(taken.lines)
        for one in head.forums:
            if any(_ends(line, one, head.at) for line in since):
                done.ended.append(one.code)
            elif await journal.head(one.code) is not None and not overwrite:
                done.there.append(one.code)
            else:
                await _bring_back(journal, _forum(tar, one))
                done.opened.append(one.code)
                # At once: a server may be showing it.
                done.erased += await erase_again(journal, one.code, ledger.read().lines, at, ledger, head.at)
    for name, value in secrets.items():
        await journal.keeping.put_secret(name, value, overwrite=overwrite)
    for code in done.there:
        done.erased += await erase_again(journal, code, ledger.read().lines, at, ledger, head.at)
    return done


async def erase_again(
    journal: Journal, code: str, lines: Sequence[Line], at: int, ledger: Ledger, taken: int
) -> int:
    """Strike in a forum what the ledger says was struck, and is there again; return how many erasures that were.

    taken   when the backup was: a name or an address that was erased before is not there again, but given anew
    """
    created = int((await journal.meta(code)).get("created", "0"))
    mine = [line for line in lines if (line.code, line.created) == (code, created) and not line.purged]
    if not mine:
        await end_terms(journal, code, at, ledger)
        return 0
    there = {(e.seq, e.chain, body_hash(e.body)) for e in await journal.read(code) if not e.hash}
    names, count = await journal.names(code), 0
    for line in (line for line in mine if not line.term):
        left = tuple(
            s
            for s in line.struck
            if (s.seq, s.chain, s.hash) in there and not s.op.startswith(REDACTION)  # these explain holes
        )
        gone = beside.all_of(PersonId(line.person)) if line.name and line.at >= taken else ()
        words = [word for word in gone if word in names]
        if left or words:
            fact = Redacted(line.person, left, name_only=not left, name=line.name)
            await strike(journal, code, fact, at, ledger)
            there -= {(s.seq, s.chain, s.hash) for s in left}
            for word in words:
                del names[word]
            count += 1
    count += await _addresses_again(journal, code, [m for m in mine if m.address and m.at >= taken], at)
    count += await erased_again(journal, code, [m for m in mine if m.photograph], at)
    count += await _lessened(journal, code, mine, at, ledger)
    await end_terms(journal, code, at, ledger)  # by its own days, and not by those of a history that is gone
    return count


async def _addresses_again(journal: Journal, code: str, lines: Sequence[Line], at: int) -> int:
    """Erase the addresses that people took back, with their consent to them; return how many these were."""
    names, count = await journal.names(code), 0
    for line in lines:
        word = beside.address_of(line.person)
        if word not in names or await _agreed_at(journal, code, line.person) > line.at:
            continue  # or left again since
        await journal.erase_name(code, word)
        await append(journal, code, ConsentWithdrawn(line.person, "reminders"), at)
        del names[word]
        count += 1
    return count


async def _agreed_at(journal: Journal, code: str, person: PersonId) -> int:
    """When somebody last agreed to leave their address, in ms; 0: no fact tells."""
    given = (records.decode(e.body) for e in await journal.read(code) if b'"ConsentGiven"' in e.body)
    theirs = [r.at for r in given if isinstance(r.fact, ConsentGiven) and r.fact.person == person]
    return max(theirs, default=0)


async def _lessened(journal: Journal, code: str, lines: Sequence[Line], at: int, ledger: Ledger) -> int:
    """Strike the redactions in which more is left of an entry than the ledger says; return how many these were."""
    entries = await journal.read(code)
    left = {e.seq: (e.chain, len(e.body)) for e in entries if e.hash}
    least = {
        s.seq: s.husk
        for line in lines
        for s in line.struck
        if (found := left.get(s.seq)) and found[0] == s.chain and len(s.husk.encode()) < found[1]
    }
    outdated = stale(entries, least)
    for struck in outdated:
        *_, redaction = struck
        whose = next((line.person for line in lines if redaction.seq in {s.seq for s in line.struck}), NOBODY)
        fact = Redacted(whose, tuple(struck), more=True, name=False)  # nobody's request ends by it
        await strike(journal, code, fact, at, ledger, holes(entries))
    return len(outdated)


def rotate(folder: Path, keep: int) -> list[Path]:
    """Delete all but the ``keep`` newest backups of a folder; return those deleted. Blocks."""
    found = sorted(folder.glob(f"*{SUFFIX}"))  # their names begin with the time
    old = found[: max(0, len(found) - keep)]
    for path in old:
        path.unlink()
    return old


# --- inside


def _ends(line: Line, one: Listed, at: int) -> bool:
    """Whether this line says that the forum was deleted after the backup was taken."""
    return line.purged and (line.code, line.created) == (one.code, one.created) and line.at >= at


async def _bring_back(journal: Journal, kept: Kept) -> None:
    moving.folded(kept)  # before anything is deleted for it
    await journal.keeping.discard(kept.code)
    await moving.open_again(journal, kept)


def _packed(kept: Kept) -> bytes:
    packed = io.BytesIO()
    archive.write(kept, packed)
    return packed.getvalue()


def _json(value: object) -> bytes:
    return msgspec.json.encode(value) + b"\n"


def _add(tar: tarfile.TarFile, name: str, body: bytes, at: int) -> None:
    info = tarfile.TarInfo(name)
    info.size, info.mode, info.mtime = len(body), 0o600, at // 1000
    tar.addfile(info, io.BytesIO(body))


@contextmanager
def _opened(file: BinaryIO) -> Iterator[tarfile.TarFile]:
    """The tar; nothing in it is ever written to a path of its own. Raises BadArchive."""
    try:
        with tarfile.open(fileobj=file, mode="r:") as tar:
            yield tar
    except (tarfile.TarError, EOFError, msgspec.MsgspecError) as error:
        raise BadArchive(NO_BACKUP) from error


def _part(tar: tarfile.TarFile, name: str) -> tarfile.ExFileObject:
    try:
        found = tar.extractfile(name)
    except KeyError:
        found = None
    if not isinstance(found, tarfile.ExFileObject):
        raise BadArchive(N_("{name} is missing in this backup. Take another one."), name=name)
    return found


def _small(tar: tarfile.TarFile, name: str) -> bytes:
    body = _part(tar, name).read(SMALL_BYTES + 1)
    if len(body) > SMALL_BYTES:
        raise BadArchive(NO_BACKUP)
    return body


def _head(tar: tarfile.TarFile) -> Head:
    head = msgspec.json.decode(_small(tar, HEAD), type=Head)
    if head.format != FORMAT:
        raise BadArchive(NO_BACKUP)
    return head


def _forum(tar: tarfile.TarFile, one: Listed) -> Kept:
    kept = archive.read(_part(tar, one.name))
    if (kept.code, kept.seq, kept.chain, kept.created) != (one.code, one.seq, one.chain, one.created):
        raise BadArchive(
            N_("{name} is not the forum that the backup says it is. Take another one."), name=one.name
        )
    return kept


def _secrets(tar: tarfile.TarFile) -> dict[str, bytes]:
    """The server's secrets, each whole: with an empty one anybody could make the server's links and seals."""
    found = msgspec.json.decode(_small(tar, SECRETS), type=dict[str, str])
    secrets = {}
    for name in SECRET_NAMES:
        try:
            secrets[name] = bytes.fromhex(found.get(name, ""))
        except ValueError:
            secrets[name] = b""
        if len(secrets[name]) != SECRET_BYTES:
            raise BadArchive(NO_SECRET, name=name)
    return secrets


def _unreadable(ledgers: Mapping[str, Read], *, despite: bool) -> list[Unreadable]:
    for name, ledger in ledgers.items():
        if ledger.unreadable and not despite:
            numbers = ", ".join(str(u.number) for u in ledger.unreadable[:MOST_NAMED])
            codes = ", ".join(sorted({u.code or "?" for u in ledger.unreadable})[:MOST_NAMED])
            more = " …" if len(ledger.unreadable) > MOST_NAMED else ""
            raise BadArchive(UNREADABLE, file=name, lines=numbers + more, codes=codes)
    return [u for ledger in ledgers.values() for u in ledger.unreadable]
