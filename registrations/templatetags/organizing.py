"""Words for the organiser's pages and the door. Labels are defined here, because enums have none for screens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import template
from django.utils.translation import gettext, gettext_lazy

from events.enums import EventStatus, SessionStatus

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

register = template.Library()

MAILS: dict[str, _StrPromise] = {
    "registration-confirmed": gettext_lazy("Confirmation"),
    "registration-waitlisted": gettext_lazy("On the waiting list"),
    "registration-promoted": gettext_lazy("A seat came free"),
    "registration-cancelled": gettext_lazy("Seat given back"),
    "door-mistake": gettext_lazy("Ticked off by mistake"),
    "registration-swapped": gettext_lazy("Moved to another date"),
    "registration-offered": gettext_lazy("A seat offered"),
    "offer-changed": gettext_lazy("Another deadline of the offer"),
    "offer-expired": gettext_lazy("The offer has ended"),
    "seat-open": gettext_lazy("A seat is open to all"),
    "registration-requested": gettext_lazy("Request received"),
    "request-declined": gettext_lazy("Request turned down"),
    "colleague-invited": gettext_lazy("Invited by a colleague"),
    "colleague-comes-already": gettext_lazy("Invited by a colleague, with a seat or a place already"),
    "invitation-withdrawn": gettext_lazy("A colleague has withdrawn the invitation"),
    "session-moved": gettext_lazy("Other time"),
    "session-relocated": gettext_lazy("Other place"),
    "link-changed": gettext_lazy("Other link to join"),
    "texts-changed": gettext_lazy("New text"),
    "session-cancelled": gettext_lazy("Session cancelled"),
    "session-reinstated": gettext_lazy("Takes place after all"),
    "reminder": gettext_lazy("Reminder"),
    "reminders": gettext_lazy("Reminder of several sessions"),
    "still-coming": gettext_lazy("Are you still coming?"),
    "appointment-left": gettext_lazy("Other address: out of the old calendar"),
    "appointment-here": gettext_lazy("Other address: into the new calendar"),
    "reply-declined": gettext_lazy("Declined in the calendar"),
    "reply-released": gettext_lazy("Seat given back in the calendar"),
    "reply-stale": gettext_lazy("Declined before it changed"),
    "reply-ask": gettext_lazy("Declined: really give the seat back?"),
    "reply-unverified": gettext_lazy("Declined by somebody we cannot verify"),
    "reply-foreign": gettext_lazy("Declined from an unknown address"),
    "reply-noted": gettext_lazy("Answered from another address"),
    "reply-counter": gettext_lazy("Proposed another time"),
    "reply-too-late": gettext_lazy("Accepted too late"),
    "reply-renewed": gettext_lazy("Seat kept after all"),
    "seats-confirmed": gettext_lazy("Confirmation of several seats"),
    "dates-announced": gettext_lazy("Dates announced"),
    "access-granted": gettext_lazy("Personal link"),
    "host-invited": gettext_lazy("Leads the session"),
    "host-changed": gettext_lazy("Leads the session: a change"),
    "host-cancelled": gettext_lazy("Leads the session: cancelled"),
    "host-released": gettext_lazy("No longer leads the session"),
    "umbrella-here": gettext_lazy("The days of the conference"),
    "umbrella-changed": gettext_lazy("The days of the conference: a change"),
    "umbrella-left": gettext_lazy("The days of the conference: over"),
    "umbrella-declined": gettext_lazy("Declined all of the conference"),
    "reply-forwarded": gettext_lazy("An answer passed on"),
    "reply-delegated": gettext_lazy("Somebody else sent in their place"),
    "sign-in-code": gettext_lazy("Code to sign in"),
    "address-confirm": gettext_lazy("Is this your new address?"),
    "private-address-confirm": gettext_lazy("Is this your address?"),
    "address-taken": gettext_lazy("Address in use already"),
    "address-changed": gettext_lazy("Address changed"),
    "address-confirmed": gettext_lazy("Address confirmed"),
    "notice": gettext_lazy("Message of the organisers"),
    "together": gettext_lazy("Several changes in one email"),
    "coordinators-proposed": gettext_lazy("Who sees names: a proposal"),
    "coordinators-changed": gettext_lazy("Who sees names: changed"),
    "coordinators-withdrawn": gettext_lazy("Who sees names: proposal withdrawn"),
}
MAIL_STATES: dict[str, _StrPromise] = {
    "waiting": gettext_lazy("On its way"),
    "sent": gettext_lazy("Sent"),
    "bounced": gettext_lazy("Came back"),
    "dropped": gettext_lazy("Not sent"),
    "failed": gettext_lazy("Given up"),
}
EVENT_STATES: dict[str, _StrPromise] = {
    EventStatus.DRAFT: gettext_lazy("Draft"),
    EventStatus.PUBLISHED: gettext_lazy("Published"),
    EventStatus.UNLISTED: gettext_lazy("Only for people with the link"),
    EventStatus.CANCELLED: gettext_lazy("Cancelled"),
    EventStatus.ARCHIVED: gettext_lazy("In the archive"),
}
SESSION_STATES: dict[str, _StrPromise] = {
    SessionStatus.CANCELLED: gettext_lazy("Cancelled"),
    SessionStatus.HELD: gettext_lazy("Finished"),
}


@register.filter
def mail_label(kind: str) -> str:
    return str(MAILS.get(kind, kind))


@register.filter
def mail_group(kind: str) -> str:
    """Returns whom the mail is for, or what it follows."""
    if kind.startswith("reply-"):
        return gettext("After an answer in a calendar")
    if kind.startswith("host-"):
        return gettext("To people who lead a session")
    return gettext("To people who come, wait or ask for a seat")


@register.filter
def mail_state(name: str) -> str:
    """Returns the label of one of `services.mails.STATES`."""
    return str(MAIL_STATES[name])


@register.filter
def event_state(status: str) -> str:
    return str(EVENT_STATES[status])


@register.filter
def session_state(status: str) -> str:
    """Empty for a session that takes place as planned."""
    return str(SESSION_STATES.get(status, ""))
