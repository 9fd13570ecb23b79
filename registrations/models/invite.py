from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from registrations.enums import InviteState
from registrations.models.registration import Registration


class Invite(models.Model):
    """The calendar identity of an attendee in a slot: UID for life and SEQUENCE (specs/calendar.md R27-R33).

    Stored and never recomputed: a restore or a change of host must not alter a UID. A new registration after a cancellation gets a new one.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    registration = models.ForeignKey(Registration, models.CASCADE, related_name="invites")
    attendee = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="invites")
    slot = models.UUIDField()
    address = models.EmailField(max_length=254)
    sequence = models.PositiveIntegerField(default=0)
    stamped_at = models.DateTimeField()
    state = models.CharField(max_length=9, choices=InviteState, default=InviteState.ACTIVE)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["attendee", "slot"], condition=Q(state=InviteState.ACTIVE), name="one_invite_per_slot"
            ),
        ]

    def __str__(self) -> str:
        return f"invite of registration {self.registration_id}, {self.state}"
