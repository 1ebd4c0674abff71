"""Whom is meant: the page that asks after a form in which a name was written that several people have (J12).

It holds all of that form, so that nothing else of it is lost, and sends it to where it went, with a person in the place of
the name.
"""

from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from forum.domain.beside import organisation_of
from forum.domain.sheets import SCHEMAS
from forum.live import Shown
from forum.web import pages
from forum.web.acting import WHICH_ONE, fitting
from forum.web.asking import Fields, one, reader_of
from forum.web.identity import Surface, base_path
from forum.web.service import service_of
from forum.web.verdicts import fixed

MOST: Final = 60  # people to choose from; who writes a number means one of the others


async def asked(request: Request, code: str, surface: Surface, fields: Fields) -> Response:
    """Ask. NoForum, Unavailable."""
    shown = await service_of(request).hub.readable(code)
    reader = reader_of(request, shown.view.state)
    open_ = [
        (field, one(fields, field)) for field in _named(fields) if len(fitting(shown, one(fields, field))) > 1
    ]
    return pages.plain(
        request,
        "which.html",
        reader,
        422,
        code=code,
        title=shown.view.state.title,
        base=base_path(code, surface),
        sentence=fixed(reader, WHICH_ONE.code),
        action=request.url.path,
        questions=[(field, name, _people(shown, name, reader.lang)) for field, name in open_],
        kept=[
            (field, value) for field, values in fields.items() for value in values if field not in dict(open_)
        ],
    )


def _named(fields: Fields) -> list[str]:
    """The fields of a form in which a person may be named."""
    schema = SCHEMAS.get(one(fields, "schema"))
    return (
        ["name"]
        if schema is None
        else [f"fields.{field.name}" for field in schema.fields if field.kind.person]
    )


def _people(shown: Shown, name: str, lang: str) -> list[tuple[str, str, int, str]]:
    """Those to choose from: id, name with its number, order of arrival, where they come from."""
    view, belonging = shown.view, shown.view.state.belonging
    titles = {category.id: category.title.get(lang) for category in belonging.categories}
    return [
        (
            person,
            view.name(person),
            view.state.people.by_id[person].number,
            view.names.get(organisation_of(person)) or titles.get(belonging.get(person).category, ""),
        )
        for person in fitting(shown, name)[:MOST]
    ]
