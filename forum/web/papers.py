"""Paper ballots at the desk: printed, entered one after another by keyboard, taken back, declared void. The rules: ``steps.papers``.

Plain pages, with a script and without. No page says what was entered: it is secret here too (V5).
"""

from datetime import UTC, datetime
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

from forum.domain import methods
from forum.domain.kernel import Command, Rejection, StepId
from forum.domain.methods.papers import Paper, Unfit
from forum.domain.roles import LEADS
from forum.domain.state import State, Step
from forum.domain.steps import papers
from forum.domain.steps.rounds import Round
from forum.exports.apart import bound
from forum.exports.ballots import Row, circled, rows, sheaf, spelled
from forum.fragments.given import Given
from forum.language import Reader
from forum.live import Accepted, Busy, Verdict
from forum.opening import derived, new_secret
from forum.web import errors, pages, verdicts, wire
from forum.web.acting import Numbered, act, form_tab, pause_ms
from forum.web.asking import Fields, fields_of, one, see_other, seen_of, ticket_of
from forum.web.downloads import download
from forum.web.identity import Surface, base_path
from forum.web.own import Opened, with_access
from forum.web.service import service_of

PATH: Final = "/papers"
USUAL: Final = 20  # papers, where nobody says how many
MARK: Final = "mark."  # before a key, in the names of fields
MOST_SIGNS: Final = 20  # of a code as it is typed
SECRET_SIGNS: Final = 32
DONE: Final = {"entered": "enter", "back": "back", "void": "void", "valid": "valid"}
"""What an address says was done, by the deed of the form."""


async def page(request: Request, *, surface: Surface) -> Response:
    """Where papers of one vote are printed and entered."""
    here = await with_access(request, surface, LEADS)
    query = request.query_params
    done = next(((what, query[what]) for what in DONE if what in query), None)
    return _page(request, here, surface, query.get("step", ""), done=done)


async def deed(request: Request, *, surface: Surface) -> Response:
    """Print, enter, take back, declare void or valid; then the page again, ready for the next."""
    here, fields = await with_access(request, surface, LEADS), await fields_of(request)
    what, step = one(fields, "deed"), one(fields, "step")
    verdict = await _judged(request, here, what, fields)
    if isinstance(verdict, Accepted):
        code = papers.read_code(one(fields, "paper")) or ""
        done = next((f"&{said}={code}" for said, name in DONE.items() if name == what and code), "")
        return see_other(f"{base_path(here.code, surface)}{PATH}?step={_known_step(here.state, step)}{done}")
    if errors.wants_json(request.scope):
        frame = verdicts.frame(here.reader, verdict, 1, 0, here.shown.view.name)
        return Response(frame, verdicts.status(verdict))
    flash = verdicts.said(here.reader, verdict, here.shown.view.name)
    sent = Given(request.scope["path"], fields)
    return _page(request, here, surface, step, verdicts.status(verdict), flash=flash, sent=sent)


async def document(request: Request, *, surface: Surface) -> Response:
    """One printing as a PDF, made in a process apart; where there is none, the page that says what there is."""
    here, service = await with_access(request, surface, LEADS), service_of(request)
    wanted = request.path_params["printing"]
    printed = next((one for one in here.state.rounds.printed if str(one.number) == wanted), None)
    step = here.state.step(here.state.rounds.by_id[printed.round].step) if printed else None
    if printed is None or step is None:
        return see_other(f"{base_path(here.code, surface)}{PATH}")
    at = datetime.fromtimestamp(printed.at / 1000, UTC).isoformat()
    told = sheaf(here.state, step, here.state.rounds.by_id[printed.round], printed, at)
    made = await service.jobs.make(bound(told))
    return download(made.body, made.media_type, made.name)


# --- inside


async def _judged(request: Request, here: Opened, what: str, fields: Fields) -> Verdict:
    service, ticket = service_of(request), ticket_of(fields) or new_secret()
    command = _command(here.state, what, fields, derived(service.seed, "papers", here.code, ticket).hex())
    words = [
        what,
        *(f"{name}={value}" for name in sorted(fields) for value in fields[name] if name != "ticket"),
    ]
    op = Numbered(here.who, form_tab(service.seed, ticket, *words), 1, seen_of(fields))
    return Busy() if pause_ms(service, here.code, op) else await act(service, here.code, command, op)


