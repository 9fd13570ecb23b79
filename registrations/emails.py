from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core import signing
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, override

from project.outbox.emails import CalendarPart, Letter
from registrations import ical
from registrations.models import Registration

if TYPE_CHECKING:
    from events.models import Session
    from project.outbox.models import Message

CANCEL_LINK_SALT = "registrations.cancel"


@dataclass(frozen=True)
class Words:
    """The subject and the news of one kind of mail; a discreet session has a subject that tells nothing (specs/privacy.md 3)."""

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
MOVED = Words(
    subject=gettext_noop("Changed: %(title)s, %(date)s"),
    discreet_subject=gettext_noop("Your booking has changed (ref %(reference)s)"),
    news=gettext_noop("%(title)s has moved to another time."),
    discreet_news=gettext_noop("Your booking has changed."),
)
WORDS = {
    "registration-confirmed": CONFIRMED,
    "registration-promoted": Words(
        subject=gettext_noop("You have a seat: %(title)s, %(date)s"),
        discreet_subject=CONFIRMED.discreet_subject,
        news=gettext_noop("A seat came free, and it is yours: %(title)s."),
        discreet_news=CONFIRMED.discreet_news,
    ),
    "registration-waitlisted": Words(
        subject=gettext_noop("On the waiting list: %(title)s, %(date)s"),
        discreet_subject=gettext_noop("You are on the waiting list (ref %(reference)s)"),
        news=gettext_noop("You are on the waiting list for %(title)s."),
        discreet_news=gettext_noop("You are on the waiting list."),
    ),
    "registration-cancelled": Words(
        subject=gettext_noop("Seat given back: %(title)s, %(date)s"),
        discreet_subject=gettext_noop("Your booking is cancelled (ref %(reference)s)"),
        news=gettext_noop("You have given back your seat at %(title)s."),
        discreet_news=gettext_noop("Your booking is cancelled."),
    ),
    "session-moved": MOVED,
    "session-relocated": Words(
        subject=gettext_noop("Changed: %(title)s, %(date)s"),
        discreet_subject=MOVED.discreet_subject,
        news=gettext_noop("%(title)s takes place somewhere else."),
        discreet_news=MOVED.discreet_news,
    ),
    "session-cancelled": Words(
        subject=gettext_noop("CANCELLED: %(title)s, %(date)s"),
        discreet_subject=gettext_noop("Your booking is cancelled (ref %(reference)s)"),
        news=gettext_noop("%(title)s is cancelled. We are sorry."),
        discreet_news=gettext_noop("Your booking is cancelled. We are sorry."),
    ),
}
ENDINGS = ("registration-cancelled", "session-cancelled")


def render(message: Message) -> Letter | None:
    """The mail about one registration, in the person's language. Nothing where it is no longer true: who was promoted meanwhile is
    not told any more that they wait.
    """
    related = ("session__event", "session__venue", "attendee")
    registration = Registration.objects.select_related(*related).get(key=str(message.subject_id))
    if message.kind == "registration-waitlisted" and not registration.is_waiting:
        return None
    with override(message.language):
        return _RegistrationMail(message, registration).letter()


def cancel_link(registration: Registration) -> str:
    """Bound to one registration and one action; it opens a page with one button (contract.md, "Pages")."""
    token = signing.Signer(salt=CANCEL_LINK_SALT).sign(registration.key.hex)
    return f"{settings.BASE_URL}{reverse('registrations:cancel_link', args=[token])}"


def registration_key_of(token: str) -> str:
    """Raises `signing.BadSignature` for a forged link."""
    return signing.Signer(salt=CANCEL_LINK_SALT).unsign(token)


