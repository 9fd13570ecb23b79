from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models

from events.models import Event
from registrations.enums import ChangeState


class CoordinatorChange(models.Model):
    """A change of the two people who see the names of a discreet event, made or only proposed. The row is kept
    (specs/privacy.md 3).
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    event = models.ForeignKey(Event, models.CASCADE, related_name="coordinator_changes")
    state = models.CharField(max_length=9, choices=ChangeState)
    before = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+")
    after = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+")
    reason = models.CharField(max_length=300, blank=True)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-proposed_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["event"], condition=models.Q(state=ChangeState.PROPOSED), name="one_coordinator_proposal"
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=ChangeState.values), name="coordinator_change_state_known"
            ),
        ]

    def __str__(self) -> str:
        return f"coordinator change {self.key}"
