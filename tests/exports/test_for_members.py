"""What is offered for the members says something else than what is for everybody; what would be the same is offered once."""

import pytest

from forum.domain.consents.texts import NAME_READ
from forum.domain.steps.pledge import Pledge
from forum.exports import render
from forum.language.documents import TOPICS, Topic
from tests.exports.opened import said
from tests.exports.test_books import a_plan
from tests.exports.test_exports import EN, NAMES
from tests.scenes import LEA

READ = {"csv", "txt", "docx"}
"""Forms in which differences of words are differences of the file."""


@pytest.mark.parametrize(
    "topic", [t for t in TOPICS if READ & {form.suffix for form in t.forms}], ids=lambda t: t.name
)
def test_E3_a_document_is_offered_to_members_where_it_names_those_who_committed_and_nowhere_else(
    topic: Topic,
):
    room = a_plan()
    room.ask(Pledge("pledge99", "I call the hall", "2025-01-30", "act001", "members", NAME_READ), LEA)
    form = next(form for form in topic.forms if form.suffix in READ)
    kind = topic.kind(form)
    everybody, members = (
        said(kind, render(room.state, NAMES, "chain", kind, EN, readers=readers).body).replace(apart, "")
        for readers, apart in (("everybody", FOR_ALL), ("members", FOR_MEMBERS))
    )

    assert (everybody != members) == topic.names


FOR_ALL = "Written for everybody: it may be passed on and published."
FOR_MEMBERS = "Written for the members of the organisation that holds this forum: for them alone."
