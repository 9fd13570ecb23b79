from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models


class Event(models.Model):
    title = models.CharField(max_length=150)
    starts_at = models.DateTimeField()
    seats = models.PositiveIntegerField()

    objects: ClassVar[models.Manager[Event]] = models.Manager()

    class Meta:
        app_label = "smallest"

    def __str__(self) -> str:
        return self.title


class Registration(models.Model):
    event = models.ForeignKey(Event, models.CASCADE, related_name="registrations")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    has_seat = models.BooleanField()
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[models.Manager[Registration]] = models.Manager()

    class Meta:
        app_label = "smallest"

    def __str__(self) -> str:
        return f"registration {self.pk}"
