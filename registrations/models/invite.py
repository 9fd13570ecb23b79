from __future__ import annotations

import uuid
from functools import reduce
from operator import or_

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from events.models import Event, Session
from registrations.enums import Answer, InviteState
from registrations.models.registration import Registration


def _one_of(*names: str) -> Q:
    alone = [Q(**{f"{name}__isnull": name != present for name in names}) for present in names]
    return reduce(or_, alone)


class Invite(models.Model):
    """The calendar identity of an attendee in a slot: UID for life and SEQUENCE (specs/calendar.md R27-R33).
    Stored and never recomputed: a restore or a change of host must not alter a UID. A new registration after a
    cancellation gets a new one. People who lead a session have invites, too, with `hosted` instead of a registration
    (specs/calendar.md 3.12), and attendees of a conference may have one for its days, with `umbrella_of` (3.11).
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    registration = models.ForeignKey(Registration, models.CASCADE, null=True, related_name="invites")
    hosted = models.ForeignKey(Session, models.CASCADE, null=True, related_name="host_invites")
    umbrella_of = models.ForeignKey(Event, models.CASCADE, null=True, related_name="umbrella_invites")
    attendee = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="invites")
    slot = models.UUIDField()
    fills_slot = models.BooleanField(default=True, help_text=_("until its date is over"))
    address = models.EmailField(max_length=254)
    sequence = models.PositiveIntegerField(default=0)
    stamped_at = models.DateTimeField()
    state = models.CharField(max_length=9, choices=InviteState, default=InviteState.ACTIVE)
    asked_sequence = models.PositiveIntegerField(
        default=0, help_text=_("that of the last change of time or place: an older answer is about something else")
    )
    sent_partstat = models.CharField(
        max_length=12,
        default="NEEDS-ACTION",
        blank=True,
        help_text=_(
            "PARTSTAT of the newest REQUEST in an email; empty: no email ever carried one, so none has to be taken back"
        ),
    )
    answer = models.CharField(max_length=9, choices=Answer, blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_sequence = models.PositiveIntegerField(null=True, help_text=_("SEQUENCE of the newest reply"))
    answered_stamp = models.DateTimeField(null=True, help_text=_("DTSTAMP of the newest reply"))
    answered_with = models.CharField(
        max_length=9, choices=Answer, blank=True, help_text=_("PARTSTAT of the newest reply, also to a former time")
    )
    answered_by = models.ForeignKey(
        "registrations.InboundMail",
        models.SET_NULL,
        null=True,
        related_name="+",
        help_text=_("the email with the newest reply; empty where it was given on a page"),
    )
    release_at = models.DateTimeField(null=True, help_text=_("declined: the seat goes back at this moment"))

    class Meta:
        indexes = [
            models.Index(fields=["release_at"], condition=Q(release_at__isnull=False), name="invite_release"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["attendee", "slot"],
                condition=Q(state=InviteState.ACTIVE, registration__isnull=False, fills_slot=True),
                name="one_invite_per_slot",
            ),
            models.UniqueConstraint(
                fields=["attendee", "hosted"],
                condition=Q(state=InviteState.ACTIVE, hosted__isnull=False),
                name="one_invite_per_hosted_session",
            ),
            models.UniqueConstraint(
                fields=["attendee", "umbrella_of"],
                condition=Q(state=InviteState.ACTIVE, umbrella_of__isnull=False),
                name="one_umbrella_per_conference",
            ),
            models.CheckConstraint(
                condition=_one_of("registration", "hosted", "umbrella_of"), name="invite_to_one_thing"
            ),
            models.CheckConstraint(condition=Q(answer__in=["", *Answer.values]), name="invite_answer_known"),
        ]

    def __str__(self) -> str:
        return f"invite of registration {self.registration_id}, {self.state}"