def _command(state: State, what: str, fields: Fields, secret: str) -> Command | Rejection:
    step, paper = StepId(_known_step(state, one(fields, "step"))), one(fields, "paper")[:MOST_SIGNS]
    match what:
        case "print":
            said = one(fields, "papers")
            number = int(said) if said.isascii() and said.isdecimal() and len(said) <= MOST_SIGNS else 0
            return papers.PrintPapers(step, number, secret[:SECRET_SIGNS])
        case "enter":
            marks = _marks(state, step, fields)
            return marks if isinstance(marks, Rejection) else papers.EnterPaper(step, paper, marks)
        case "back":
            return papers.TakePaperBack(step, paper)
        case "void" | "valid":
            return papers.VoidPaper(step, paper, what == "void")
    return Rejection(wire.RULE, "bad_choice", {"field": "deed"})


def _marks(state: State, step: StepId, fields: Fields) -> dict[str, int] | Rejection:
    """What was typed for each choice; a refusal that names the first which does not stand on the paper."""
    round_, found = state.rounds.latest(step), state.step(step)
    paper = _paper(round_)
    if round_ is None or found is None or not isinstance(paper, Paper):
        return {}
    marks = {}
    for row in rows(state, found, round_, Reader(state.lang)):
        for ask in row.asks:
            mark = paper.read(one(fields, MARK + ask.key))
            if mark is None:
                return Rejection("V77", "paper_sign", {"sign": row.sign})
            if mark:
                marks[ask.key] = mark
    return marks


def _paper(round_: Round | None) -> Paper | Unfit | None:
    return methods.of(round_.method).printed(round_.parameters) if round_ else None


def _known_step(state: State, said: str) -> str:
    """The step that is meant: the one that was said, where it is a vote that was opened; else what is going on now."""
    if state.rounds.latest(StepId(said)):
        return said
    return state.current or ""


def _page(
    request: Request,
    here: Opened,
    surface: Surface,
    said: str,
    status: int = 200,
    *,
    flash: str = "",
    done: tuple[str, str] | None = None,
    sent: Given | None = None,
) -> Response:
    state = here.state
    step = state.step(StepId(_known_step(state, said)))
    round_ = state.rounds.latest(step.id) if step else None
    given: dict[str, Any] = {
        "code": here.code,
        "title": state.title,
        "base": base_path(here.code, surface),
        "back": f"{base_path(here.code, surface)}{PATH}" + (f"?step={step.id}" if step else ""),
        "seen": here.shown.head.seq,
        "ticket": new_secret(),
        "step": step,
        "round": round_,
        "sent": sent,
        "done": done and (done[0], spelled(papers.read_code(done[1]) or "")),
        "most": papers.AT_ONCE.most,
        "usual": USUAL,
        "signs": MOST_SIGNS,
    }
    if step and round_:
        given |= _of_round(state, step, round_, here.reader)
    return pages.plain(request, "papers.html", here.reader, status, flash=flash, **given)


def _of_round(state: State, step: Step, round_: Round, reader: Reader) -> dict[str, Any]:
    """What the page tells of one vote."""
    paper = _paper(round_)
    there, entered = papers.printings(state, round_), papers.entered(round_)
    fits = isinstance(paper, Paper)
    asked: list[Row] = rows(state, step, round_, reader) if fits else []
    return {
        "unfit": paper.why if isinstance(paper, Unfit) else "",
        "printings": [(one.number, len(one.codes), one.at) for one in reversed(there)],
        "printed": sum(len(one.codes) for one in there),
        "entered": len(entered),
        "last": spelled(entered[-1]) if entered else "",
        "late": sum(ballot.late for ballot in round_.ballots.values()),
        "void": sum(state.rounds.papers[code].void for one in there for code in one.codes),
        "left": papers.left(state, round_),
        "rows": asked,
        "ticks": isinstance(paper, Paper) and paper.boxes == 1 and not paper.circles,
        "circles": _circles(reader, step, round_, paper) if isinstance(paper, Paper) else [],
    }


def _circles(reader: Reader, step: Step, round_: Round, paper: Paper) -> list[tuple[str, str]]:
    """What stands in each circle, and its word, where they have words."""
    words = circled(reader, step, round_, paper)
    return [(circle.sign, words[n]) for n, circle in enumerate(paper.circles)] if words else []
