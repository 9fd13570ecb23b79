from __future__ import annotations

from django.db import models
from django.db.models import Q

from registrations.enums import Verdict
from registrations.models.invite import Invite


class InboundMail(models.Model):
    """One inbound mail, stored before it is read, so that nothing gets lost and nothing counts twice (specs/calendar.md
    5.2).
    """

    digest = models.CharField(max_length=64, unique=True, help_text="SHA-256 of the recipient and the bytes")
    message_id = models.CharField(max_length=255, blank=True, db_index=True)
    recipient = models.CharField(max_length=254, blank=True)
    raw = models.BinaryField(default=bytes, help_text="blank once it is 30 days old")
    auth = models.JSONField(default=dict, help_text="what the transport knows of the sender (specs/calendar.md 5.3)")
    received_at = models.DateTimeField()
    verdict = models.CharField(max_length=9, choices=Verdict, default=Verdict.PENDING)
    reason = models.CharField(max_length=60, blank=True, help_text="a code, never a text of the sender")
    attempts = models.PositiveSmallIntegerField(default=0)
    begun_at = models.DateTimeField(null=True, help_text="somebody reads it since then")
    processed_at = models.DateTimeField(null=True)
    invite = models.ForeignKey(Invite, models.SET_NULL, null=True, related_name="replies")

    class Meta:
        indexes = [
            models.Index(fields=["received_at"], condition=Q(verdict=Verdict.PENDING), name="inbound_pending"),
            models.Index(fields=["received_at"], name="inbound_by_age"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(verdict__in=Verdict.values), name="inbound_verdict_known"),
        ]

    def __str__(self) -> str:
        return f"inbound mail #{self.pk} {self.verdict}"
