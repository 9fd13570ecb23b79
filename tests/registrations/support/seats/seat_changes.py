"""What one verb may do, seen from the snapshots before and after it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.registrations.support.seats.seat_model import gives_out, is_of_group, party_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from datetime import datetime

    from tests.registrations.support.seats.seat_model import Snapshot

STANDARD_WORDING = {"PROMOTED", "OFFERED", "EXCHANGED", "EXPIRED", "OPENED", "OFFER_LOST", "HAS_BEEN"}
BY_A_SEAT_ELSEWHERE = {"SUPERSEDED", "SWAPPED_AWAY"}
OF_A_NEW_DATE = {"WAITLISTED", "PROMOTED", "OFFERED", "OPENED", "SUPERSEDED"}
TURNS = {"PROMOTED", "OFFERED"}
GIVEN = {"CONFIRMED", "PROMOTED", "EXCHANGED", "OFFERED", "ACCEPTED", "APPROVED", "SEATED", "WALKED_IN", "SWAPPED_HERE"}
ASKED = {"WAITLISTED", "SWAP_WANTED", "REQUESTED", "OPENED", "STILL_COMING"}
OUT_OF_TURN = {"EXCHANGED", "SEATED", "ACCEPTED", "WALKED_IN"}


def touched_somebody_else(before: Snapshot, after: Snapshot, meant: Collection[int]) -> Iterator[object]:
    """No verb changes another person's claims except by promotion, offer, exchange or the end of an offer. `meant`:
    whom it is about.
    """
    news = _actions(before, after)
    gained = {after.claims[pk]["attendee_id"] for pk, actions in news.items() if actions & {"PROMOTED", "EXCHANGED"}}
    any_date = {party_of(wish) for wish in before.waiting() if wish["wants_any_date"]}
    for pk in before.claims.keys() | after.claims.keys():
        was, is_now = before.claims.get(pk), after.claims.get(pk)
        claim = is_now or was
        assert claim
        if claim["attendee_id"] in meant or _is_the_same(was, is_now, after):
            continue
        if is_now is None:
            if not _is_forgotten(claim, after):
                yield claim
            continue
        allowed = STANDARD_WORDING | (BY_A_SEAT_ELSEWHERE if claim["attendee_id"] in gained else set())
        if was is None:
            allowed = {"OFFERED"} if claim["invited_by_id"] else OF_A_NEW_DATE if party_of(claim) in any_date else set()
        if not news.get(pk) or not news[pk] <= allowed:
            yield (was, is_now, news.get(pk))


def _is_the_same(was: dict[str, Any] | None, is_now: dict[str, Any] | None, after: Snapshot) -> bool:
    """That a date is over is noted on the seats there, and a wish has nothing to replace there any more."""
    if was is None or is_now is None:
        return was is is_now
    noted = {"fills_slot": is_now["fills_slot"]} if was["fills_slot"] else {}
    replaced = after.claims.get(was["replaces_id"])
    if replaced and not replaced["fills_slot"]:
        noted["replaces_id"] = is_now["replaces_id"]
    return was | noted == is_now


def lost_the_moment(before: Snapshot, after: Snapshot) -> Iterator[object]:
    """Who still waits keeps the moment of joining, whatever dates they changed; a claim never gets a later one."""
    joined = {party_of(wish): wish["waitlisted_at"] for wish in before.waiting()}
    for wish in after.waiting():
        if wish["waitlisted_at"] > joined.get(party_of(wish), wish["waitlisted_at"]):
            yield wish
        was = before.claims.get(wish["id"])
        if was and was["waitlisted_at"] is not None and wish["waitlisted_at"] > was["waitlisted_at"]:
            yield wish


def passed_somebody_over(before: Snapshot, after: Snapshot, now: datetime) -> Iterator[object]:
    """Whoever got a seat or an offer from the list: nobody ahead who fits that date, and was free to get it, still
    waits for it.
    """
    news = _actions(before, after)
    for pk, actions in news.items():
        got = after.claims[pk]
        was = before.claims.get(pk)
        if not actions & TURNS or got["source"] == "COLLEAGUE" or was is None:
            continue
        yield from (
            (got, wish) for wish in _left_behind(before, after, got, now) if before.turn_of(wish) < before.turn_of(was)
        )


def overtook_who_waits(before: Snapshot, after: Snapshot, now: datetime) -> Iterator[object]:
    """A newcomer got a seat of a session that the list gives out, while somebody who fits waited for it."""
    gave_out = {session.pk for session in before.sessions.values() if gives_out(session, now)}
    news = _actions(before, after)
    for pk, actions in news.items():
        got = after.claims[pk]
        if pk in before.claims or not actions & {"CONFIRMED", "SWAPPED_HERE"} or got["session_id"] not in gave_out:
            continue
        yield from ((got, wish) for wish in _left_behind(before, after, got, now))


def gave_to_who_is_switched_off(before: Snapshot, after: Snapshot) -> Iterator[object]:
    """Nobody is given, offered or asked anything whose account was switched off before; a date that comes back seats
    none of them either.
    """
    off = before.people.keys() - before.active
    for pk, actions in _actions(before, after).items():
        claim = after.claims[pk]
        is_seated_again = "REINSTATED" in actions and claim["status"] == "CONFIRMED"
        if claim["attendee_id"] in off and (actions & (GIVEN | ASKED) or is_seated_again):
            yield claim, actions


def _left_behind(before: Snapshot, after: Snapshot, got: dict[str, Any], now: datetime) -> Iterator[dict[str, Any]]:
    """Who waited for the same date, could have had it as well as the one who got it, and got nothing."""
    session = before.sessions.get(got["session_id"]) or after.sessions[got["session_id"]]
    favoured = _favoured(after, _actions(before, after))
    for wish in before.waiting():
        is_rival = wish["session_id"] == session.pk and wish["attendee_id"] != got["attendee_id"]
        still_waits = wish["id"] in after.claims and after.claims[wish["id"]]["status"] == "WAITLISTED"
        fits = is_of_group(session, wish) or not is_of_group(session, got)
        if is_rival and still_waits and fits and before.could_move(wish, now) and party_of(wish) not in favoured:
            yield wish


def _favoured(after: Snapshot, news: dict[int, set[str]]) -> set[tuple[int, Any]]:
    return {party_of(after.claims[pk]) for pk, actions in news.items() if actions & (TURNS | OUT_OF_TURN)}


def _actions(before: Snapshot, after: Snapshot) -> dict[int, set[str]]:
    actions: dict[int, set[str]] = {}
    for pk in sorted(after.log.keys() - before.log.keys()):
        row = after.log[pk]
        actions.setdefault(row["registration_id"], set()).add(row["action"])
    return actions


def _is_forgotten(claim: dict[str, Any], after: Snapshot) -> bool:
    """A colleague who never answered, and whom nobody knew."""
    return claim["source"] == "COLLEAGUE" and claim["attendee_id"] not in after.people
