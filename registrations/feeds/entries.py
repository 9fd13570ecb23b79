from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import uuid5

from django.utils.translation import gettext as _

from events.enums import SessionStatus
from events.templatetags.sessions import place
from registrations.emails.links import page_of
from registrations.ical import Appointment

if TYPE_CHECKING:
    from datetime import datetime

    from events.models import Session, Venue
    from registrations.models import Invite, Registration


@dataclass(frozen=True)
class Entry:
    """One date in a feed, in the language of the feed. Its stamp is its last change, not the time of the request, so
    that its bytes stay the same (specs/calendar.md R52).
    """

    appointment: Appointment
    is_cancelled: bool = False

    @property
    def order(self) -> tuple[datetime, str]:
        return self.appointment.starts_at, self.appointment.uid


def public(session: Session) -> Entry:
    """Only public information: no link to join, no names (specs/calendar.md R50)."""
    is_cancelled, url = session.status == SessionStatus.CANCELLED, page_of(session)
    appointment = Appointment(
        uid=str(session.ical_uid),
        sequence=session.ical_sequence,
        stamped_at=max(session.changed_at, session.event.changed_at),
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        timezone=session.timezone,
        summary=_("CANCELLED: ") + session.full_title if is_cancelled else session.full_title,
        location=_where(session),
        position=_position(session.venue),
        description=_paragraphs(session.event.summary, _("More, and a seat: %s") % url),
        url=url,
    )
    return Entry(appointment, is_cancelled=is_cancelled)


def seat(registration: Registration, invite: Invite | None) -> Entry:
    """A person's own seat, with room and link; the same entry as the invitation that was mailed (specs/calendar.md
    R51).
    """
    uid = str(invite.uid) if invite else str(uuid5(registration.key, "seat"))
    return Entry(_own(registration.session, invite, uid, _("Change or give back your seat: %s")))


def led(session: Session, invite: Invite) -> Entry:
    """A session that somebody leads (specs/calendar.md 3.12)."""
    return Entry(_own(session, invite, str(invite.uid), _("You lead this session: %s")))


def _own(session: Session, invite: Invite | None, uid: str, words: str) -> Appointment:
    url = page_of(session)
    changes = [session.changed_at, session.event.changed_at, *([invite.stamped_at] if invite else [])]
    return Appointment(
        uid=uid,
        sequence=invite.sequence if invite else session.ical_sequence,
        stamped_at=max(changes),
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        timezone=session.timezone,
        summary=session.full_title,
        location=_where(session) if session.venue else "",
        position=_position(session.venue),
        description=_paragraphs(session.event.summary, words % url),
        url=url,
        join_url=session.join_url,
    )


def _where(session: Session) -> str:
    """Many programs show only the place, so it also says that people can join online."""
    address = session.venue.address if session.venue else ""
    return ", ".join(part for part in (place(session), address) if part)


def _position(venue: Venue | None) -> tuple[float, float] | None:
    if venue is None or venue.latitude is None or venue.longitude is None:
        return None
    return (venue.latitude, venue.longitude)


def _paragraphs(*texts: str) -> str:
    return "\n\n".join(text for text in texts if text)
