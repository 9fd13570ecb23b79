"""Somebody's own seats, for anyone who knows the secret in the URL (specs/calendar.md R51, R56)."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import structlog
from django.db.models import Model
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from events.enums import SessionStatus
from project.accounts.services import feed_secrets
from registrations.enums import InviteState, Status
from registrations.feeds import calendars, entries, limits, stamps
from registrations.feeds.answers import PERSONAL, Source, answer, missing, too_often
from registrations.feeds.spans import Span
from registrations.models import Invite, Registration

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.models import QuerySet
    from django.http import HttpRequest, HttpResponse

    from project.accounts.models import User
    from registrations.feeds.entries import Entry

Row = TypeVar("Row", bound=Model)

log = structlog.get_logger(__name__)


@require_safe
def seats(request: HttpRequest, secret: str) -> HttpResponse:
    """Takes three statements if the reader has the newest version: the person, their seats, their calendar entries."""
    person = feed_secrets.find(secret)
    if person is None:
        log.warning("token_refused", made_for="feed")
        return missing()
    if not limits.may_fetch(person):
        return too_often(limits.FETCHES.retry_after())
    span = Span.around(timezone.now())

    def make() -> bytes:
        with translation.override(person.language):
            return calendars.written(_("Samen: my sessions"), _entries_of(person, span), today=span.today)

    stamp = stamps.of_person(person, span)
    return answer(request, Source(stamp=stamp, make=make, language=person.language, headers=PERSONAL))


def _entries_of(person: User, span: Span) -> Iterator[Entry]:
    """Only confirmed seats, and sessions that the person leads. Nothing discreet: calendar services and colleagues read
    subscriptions, and the time alone tells which session it is; people who want it in a calendar download it
    (specs/privacy.md 3).
    """
    invites = Invite.objects.filter(attendee=person, state=InviteState.ACTIVE)
    uid_of = {invite.registration_id: invite for invite in invites.filter(registration__isnull=False)}
    for registration in _seats_of(person, span):
        yield entries.seat(registration, uid_of.get(registration.pk))
    hosting = _shown(invites, "hosted", span)
    for invite in hosting.select_related("hosted__event", "hosted__venue", "hosted__round"):
        if invite.hosted:
            yield entries.led(invite.hosted, invite)


def _seats_of(person: User, span: Span) -> QuerySet[Registration]:
    certain = Registration.objects.of(person).holding_a_seat().filter(status=Status.CONFIRMED)
    return _shown(certain, "session", span).select_related("session__event", "session__venue", "session__round")


def _shown(rows: QuerySet[Row], session: str, span: Span) -> QuerySet[Row]:
    """Rows whose session is near, takes place and is not discreet. The latest come first, so the earliest are dropped
    first if not everything fits.
    """
    near = {f"{session}__starts_at__gte": span.first, f"{session}__starts_at__lt": span.last}
    open_ones = rows.filter(**near, **{f"{session}__event__is_discreet": False})
    return open_ones.exclude(**{f"{session}__status": SessionStatus.CANCELLED}).order_by(f"-{session}__starts_at", "pk")
