"""What the tests of reminders share: seats at a session of Thursday 12 March, 14:00, and the rounds of the
scheduler.
"""

from __future__ import annotations

from project.outbox.models import Message
from registrations.services.attending import booking
from registrations.services.mailing import reminders
from tests.factories import NOW, make_event, make_person, make_session
from tests.registrations.support.clocks import HOUR, THURSDAY, at
from tests.registrations.support.mails import make_secret_session

START = at(THURSDAY)
REMINDED = at("2026-03-11 14:00")
ASKED = at("2026-03-09 09:00")


def make_seat(person=None, *, signed_up=NOW, **overrides):
    session = make_session(**({"starts_at": START, "capacity": 20} | overrides))
    return booking.sign_up(session_key=session.key, attendee=person or make_person(), now=signed_up)


def remind(now=REMINDED):
    return _round(reminders.events_to_remind(now), reminders.remind, now)


def ask(now=ASKED):
    return _round(reminders.events_to_ask(now), reminders.ask_who_still_comes, now)


def _round(due, write, now):
    """As the scheduler does; answers the mails of this round."""
    before = Message.objects.count()
    for event_id in due:
        while write(event_id=event_id, now=now):
            pass
    return list(Message.objects.order_by("pk")[before:])


def kinds(messages):
    return [message.kind for message in messages]


def make_day(person):
    """Two events on one day, the later one first in the database."""
    evening = make_seat(person, event=make_event(title_en="Listening"), starts_at=START + 4 * HOUR)
    noon = make_seat(person, event=make_event(title_en="Speaking up", content_note_en="It may move you."))
    return noon, evening


def make_discreet_seat(person):
    session = make_secret_session(starts_at=START, capacity=5)
    return booking.sign_up(session_key=session.key, attendee=person, now=NOW)
