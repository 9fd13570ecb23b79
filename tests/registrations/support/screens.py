"""What the tests of the organiser's pages and of the door share."""

from __future__ import annotations

from datetime import timedelta

import time_machine
from django.urls import reverse

from events.models import Session
from project.accounts.enums import RoleKind
from project.accounts.models import User
from registrations.models import Registration, RegistrationLog
from registrations.services.attending import booking
from tests.factories import NOW, give_role, make_people, make_person

CHANGES = ("organize_capacity", "organize_move", "organize_place", "organize_cancel")
# 239 characters, each of 232 becomes two where an address is kept in lower case.
LONGER_IN_LOWER_CASE = "a@" + ".".join(["\N{LATIN CAPITAL LETTER I WITH DOT ABOVE}" * 58] * 4) + ".nl"
DOOR_VERBS = ("door_check_in", "door_take_back", "door_walk_in", "door_finish")


def fill(session, number, **overrides):
    """So many people sign up, in this order."""
    people = make_people(number, **overrides)
    return [booking.sign_up(session_key=session.key, attendee=person, now=NOW) for person in people]


def claim_of(name):
    return Registration.objects.select_related("attendee").get(attendee__name=name)


def url(name, session):
    return reverse(f"registrations:{name}", args=[session.key])


def event_url(name, event):
    return reverse(f"registrations:{name}", args=[event.slug])


def text_of(response):
    return " ".join(response.content.decode().split())


def log_in_as(client, kind, session, *, unit=None):
    """Somebody with this role; hosts and door helpers of this session."""
    of_a_session = kind in {RoleKind.HOST, RoleKind.DOOR}
    person = give_role(make_person(), kind, unit=unit, session=session if of_a_session else None)
    client.force_login(person)
    return person


def at(session, **distance):
    """The clock, so far from the start of the session."""
    return time_machine.travel(session.starts_at + timedelta(**distance), tick=False)


def opening(session):
    """When its door opens."""
    return session.starts_at - timedelta(minutes=30)


def opened(client, person, session, *, minutes=-30):
    """Somebody signs in at the door, when it opens."""
    client.force_login(person)
    return at(session, minutes=minutes)


def shown(response):
    return [claim.attendee.name for claim in response.context["rows"]]


def tick(claim, **extra):
    return {"registration": str(claim.key), **extra}


def state():
    """All that a refusal must leave as it was."""
    models = (Session, Registration, RegistrationLog, User)
    return [list(model.objects.order_by("pk").values()) for model in models]
