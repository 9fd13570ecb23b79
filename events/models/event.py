from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from events.enums import ComingAgain, EventKind, EventStatus, SeatScope
from events.models.fields import CodesField
from events.models.texts import in_reading_language
from events.querysets import EventQuerySet
from project.accounts.models import Unit

if TYPE_CHECKING:
    from events.models.session import Session


class Event(models.Model):
    """What is offered: one row, many dates. Its row is the lock for all its seats (docs/architecture.md, "Seats")."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    slug = models.SlugField(max_length=80, unique=True)
    kind = models.CharField(_("kind"), max_length=11, choices=EventKind)
    status = models.CharField(max_length=9, choices=EventStatus, default=EventStatus.DRAFT)
    owner = models.ForeignKey(Unit, models.PROTECT, related_name="events", verbose_name=_("organising unit"))
    is_discreet = models.BooleanField(_("discreet"), default=False)
    coordinators = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="coordinated_events", blank=True)
    seat_scope = models.CharField(max_length=7, choices=SeatScope, default=SeatScope.EVENT)
    coming_again = models.CharField(_("people may come"), max_length=6, choices=ComingAgain, default=ComingAgain.BEHIND)
    audiences = CodesField(_("for whom"))
    units = CodesField(_("only for these units"))
    cancel_until_hours = models.PositiveSmallIntegerField(
        _("hours before the start after which giving a seat back counts as late"), default=24
    )
    needs_approval = models.BooleanField(_("an organiser approves each sign-up"), default=False)
    prerequisite = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("first attend")
    )
    seated_until_hours = models.PositiveSmallIntegerField(
        _("hours before the start until which a free seat is booked at once for people who wait"), default=72
    )
    offered_until_hours = models.PositiveSmallIntegerField(
        _("hours before the start until which a free seat is offered to people who wait"), default=4
    )
    offer_working_hours = models.PositiveSmallIntegerField(_("working hours to answer an offer"), default=12)
    title_en = models.CharField(_("title in English"), max_length=150, blank=True)
    title_nl = models.CharField(_("title in Dutch"), max_length=150, blank=True)
    summary_en = models.CharField(_("one sentence in English"), max_length=300, blank=True)
    summary_nl = models.CharField(_("one sentence in Dutch"), max_length=300, blank=True)
    description_en = models.TextField(_("what it is like, in English"), blank=True)
    description_nl = models.TextField(_("what it is like, in Dutch"), blank=True)
    content_note_en = models.TextField(_("content note in English"), blank=True)
    content_note_nl = models.TextField(_("content note in Dutch"), blank=True)
    bring_en = models.TextField(_("what to bring, in English"), blank=True)
    bring_nl = models.TextField(_("what to bring, in Dutch"), blank=True)
    aftercare_en = models.TextField(_("afterwards, in English"), blank=True)
    aftercare_nl = models.TextField(_("afterwards, in Dutch"), blank=True)
    questions_en = models.TextField(_("questions people ask, in English"), blank=True)
    questions_nl = models.TextField(_("questions people ask, in Dutch"), blank=True)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    objects = EventQuerySet.as_manager()

    class Meta:
        ordering = ["slug"]
        constraints = [
            models.CheckConstraint(condition=models.Q(kind__in=EventKind.values), name="event_kind_known"),
            models.CheckConstraint(condition=models.Q(status__in=EventStatus.values), name="event_status_known"),
            models.CheckConstraint(condition=models.Q(seat_scope__in=SeatScope.values), name="event_seat_scope_known"),
            models.CheckConstraint(
                condition=models.Q(coming_again__in=ComingAgain.values), name="event_coming_again_known"
            ),
            models.CheckConstraint(condition=~models.Q(title_en="", title_nl=""), name="event_has_a_title"),
            models.CheckConstraint(
                condition=models.Q(seated_until_hours__gte=models.F("offered_until_hours")),
                name="event_offers_after_seating",
            ),
        ]

    def __str__(self) -> str:
        """The slug: random for a discreet event, because this string ends up in logs."""
        return self.slug

    def get_absolute_url(self) -> str:
        return reverse("registrations:event", args=[self.slug])

    @property
    def title(self) -> str:
        return in_reading_language(self, "title")

    @property
    def summary(self) -> str:
        return in_reading_language(self, "summary")

    @property
    def description(self) -> str:
        return in_reading_language(self, "description")

    @property
    def content_note(self) -> str:
        return in_reading_language(self, "content_note")

    @property
    def bring(self) -> str:
        return in_reading_language(self, "bring")

    @property
    def questions(self) -> str:
        """Questions with their answers; `events.rules.questions_in` takes them apart."""
        return in_reading_language(self, "questions")

    @property
    def aftercare(self) -> str:
        return in_reading_language(self, "aftercare")


class Round(models.Model):
    """In a conference: parallel sessions of which a person chooses one."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    event = models.ForeignKey(Event, models.CASCADE, related_name="rounds")
    number = models.PositiveSmallIntegerField()
    title_en = models.CharField(max_length=150, blank=True)
    title_nl = models.CharField(max_length=150, blank=True)

    class Meta:
        ordering = ["event", "number"]
        constraints = [models.UniqueConstraint(fields=["event", "number"], name="round_number_once")]

    def __str__(self) -> str:
        return f"{self.event_id} round {self.number}"

    @property
    def title(self) -> str:
        return in_reading_language(self, "title")


def slot_of(session: Session) -> uuid.UUID:
    """Returns the key of the event, round or session in which a person may hold one seat."""
    if session.event.seat_scope == SeatScope.EVENT:
        return session.event.key
    if session.event.seat_scope == SeatScope.ROUND and session.round:
        return session.round.key
    return session.key
