from __future__ import annotations

import uuid
from functools import lru_cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from events.enums import SessionLanguage, SessionStatus
from events.models.event import Event, Round
from events.models.fields import CodesField
from events.models.texts import in_reading_language
from events.models.timezones import validate_region
from events.models.venue import Venue
from events.querysets import SessionQuerySet

if TYPE_CHECKING:
    from datetime import datetime

MAX_SEATS = 10_000


class Session(models.Model):
    """One bookable date of an event."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    event = models.ForeignKey(Event, models.CASCADE, related_name="sessions")
    round = models.ForeignKey(Round, models.PROTECT, null=True, blank=True, related_name="sessions")
    slot = models.UUIDField(editable=False, help_text=_("the key of what a person may hold one seat of"))
    ical_uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    ical_sequence = models.PositiveIntegerField(
        default=0,
        editable=False,
        help_text=_("SEQUENCE of the public calendar entry: raised when time, place or state change"),
    )
    status = models.CharField(max_length=9, choices=SessionStatus, default=SessionStatus.SCHEDULED)
    title_en = models.CharField(_("own title in English"), max_length=150, blank=True)
    title_nl = models.CharField(_("own title in Dutch"), max_length=150, blank=True)
    starts_at = models.DateTimeField(_("start"))
    ends_at = models.DateTimeField(_("end"))
    timezone = models.CharField(max_length=40, default="Europe/Amsterdam", validators=[validate_region])
    venue = models.ForeignKey(Venue, models.PROTECT, null=True, blank=True, related_name="sessions")
    join_url = models.URLField(_("link to join online"), max_length=500, blank=True)
    language = models.CharField(_("language"), max_length=5, choices=SessionLanguage, default=SessionLanguage.ENGLISH)
    capacity = models.PositiveIntegerField(_("seats"))
    has_waiting_list = models.BooleanField(_("waiting list"), default=True)
    opens_at = models.DateTimeField(_("sign-up opens"), null=True, blank=True)
    closes_at = models.DateTimeField(_("sign-up closes"), null=True, blank=True)
    audiences = CodesField(_("for whom"))
    units = CodesField(_("only for these units"))
    is_unlisted = models.BooleanField(_("only for people with a personal link"), default=False)
    held_seats = models.PositiveIntegerField(_("seats held for a group"), default=0)
    held_audiences = CodesField(_("held for these groups"))
    held_units = CodesField(_("held for these units"))
    held_until = models.DateTimeField(_("held until"), null=True, blank=True)
    changed_at = models.DateTimeField()

    objects = SessionQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at", "pk"]
        indexes = [
            models.Index(fields=["starts_at", "id"], name="session_by_start"),
            models.Index(fields=["slot"], name="session_by_slot"),
            models.Index(fields=["changed_at"], name="session_by_change"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="session_ends_after_start"),
            models.CheckConstraint(condition=Q(capacity__lte=MAX_SEATS), name="session_capacity_sane"),
            models.CheckConstraint(condition=Q(status__in=SessionStatus.values), name="session_status_known"),
            models.CheckConstraint(
                condition=Q(closes_at__isnull=True) | Q(closes_at__lte=F("starts_at")),
                name="session_closes_before_start",
            ),
            models.CheckConstraint(
                condition=Q(held_seats=0) | Q(held_until__isnull=False), name="session_hold_has_an_end"
            ),
        ]

    def __str__(self) -> str:
        return f"session {self.key}"

    def get_absolute_url(self) -> str:
        return _address(self.key)

    @property
    def title(self) -> str:
        return in_reading_language(self, "title") or self.event.title

    @property
    def full_title(self) -> str:
        """The title with its event and round, for mails and calendars: "Talk 1A (Work conference, round 1)".

        The round must be loaded.
        """
        around = [part for part in (self.event.title if self.has_own_title else "", self.round_words) if part]
        return f"{self.title} ({', '.join(around)})" if around else self.title

    @property
    def has_own_title(self) -> bool:
        return self.title != self.event.title

    @property
    def round_words(self) -> str:
        """The title of the round, else "round 1"; empty outside a conference. The round must be loaded."""
        if self.round is None:
            return ""
        return self.round.title or gettext("round %(number)d") % {"number": self.round.number}

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    @property
    def local_start(self) -> datetime:
        """The local time there, naive, because templates convert aware moments to the server's time zone."""
        return self.starts_at.astimezone(self.zone).replace(tzinfo=None)

    @property
    def local_end(self) -> datetime:
        return self.ends_at.astimezone(self.zone).replace(tzinfo=None)

    @property
    def last_moment(self) -> datetime:
        """After this, nobody can sign up and nobody is promoted."""
        return min(self.starts_at, self.closes_at or self.starts_at)

    def is_on_day_of(self, moment: datetime) -> bool:
        """Returns whether it takes place on the day of that moment, in its own time zone."""
        return self.local_start.date() <= moment.astimezone(self.zone).date() <= self.local_end.date()

    @property
    def place(self) -> str:
        """Building and room; empty if online only. The venue must be loaded."""
        return ", ".join(part for part in (self.venue.name, self.venue.room) if part) if self.venue else ""

    @property
    def map_url(self) -> str:
        """The room on a map; none for a discreet session, whose place no address on the web may tell."""
        return self.venue.map_url if self.venue and not self.event.is_discreet else ""

    @property
    def has_way_there(self) -> bool:
        return bool(self.map_url or (self.venue and (self.venue.directions or self.venue.accessibility)))

    @property
    def is_online(self) -> bool:
        return bool(self.join_url)

    @property
    def admitted_audiences(self) -> tuple[str, ...]:
        return self.audiences or self.event.audiences

    @property
    def admitted_units(self) -> tuple[str, ...]:
        return self.units or self.event.units


@lru_cache(maxsize=1000)
def _address(key: uuid.UUID) -> str:
    """Cached: reversing the URL is the most expensive part of a row in a list."""
    return reverse("registrations:session", args=[key])
