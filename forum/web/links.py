"""Making a link that lets somebody lead, show or export, and having the journal record every link there is.

A link's secret is shown in one answer and never again. The store has its hash, the journal its key.
"""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from forum.domain.links import LINKED, MakeLink
from forum.domain.roles import LEADS, Role
from forum.live import Accepted, Busy, Refused, Verdict
from forum.opening import derived, digest, new_secret, put_link
from forum.web import errors, pages, verdicts
from forum.web.acting import Numbered, act, form_tab, pause_ms
from forum.web.asking import code_of, fields_of, one, reader_of, ticket_of
from forum.web.entering import inside
from forum.web.identity import SURFACE_OF, Surface, Who, base_path, prefix, stands
from forum.web.service import Service, service_of


async def make_link(request: Request, *, surface: Surface) -> Response:
    """Make one more link for a role; its secret is shown in this answer and never again."""
    service, code, fields = service_of(request), code_of(request), await fields_of(request)
    who = await inside(request, code, surface)
    shown = await service.hub.shown(code)
    reader = reader_of(request, shown.view.state)
    role = next((r for r in LINKED if r == one(fields, "role")), None)
    if role is None or who.role not in LEADS or not stands(shown.view.state, who):
        sentence = verdicts.fixed(reader, "forbidden")
        if errors.wants_json(request.scope):
            return JSONResponse({"ok": False, "code": "forbidden", "msg": sentence}, 403)
        return await pages.refused(request, code, surface, who, shown, 403, sentence)
    ticket = ticket_of(fields)
    secret = (
        derived(service.seed, "link", code, who.person, role, ticket).hex()[:32] if ticket else new_secret()
    )
    verdict = await _link_made(service, code, who, role, secret, ticket)
    if not isinstance(verdict, Accepted):
        sentence = verdicts.said(reader, verdict, shown.view.name)
        status = verdicts.status(verdict)
        if errors.wants_json(request.scope):
            return JSONResponse({"ok": False, "msg": sentence}, status)
        return await pages.refused(request, code, surface, who, shown, status, sentence)
    url, key = link(service, code, role, secret), prefix(secret)
    if errors.wants_json(request.scope):
        return JSONResponse({"ok": True, "role": role, "url": url, "key": key}, 201)
    return pages.new_link_page(request, code, shown, role, url, base_path(code, surface))


def link(service: Service, code: str, role: Role, secret: str) -> str:
    """The whole link: the secret stands behind the #, which browsers send to nobody."""
    return f"{service.addresses.base}{base_path(code, SURFACE_OF[role])}#{secret}"


# --- inside


async def _link_made(service: Service, code: str, who: Who, role: Role, secret: str, ticket: str) -> Verdict:
    """Let a secret open a surface, then say so. The secret is told to nobody before: who may not make it, made nothing."""
    op = Numbered(who, form_tab(service.seed, ticket or new_secret(), "link", role), 1)
    if pause_ms(service, code, op):
        return Busy()
    key = await put_link(service.journal, code, secret, role, service.clock, who.key)
    verdict = await act(service, code, MakeLink(key.via, role), op)
    if isinstance(verdict, Refused):
        await service.journal.drop_key(code, digest(secret))
    return verdict
