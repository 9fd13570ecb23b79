from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from events.models import Event, Session
from events.models.fields import CodesField
from events.models.texts import in_reading_language


class CustomText(models.Model):
    """An organiser's own text in one kind of mail of one event, in one language; without one, our text is sent (product
    K7).
    """

    event = models.ForeignKey(Event, models.CASCADE, related_name="custom_texts")
    kind = models.CharField(max_length=40)
    language = models.CharField(max_length=2, choices=settings.LANGUAGES)
    subject = models.CharField(_("subject"), max_length=150, blank=True)
    body = models.TextField(_("text"), blank=True)
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["event", "kind", "language"], name="custom_text_once"),
            models.CheckConstraint(condition=~Q(subject="", body=""), name="custom_text_says_something"),
        ]

    def __str__(self) -> str:
        return f"custom text of {self.kind} for event {self.event_id}"


class Notice(models.Model):
    """A message of an organiser to the participants of a session with certain statuses (product K7). Deleted with the
    session.
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    session = models.ForeignKey(Session, models.CASCADE, related_name="notices")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    statuses = CodesField(_("to whom"))
    subject_en = models.CharField(_("subject in English"), max_length=150, blank=True)
    subject_nl = models.CharField(_("subject in Dutch"), max_length=150, blank=True)
    body_en = models.TextField(_("message in English"), blank=True)
    body_nl = models.TextField(_("message in Dutch"), blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(subject_en="", subject_nl="") & ~Q(body_en="", body_nl=""), name="notice_says_something"
            ),
        ]

    def __str__(self) -> str:
        return f"notice {self.key}"

    @property
    def subject(self) -> str:
        return in_reading_language(self, "subject")

    @property
    def body(self) -> str:
        return in_reading_language(self, "body")
