from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

from events.enums import SessionStatus
from registrations.emails.wording.times import When
from registrations.models import Registration
from registrations.rules import has_run_out

if TYPE_CHECKING:
    from datetime import datetime

    from events.models import Event, Session
    from project.outbox.models import Message
    from registrations.emails.mail_kind import SeatMail
    from registrations.querysets import PlacedRegistration, RegistrationQuerySet


@dataclass(frozen=True)
class MailContext:
    """One mail about one registration: the facts frozen when it was queued, and what is true while it is rendered."""

    kind: SeatMail
    message: Message
    registration: Registration
    now: datetime

    @property
    def facts(self) -> dict[str, Any]:
        facts: dict[str, Any] = self.message.facts
        return facts

    @property
    def session(self) -> Session:
        return self.registration.session

    @property
    def event(self) -> Event:
        return self.session.event

    @property
    def is_discreet(self) -> bool:
        return self.event.is_discreet

    @property
    def has_invitation(self) -> bool:
        """False although there is an invite if the person wants no invitations, or has already declined in the
        calendar.
        """
        invite: dict[str, Any] = self.facts.get("invite", {})
        return bool(invite and invite.get("partstat", "NEEDS-ACTION"))

    @property
    def is_offer(self) -> bool:
        """Whether the mail asks for an answer: the offer itself, and every other mail about the date while the offer is
        open.
        """
        is_open = self.registration.is_offered and not has_run_out(self.registration, self.now)
        return self.kind.is_offer or (self.kind.tells_of_offers and is_open)

    @property
    def has_lost_offer(self) -> bool:
        return bool(self.facts.get("has_lost_offer")) and not self.registration.holds_a_seat

    @cached_property
    def when(self) -> When:
        """Frozen, because it is what calendars have. People who wait are told the current time, however, like their
        place in the queue.
        """
        when = When.of(self.session) if self.kind.lists_queue_entries else When.frozen_in(self.facts)
        return replace(when, is_online=False) if self.is_discreet else when

    @cached_property
    def queue_entries(self) -> list[PlacedRegistration]:
        """All dates of the slot that the person waits for now, each with its place in the queue."""
        coming = self._own.waiting().filter(session__status=SessionStatus.SCHEDULED, session__starts_at__gt=self.now)
        placed = coming.with_place(self.now).select_related("session__event", "session__venue", "session__round")
        return cast("list[PlacedRegistration]", list(placed.order_by("session__starts_at", "pk")))

    @property
    def has_other_seat(self) -> bool:
        """Whether they have a seat in the slot, other than this one and the one that a swap would give up."""
        return (
            self._own.filling_the_slot().exclude(pk__in=[self.registration.pk, self.registration.replaces_id]).exists()
        )

    @property
    def _own(self) -> RegistrationQuerySet:
        return Registration.objects.of(self.registration.attendee).in_slot(self.registration.slot)