class _RegistrationMail:
    def __init__(self, message: Message, registration: Registration) -> None:
        self.message, self.registration = message, registration
        self.session: Session = registration.session
        self.is_discreet = self.session.event.is_discreet
        self.words = WORDS[message.kind]
        self.when = _When(message.facts)

    def letter(self) -> Letter:
        context = self.context
        return Letter(
            address=self.message.address,
            subject=self._say(self.words.discreet_subject if self.is_discreet else self.words.subject),
            text=render_to_string("mail/registration.txt", context),
            html=render_to_string("mail/registration.html", context),
            calendar=self.calendar,
            sender_name=settings.DISCREET_FROM_NAME if self.is_discreet else "",
        )

    def _say(self, words: str) -> str:
        date = date_format(self.when.starts_at, "j F")
        return _(words) % {"title": self.session.title, "date": date, "reference": self.registration.reference}

    def _page(self) -> str:
        """Where to go next: the session, or the other dates of the event when this one is over for the reader."""
        page = self.session.event if self.message.kind in ENDINGS else self.session
        return page.get_absolute_url()

    @cached_property
    def context(self) -> dict[str, Any]:
        was = self.message.facts.get("was")
        return {
            "kind": self.message.kind,
            "name": self.registration.attendee.name,
            "news": self._say(self.words.discreet_news if self.is_discreet else self.words.news),
            "reference": self.registration.reference if self.is_discreet else "",
            "when": self.when,
            "was": _When(was) if was else None,
            "facts": self.message.facts,
            "is_discreet": self.is_discreet,
            "is_ending": self.message.kind in ENDINGS,
            "has_seat": self.registration.is_confirmed,
            "has_invitation": bool(self.calendar),
            "content_note": "" if self.is_discreet else self.session.event.content_note,
            "page_url": f"{settings.BASE_URL}{self._page()}",
            "cancel_url": cancel_link(self.registration)
            if self.registration.is_confirmed and not self.is_discreet
            else "",
            "my_url": f"{settings.BASE_URL}{reverse('registrations:my_sessions')}",
            "help": settings.HELP_CONTACTS,
        }

    @cached_property
    def calendar(self) -> CalendarPart | None:
        """Only seats have one: a waiting list mail carries no calendar object, a discreet mail neither (specs/calendar.md 3.2)."""
        invite = self.message.facts.get("invite")
        if not invite or self.message.address.lower() == settings.MAIL_FROM.lower():
            return None
        appointment = self._appointment(invite)
        if self.message.kind in ENDINGS:
            return ical.cancellation(appointment, prefix=_("CANCELLED: "))
        return ical.invitation(appointment)

    def _appointment(self, invite: dict[str, Any]) -> ical.Appointment:
        facts = self.message.facts
        url = f"{settings.BASE_URL}{self.session.get_absolute_url()}"
        return ical.Appointment(
            uid=invite["uid"],
            sequence=invite["sequence"],
            stamped_at=datetime.fromisoformat(invite["stamped_at"]),
            starts_at=datetime.fromisoformat(facts["starts_at"]),
            ends_at=datetime.fromisoformat(facts["ends_at"]),
            timezone=facts["timezone"],
            summary=self.session.title,
            location=", ".join(part for part in (facts["place"], facts["address"]) if part),
            description="\n\n".join([self.session.event.summary, _("Change or give back your seat: %s") % url]).strip(),
            url=url,
            join_url=facts["join_url"],
            attendee_name=self.registration.attendee.name or self.message.address,
            attendee_address=self.message.address,
        )


class _When:
    """The frozen times of a mail as people say them, with the zone where it is not the house's own (specs/calendar.md R10)."""

    def __init__(self, facts: dict[str, Any]) -> None:
        self.timezone: str = facts["timezone"]
        self.place: str = facts["place"]
        self.starts_at = self._local(facts["starts_at"])
        self.ends_at = self._local(facts["ends_at"])

    def _local(self, moment: str) -> datetime:
        return datetime.fromisoformat(moment).astimezone(ZoneInfo(self.timezone)).replace(tzinfo=None)

    def __str__(self) -> str:
        day = date_format(self.starts_at, "l j F Y")
        city = self.timezone.rpartition("/")[2].replace("_", " ")
        hours = f"{self.starts_at:%H:%M}–{self.ends_at:%H:%M}"
        return f"{day}, {hours} ({_('%(city)s time') % {'city': city}})"
