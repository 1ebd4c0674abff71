"""Opening a forum from an agenda, and participations made ahead."""

import msgspec
import pytest

from forum import opening
from forum.domain import records
from forum.domain.flow import ForumOpened, StepInserted
from forum.domain.people import PersonJoined
from forum.domain.roles import Role
from forum.journal import NoForum, is_code
from forum.opening import BadAgenda, Key, agendas, digest, make_tickets, open_forum, steps
from tests.web.conftest import Place, Room

ECLAIR = "forum-eclair"


def test_every_agenda_of_the_house_can_be_opened_in_both_languages() -> None:
    assert ECLAIR in agendas()
    for agenda in agendas().values():
        made = steps(agenda)
        assert len({step.id for step in made}) == len(made)
        assert sum(step.minutes for step in made) == agenda.minutes
        for words in (agenda.title, agenda.summary, *(w for s in made for w in (s.title, s.instruction))):
            assert words.fr
            assert words.en


@pytest.mark.parametrize("params", [{"zork": 1}, {"max_chars": "many"}, {"visibility": "some"}])
def test_an_agenda_that_asks_for_what_a_step_cannot_do_is_an_error(params: dict[str, object]) -> None:
    good = agendas()[ECLAIR]
    step = next(s for s in good.steps if s.kind == "board")
    bad = msgspec.structs.replace(good, steps=(msgspec.structs.replace(step, params=params),))

    with pytest.raises(BadAgenda, match=step.id):
        steps(bad)


async def test_a_forum_begins_with_its_agenda_and_three_links_of_which_only_digests_are_kept(
    place: Place,
) -> None:
    journal = place.service.journal
    opened = await open_forum(journal, agendas()[ECLAIR], title="Vision", lang="en", clock=place.clock)

    facts = [records.decode(entry.body).fact for entry in await journal.read(opened.code)]
    assert is_code(opened.code)
    assert isinstance(facts[0], ForumOpened)
    assert (facts[0].code, facts[0].title, facts[0].lang) == (opened.code, "Vision", "en")
    assert [f.step.id for f in facts[1:] if isinstance(f, StepInserted)] == [
        s.id for s in agendas()[ECLAIR].steps
    ]

    kept = await journal.keys(opened.code)
    secrets = {opened.desk: Role.FACILITATOR, opened.screen: Role.SCREEN, opened.staff: Role.STAFF}
    assert {d: msgspec.json.decode(r, type=Key).role for d, r in kept.items()} == {
        digest(secret): role for secret, role in secrets.items()
    }
    assert not any(secret.encode() in record for secret in secrets for record in kept.values())


async def test_the_same_request_again_opens_the_same_forum(place: Place) -> None:
    agenda, seed = agendas()[ECLAIR], b"s" * 32
    first = await open_forum(place.service.journal, agenda, clock=place.clock, seed=seed)
    again = await open_forum(place.service.journal, agenda, clock=place.clock, seed=seed)
    other = await open_forum(place.service.journal, agenda, clock=place.clock, seed=b"t" * 32)

    assert again == first
    assert other.code != first.code


async def test_a_code_that_is_taken_is_not_used_again(place: Place) -> None:
    seed, journal = b"u" * 32, place.service.journal
    drawn = opening._drawn(seed, 0).code
    await journal.create(drawn, [("other:1", b"somebody else's")], {})

    opened = await open_forum(journal, agendas()[ECLAIR], clock=place.clock, seed=seed)

    assert opened == opening._drawn(seed, 1)
    assert len(await journal.read(drawn)) == 1


async def test_tickets_are_people_already_and_their_secret_opens_their_place(room: Room) -> None:
    journal = room.service.journal
    made = await make_tickets(journal, room.code, 1200, clock=room.place.clock)
    joined = [
        f for e in await journal.read(room.code) if isinstance(f := records.decode(e.body).fact, PersonJoined)
    ]

    assert len(made) == 1200
    assert {t.person for t in made} == {f.person for f in joined}
    assert {digest(t.secret)[:16] for t in made} == {f.key for f in joined}
    assert (await room.state()).people.voices == 1200


async def test_tickets_are_made_for_forums_that_exist(place: Place) -> None:
    with pytest.raises(NoForum):
        await make_tickets(place.service.journal, "ZZZZZZ", 1, clock=place.clock)
    with pytest.raises(ValueError, match="tickets"):
        await make_tickets(place.service.journal, "ZZZZZZ", 0, clock=place.clock)
