from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.translation import gettext as _

from registrations import ical
from registrations.emails.case import GIVEN_UP
from registrations.emails.links import page_of

if TYPE_CHECKING:
    from project.outbox.emails import CalendarPart
    from registrations.emails.case import Case


def calendar_of(case: Case) -> CalendarPart | None:
    """Only seats have one: a waiting list mail carries no calendar object, a discreet mail neither (specs/calendar.md 3.2)."""
    if not case.has_invitation or case.message.address.lower() == settings.MAIL_FROM.lower():
        return None
    appointment = _appointment(case)
    if case.kind in GIVEN_UP:
        return ical.cancellation(appointment, prefix=_("CANCELLED: "))
    return ical.invitation(appointment)


def _appointment(case: Case) -> ical.Appointment:
    facts, invite = case.facts, case.facts["invite"]
    url = page_of(case.session)
    return ical.Appointment(
        uid=invite["uid"],
        sequence=invite["sequence"],
        stamped_at=datetime.fromisoformat(invite["stamped_at"]),
        starts_at=case.when.starts_at,
        ends_at=case.when.ends_at,
        timezone=case.when.timezone,
        summary=case.session.title,
        location=", ".join(part for part in (facts["place"], facts["address"]) if part),
        description="\n\n".join([case.event.summary, _("Change or give back your seat: %s") % url]).strip(),
        url=url,
        join_url=facts["join_url"],
        attendee_name=case.registration.attendee.name or case.message.address,
        attendee_address=case.message.address,
    )
