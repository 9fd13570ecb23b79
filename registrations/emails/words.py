from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from project.text.texts import isolated, nameable
from registrations.emails.titles import fully_titled, titled

if TYPE_CHECKING:
    from collections.abc import Callable

    from registrations.emails.case import Case


@dataclass(frozen=True)
class Words:
    """The subject and the news of one kind of mail; a discreet session has both in words that tell nothing (specs/privacy.md 3)."""

    subject: str
    discreet_subject: str
    news: str
    discreet_news: str


CONFIRMED = Words(
    subject=gettext_noop("Confirmed: %(title)s, %(date)s"),
    discreet_subject=gettext_noop("Your booking is confirmed (ref %(reference)s)"),
    news=gettext_noop("You have a seat at %(title)s."),
    discreet_news=gettext_noop("Your booking is confirmed."),
)
WAITLISTED = Words(
    subject=gettext_noop("On the waiting list: %(title)s, %(date)s"),
    discreet_subject=gettext_noop("You are on the waiting list (ref %(reference)s)"),
    news=gettext_noop("You are on the waiting list for %(title)s."),
    discreet_news=gettext_noop("You are on the waiting list."),
)
WAITLISTED_FOR_SEVERAL = Words(
    subject=gettext_noop("On the waiting list: %(event)s"),
    discreet_subject=WAITLISTED.discreet_subject,
    news=gettext_noop("You are on the waiting list for these dates of %(event)s."),
    discreet_news=WAITLISTED.discreet_news,
)
WAITLISTED_FOR_ANY = Words(
    subject=WAITLISTED_FOR_SEVERAL.subject,
    discreet_subject=WAITLISTED.discreet_subject,
    news=gettext_noop("You are on the waiting list for whichever date of %(event)s comes free first."),
    discreet_news=gettext_noop("You are on the waiting list for whichever date comes free first."),
)
MOVED = Words(
    subject=gettext_noop("Changed: %(title)s, %(date)s"),
    discreet_subject=gettext_noop("Your booking has changed (ref %(reference)s)"),
    news=gettext_noop("%(title)s has moved to another time."),
    discreet_news=gettext_noop("Your booking has changed."),
)
LINK_GONE = Words(
    subject=MOVED.subject,
    discreet_subject=MOVED.discreet_subject,
    news=gettext_noop("%(title)s can no longer be joined online. It takes place in the room alone."),
    discreet_news=MOVED.discreet_news,
)
REINSTATED = Words(
    subject=gettext_noop("It takes place after all: %(title)s, %(date)s"),
    discreet_subject=MOVED.discreet_subject,
    news=gettext_noop("%(title)s takes place after all. Your seat is yours again."),
    discreet_news=gettext_noop("Your booking is confirmed again."),
)
REINSTATED_FOR_WAITING = Words(
    subject=REINSTATED.subject,
    discreet_subject=MOVED.discreet_subject,
    news=gettext_noop("%(title)s takes place after all. You are on the waiting list again, where you were."),
    discreet_news=gettext_noop("You are on the waiting list again, where you were."),
)
REINSTATED_FOR_ASKING = Words(
    subject=REINSTATED.subject,
    discreet_subject=MOVED.discreet_subject,
    news=gettext_noop("%(title)s takes place after all, so your request for a seat stands again."),
    discreet_news=gettext_noop("Your request stands again."),
)
WORDS = {
    "registration-confirmed": CONFIRMED,
    "registration-promoted": Words(
        subject=gettext_noop("You have a seat: %(title)s, %(date)s"),
        discreet_subject=CONFIRMED.discreet_subject,
        news=gettext_noop("A seat came free, and it is yours: %(title)s."),
        discreet_news=CONFIRMED.discreet_news,
    ),
    "registration-swapped": Words(
        subject=MOVED.subject,
        discreet_subject=MOVED.discreet_subject,
        news=gettext_noop("Your swap is done: you now have a seat at %(title)s."),
        discreet_news=MOVED.discreet_news,
    ),
    "registration-waitlisted": WAITLISTED,
    "registration-offered": Words(
        subject=gettext_noop("A seat for you? %(title)s, %(date)s"),
        discreet_subject=gettext_noop("Your booking needs an answer (ref %(reference)s)"),
        news=gettext_noop("A seat came free at %(title)s. Will you come?"),
        discreet_news=gettext_noop("A seat came free for you. Will you come?"),
    ),
    "offer-changed": Words(
        subject=gettext_noop("About the seat we offered you: %(title)s, %(date)s"),
        discreet_subject=MOVED.discreet_subject,
        news=gettext_noop("Something has changed about the seat that we offered you at %(title)s."),
        discreet_news=gettext_noop("Something has changed about the seat that we offered you."),
    ),
    "offer-expired": Words(
        subject=gettext_noop("The time to answer is over: %(title)s, %(date)s"),
        discreet_subject=MOVED.discreet_subject,
        news=gettext_noop("The time to answer is over, and we no longer keep the seat at %(title)s for you."),
        discreet_news=gettext_noop("The time to answer is over, and we no longer keep the seat for you."),
    ),
    "seat-open": Words(
        subject=gettext_noop("A seat is free now: %(title)s, %(date)s"),
        discreet_subject=gettext_noop("A seat is free now (ref %(reference)s)"),
        news=gettext_noop("A seat is free now at %(title)s. Who takes it first has it."),
        discreet_news=gettext_noop("A seat is free now. Who takes it first has it."),
    ),
    "registration-requested": Words(
        subject=gettext_noop("We have your request: %(title)s, %(date)s"),
        discreet_subject=gettext_noop("We have your request (ref %(reference)s)"),
        news=gettext_noop("You have asked for a seat at %(title)s."),
        discreet_news=gettext_noop("You have asked for a seat."),
    ),
    "request-declined": Words(
        subject=gettext_noop("About your request: %(title)s, %(date)s"),
        discreet_subject=gettext_noop("About your request (ref %(reference)s)"),
        news=gettext_noop("We cannot give you a seat at %(title)s on this date. We are sorry."),
        discreet_news=gettext_noop("We cannot give you a seat on this date. We are sorry."),
    ),
    "colleague-invited": Words(
        subject=gettext_noop("%(inviter)s asks you along: %(title)s, %(date)s"),
        discreet_subject=gettext_noop("An invitation for you (ref %(reference)s)"),
        news=gettext_noop("%(inviter)s asks you along to %(title)s. Will you come?"),
        discreet_news=gettext_noop("Somebody asks you along. Will you come?"),
    ),
    "colleague-comes-already": Words(
        subject=gettext_noop("%(inviter)s would like to come with you: %(title)s, %(date)s"),
        discreet_subject=MOVED.discreet_subject,
        news=gettext_noop("%(inviter)s asked you along to %(title)s."),
        discreet_news=gettext_noop("Somebody asked you along."),
    ),
    "registration-cancelled": Words(
        subject=gettext_noop("Seat given back: %(title)s, %(date)s"),
        discreet_subject=gettext_noop("Your booking is cancelled (ref %(reference)s)"),
        news=gettext_noop("You have given back your seat at %(title)s."),
        discreet_news=gettext_noop("Your booking is cancelled."),
    ),
    "door-mistake": Words(
        subject=MOVED.subject,
        discreet_subject=MOVED.discreet_subject,
        news=gettext_noop("At the door of %(title)s somebody was ticked off as you. That is undone: all is as it was."),
        discreet_news=gettext_noop("At the door somebody was ticked off as you. That is undone: all is as it was."),
    ),
    "appointment-left": Words(
        subject=gettext_noop("At your new address: %(title)s, %(date)s"),
        discreet_subject=MOVED.discreet_subject,
        news=gettext_noop("You have given us another address, so %(title)s leaves the calendar of this one."),
        discreet_news=MOVED.discreet_news,
    ),
    "appointment-here": Words(
        subject=gettext_noop("In your calendar: %(title)s, %(date)s"),
        discreet_subject=MOVED.discreet_subject,
        news=gettext_noop("You have a seat at %(title)s. From now on we write about it to this address."),
        discreet_news=MOVED.discreet_news,
    ),
    "reminder": Words(
        subject=gettext_noop("Reminder: %(title)s, %(date)s"),
        discreet_subject=gettext_noop("A reminder (ref %(reference)s)"),
        news=gettext_noop("A reminder: you have a seat at %(title)s. See you there."),
        discreet_news=gettext_noop("A reminder of your booking."),
    ),
    "still-coming": Words(
        subject=gettext_noop("Are you still coming? %(title)s, %(date)s"),
        discreet_subject=gettext_noop("Your booking needs an answer (ref %(reference)s)"),
        news=gettext_noop("%(title)s is full, and people are waiting for a seat. Are you still coming?"),
        discreet_news=gettext_noop("People are waiting for a seat. Are you still coming?"),
    ),
    "session-moved": MOVED,
    "session-relocated": Words(
        subject=gettext_noop("Changed: %(title)s, %(date)s"),
        discreet_subject=MOVED.discreet_subject,
        news=gettext_noop("%(title)s takes place somewhere else."),
        discreet_news=MOVED.discreet_news,
    ),
    "link-changed": Words(
        subject=MOVED.subject,
        discreet_subject=MOVED.discreet_subject,
        news=gettext_noop("There is a new link to join %(title)s online."),
        discreet_news=gettext_noop("There is a new link to join online."),
    ),
    "texts-changed": Words(
        subject=gettext_noop("New text: %(title)s, %(date)s"),
        discreet_subject=MOVED.discreet_subject,
        news=gettext_noop("The text about %(title)s has changed. Time and place stay the same."),
        discreet_news=MOVED.discreet_news,
    ),
    "session-reinstated": REINSTATED,
    "session-cancelled": Words(
        subject=gettext_noop("CANCELLED: %(title)s, %(date)s"),
        discreet_subject=gettext_noop("Your booking is cancelled (ref %(reference)s)"),
        news=gettext_noop("%(title)s is cancelled. We are sorry."),
        discreet_news=gettext_noop("Your booking is cancelled. We are sorry."),
    ),
}


