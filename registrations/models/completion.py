from __future__ import annotations

from django.conf import settings
from django.db import models

from events.models import Event


class Completion(models.Model):
    """Records that a person completed an event, as prerequisites require. Never written for discreet events
    (architecture.md, "Words").
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="completions")
    event = models.ForeignKey(Event, models.CASCADE, related_name="completions")
    completed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "event"], name="completed_once")]

    def __str__(self) -> str:
        return f"completion of event {self.event_id}"
