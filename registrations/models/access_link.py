from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models

from events.models import Session


class AccessLink(models.Model):
    """A personal link that admits an address to an unlisted session, whatever its audience (product W5)."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    session = models.ForeignKey(Session, models.CASCADE, related_name="access_links")
    address = models.EmailField(max_length=254)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["session", "address"], name="one_link_per_address")]

    def __str__(self) -> str:
        return f"access link of session {self.session_id}"