def subject_of(case: Case) -> str:
    words = _words_of(case)
    return _say(words.discreet_subject if case.is_discreet else words.subject, case)


def news_of(case: Case) -> str:
    words = _words_of(case)
    return _say(words.discreet_news if case.is_discreet else words.news, case)


def _words_of(case: Case) -> Words:
    by_case: dict[str, Callable[[Case], Words]] = {
        "registration-waitlisted": _of_a_wish,
        "session-relocated": _of_a_place,
        "session-reinstated": _of_a_return,
    }
    return by_case[case.kind](case) if case.kind in by_case else WORDS[case.kind]


def _of_a_wish(case: Case) -> Words:
    """One wish may be for one date, for several, or for whichever comes free first (product Q1)."""
    if case.registration.wants_any_date:
        return WAITLISTED_FOR_ANY
    return WAITLISTED_FOR_SEVERAL if len(case.wishes) > 1 else WAITLISTED


def _of_a_place(case: Case) -> Words:
    """The room may be the same, when all that happened is that the link was taken away."""
    was = case.facts.get("was", {})
    same = all(was.get(name) == case.facts.get(name) for name in ("place", "address"))
    return LINK_GONE if same and was.get("join_url") else WORDS[case.kind]


def _of_a_return(case: Case) -> Words:
    if case.registration.is_waiting:
        return REINSTATED_FOR_WAITING
    return REINSTATED_FOR_ASKING if case.registration.is_requested else REINSTATED


def _say(words: str, case: Case) -> str:
    return _(words) % {
        "title": fully_titled(case.session),
        "event": titled(case.event),
        "date": case.when.day,
        "reference": case.registration.reference,
        "inviter": isolated(nameable(case.facts.get("inviter", ""))) or _("A colleague"),
    }
