from __future__ import annotations

from django.conf import settings
from django.db import models

from events.models import Event


class Interest(models.Model):
    """A request to be told when dates are announced (product C11). Deleted once the person has been told."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="interests")
    event = models.ForeignKey(Event, models.CASCADE, related_name="interests")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "event"], name="interested_once")]

    def __str__(self) -> str:
        return f"interest in event {self.event_id}"
