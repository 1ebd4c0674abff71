"""What the forum says today about a receipt made earlier, line by line.

A line whose seal does not prove it is answered ``unsealed``, whatever the journal holds. For a sealed line,
the chain at its number is checked first: is this the history of which the receipt was made? Then the
contribution itself. How much is told depends on who asks:

- **A ballot** is compared with what counts now only for its voter, who is recognised by their cookie.
  Everybody else hears ``kept``: this number is in the journal as it was, and this person has one ballot in
  the count. Only the voter learns whether it was changed since, and every point. Otherwise a receipt
  extorted before the close would be of use.
- **Cards, sheets and commitments** are shown to the room, without and with their author's name. Anybody who holds
  the sealed line is told that they were changed, hidden or taken back. Only their author is told the words.
"""

from collections.abc import Iterable, Mapping

from forum.audit.answers import Answer, Says
from forum.audit.claims import Claim, Seal
from forum.audit.contributions import CONTRIBUTIONS, standing
from forum.domain.kernel import PersonId
from forum.domain.state import State


def needed(claims: Iterable[Claim], state: State) -> set[int]:
    """The numbers whose entries ``check`` and its reader want to see."""
    found = {c.number for c in claims if c.number <= state.seq}
    return found | {n for c in claims if (n := standing(state, c))}


def check(
    claims: Iterable[Claim],
    state: State,
    chains: Mapping[int, str],
    seal: Seal | None,
    asker: PersonId | None,
) -> list[Answer]:
    """Answer every line of a receipt.

    chains  the journal's chain at each number that it has of those that the claims name
    seal    of the server; None for whoever holds the whole journal, where a seal would protect nothing
    asker   who asks, when they are recognised; None for anybody who holds the receipt
    """
    return [_answer(claim, state, chains, seal, asker) for claim in claims]


def _answer(
    claim: Claim, state: State, chains: Mapping[int, str], seal: Seal | None, asker: PersonId | None
) -> Answer:
    same = chains.get(claim.number) == claim.chain
    if claim.forum != state.code or not (seal is None or claim.is_sealed(seal)):
        return Answer(claim, "unsealed", same)
    now = standing(state, claim)
    if not same:
        return Answer(claim, _elsewhere(state, claim, now), same, now)
    if claim.is_of_all:
        return Answer(claim, "counted", same)
    return CONTRIBUTIONS[claim.kind].answer(state, claim, asker)


def _elsewhere(state: State, claim: Claim, now: int) -> Says:
    """What to say of a number that is not what it was; a loss that the journal tells of explains those it covers."""
    told = any(loss.after < claim.number <= loss.upto for loss in state.gone.losses)
    if now:
        return "again" if told else "moved"
    return "lost" if told else "gone"
