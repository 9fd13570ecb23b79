from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from events.enums import IN_ONE_LANGUAGE
from events.models import Session
from registrations.enums import ACTIVE, ATTENDED, HOLDING, Action, Attendance, CancelledBy, FeedbackMail, Source, Status
from registrations.models.deletion import STAND_ALONE
from registrations.querysets import FILLS_SLOT, RegistrationQuerySet


class Registration(models.Model):
    """One person's claim on one session. The constraints rule out impossible states (architecture.md, "Seats")."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    session = models.ForeignKey(Session, models.CASCADE, related_name="registrations")
    attendee = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="registrations")
    slot = models.UUIDField(help_text=_("copied from the session"))
    fills_slot = models.BooleanField(default=True, help_text=_("until its date is over"))
    status = models.CharField(max_length=10, choices=Status)
    source = models.CharField(max_length=9, choices=Source, default=Source.SELF)
    created_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    waitlisted_at = models.DateTimeField(null=True)
    priority = models.SmallIntegerField(default=0)
    offer_expires_at = models.DateTimeField(null=True)
    replaces = models.ForeignKey("self", STAND_ALONE, null=True, related_name="replaced_by")
    wants_any_date = models.BooleanField(default=False, help_text=_("waits for whatever date of the slot comes free"))
    any_date_language = models.CharField(
        max_length=2, choices=[("", _("any language")), *IN_ONE_LANGUAGE], default="", blank=True
    )
    told_open_at = models.DateTimeField(null=True, help_text=_("told that a seat is there for the taking"))
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    invited_address = models.EmailField(
        max_length=254, blank=True, help_text=_("what the inviter typed, to tell open invitations apart; only so long")
    )
    cancelled_at = models.DateTimeField(null=True)
    cancelled_by = models.CharField(max_length=7, choices=CancelledBy, blank=True)
    is_late_cancellation = models.BooleanField(default=False)
    attendance = models.CharField(max_length=7, choices=Attendance, default=Attendance.UNKNOWN)
    checked_in_at = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True, help_text=_("of this date; moving it clears it"))
    asked_at = models.DateTimeField(null=True, help_text=_('asked "still coming?"; moving the date clears it'))
    feedback_mail = models.CharField(max_length=4, choices=FeedbackMail, default=FeedbackMail.NONE, blank=True)

    objects = RegistrationQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["session", "status"], name="registration_by_session"),
            models.Index(fields=["attendee", "status"], name="registration_by_attendee"),
            models.Index(
                fields=["session", "priority", "waitlisted_at", "id"],
                condition=Q(status=Status.WAITLISTED),
                name="registration_queue",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["session", "attendee"], condition=Q(status__in=ACTIVE), name="one_active_registration"
            ),
            models.UniqueConstraint(
                fields=["attendee", "slot"], condition=FILLS_SLOT & Q(replaces__isnull=True), name="one_seat_per_slot"
            ),
            models.CheckConstraint(condition=Q(status__in=Status.values), name="registration_status_known"),
            models.CheckConstraint(condition=Q(source__in=Source.values), name="registration_source_known"),
            models.CheckConstraint(condition=Q(attendance__in=Attendance.values), name="attendance_known"),
            models.CheckConstraint(
                condition=~Q(status=Status.WAITLISTED) | Q(waitlisted_at__isnull=False), name="waiting_has_a_moment"
            ),
            models.CheckConstraint(
                condition=Q(status=Status.OFFERED, offer_expires_at__isnull=False)
                | (~Q(status=Status.OFFERED) & Q(offer_expires_at__isnull=True)),
                name="offer_has_an_expiry",
            ),
            models.CheckConstraint(
                condition=Q(status=Status.CANCELLED, cancelled_at__isnull=False)
                | (~Q(status=Status.CANCELLED) & Q(cancelled_at__isnull=True)),
                name="cancelled_has_a_moment",
            ),
            models.CheckConstraint(
                condition=Q(invited_address="") | Q(status=Status.OFFERED), name="invited_address_while_open"
            ),
            models.CheckConstraint(
                condition=Q(replaces__isnull=True)
                | Q(status__in=[Status.WAITLISTED, Status.OFFERED, Status.CANCELLED]),
                name="only_a_wish_replaces",
            ),
        ]

    def __str__(self) -> str:
        return f"registration {self.key}"

    def get_absolute_url(self) -> str:
        return reverse("registrations:my_registration", args=[self.key])

    @property
    def reference(self) -> str:
        """What a discreet mail says instead of a title (specs/privacy.md 3)."""
        return self.key.hex[:6].upper()

    @property
    def holds_a_seat(self) -> bool:
        return self.status in HOLDING and not self.is_walk_in

    @property
    def was_given_back(self) -> bool:
        """Cancelled by hand, so that it can be undone; not by the system, because of a seat elsewhere or a cancelled
        session.
        """
        return self.is_cancelled and self.cancelled_by == CancelledBy.PERSON

    @property
    def is_confirmed(self) -> bool:
        return self.status == Status.CONFIRMED

    @property
    def is_waiting(self) -> bool:
        return self.status == Status.WAITLISTED

    @property
    def is_offered(self) -> bool:
        return self.status == Status.OFFERED

    @property
    def is_requested(self) -> bool:
        return self.status == Status.REQUESTED

    @property
    def is_from_colleague(self) -> bool:
        """An offer is for the next person in the queue, or for a colleague whom somebody invited."""
        return self.source == Source.COLLEAGUE

    @property
    def is_cancelled(self) -> bool:
        return self.status == Status.CANCELLED

    @property
    def is_walk_in(self) -> bool:
        return self.source == Source.WALK_IN

    @property
    def has_attended(self) -> bool:
        return self.attendance in ATTENDED


class RegistrationLog(models.Model):
    """The history of a registration, deleted with it: who, when, what, why. Replaying it gives the current state."""

    registration = models.ForeignKey(Registration, models.CASCADE, related_name="log")
    at = models.DateTimeField()
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    action = models.CharField(max_length=17, choices=Action)
    status = models.CharField(max_length=10, choices=Status, help_text=_("the state after it"))
    reason = models.CharField(max_length=300, blank=True)
    before = models.JSONField(default=dict, help_text=_("what the claim was before, where that can come back"))

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.action} of registration {self.registration_id}"
