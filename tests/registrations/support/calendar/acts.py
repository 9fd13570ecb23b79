"""What happens in the lives that are told here, each in a few words."""

from __future__ import annotations

from datetime import timedelta

from registrations.models import Invite
from registrations.services.attending import booking, conference
from registrations.services.organizing import capacity, reinstatement, schedule
from tests.factories import NOW, make_organizer, make_session, make_venue

DAY = timedelta(days=1)


def sign_up(session, person, now=NOW):
    return booking.sign_up(session_key=session.key, attendee=person, now=now)


def move(session, by):
    session.refresh_from_db()
    starts_at = session.starts_at + by
    schedule.reschedule_session(
        session_key=session.key, starts_at=starts_at, ends_at=starts_at + timedelta(hours=2), now=NOW
    )


def relocate(session, **place):
    session.refresh_from_db()
    facts = {"venue": session.venue, "join_url": session.join_url} | place
    schedule.relocate_session(session_key=session.key, now=NOW, **facts)


def cancel_session(session):
    capacity.cancel_session(session_key=session.key, actor=make_organizer(), now=NOW)


def reinstate(session):
    reinstatement.reinstate_session(session_key=session.key, actor=make_organizer(), now=NOW)


def give_back(seat):
    booking.cancel(registration_key=seat.key, actor=seat.attendee, now=NOW)


def reply(answer):
    """What processing a reply to the newest message leaves behind."""
    invite = Invite.objects.latest("pk")
    invite.answer, invite.answered_at, invite.answered_sequence = answer, NOW, invite.sequence
    invite.save()


def in_room(**overrides):
    """A room the house knows the place of."""
    return make_venue(**({"address": "Mekelweg 5, Delft", "latitude": 52.0022, "longitude": 4.3736} | overrides))


def in_round(round_, **overrides):
    starts_at = NOW + timedelta(days=10, hours=round_.number)
    return make_session(event=round_.event, round=round_, starts_at=starts_at, **overrides)


def choose(person, *sessions, none_in=()):
    choices = {session.round.key: session.key for session in sessions} | {round_.key: None for round_ in none_in}
    event = (sessions[0].round if sessions else none_in[0]).event
    return conference.choose(event_key=event.key, choices=choices, attendee=person, now=NOW)
