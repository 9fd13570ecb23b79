from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from project.outbox.enums import MessageStatus, Trouble
from project.outbox.querysets import UNSENT, MessageQuerySet

IS_UNSENT = models.Q(status__in=UNSENT)


class Message(models.Model):
    """One mail to one address, written in the transaction of the change it is about (architecture.md, "Mail")."""

    recipient_is_active: bool | None = None  # comes with the lease, so that no mail needs a statement for it

    kind = models.CharField(max_length=40)
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="messages")
    address = models.EmailField(max_length=254, blank=True)
    language = models.CharField(max_length=2, default="en")
    subject_id = models.UUIDField(null=True, help_text=_("the key of the row the email is about"))
    facts = models.JSONField(default=dict, help_text=_("what was true at the moment of writing"))
    thread = models.UUIDField(null=True, help_text=_("emails of one thread, the calendar UID, leave in order"))
    bundle = models.CharField(
        max_length=8, blank=True, help_text=_("emails of one bundle to one person that are due together are one email")
    )
    status = models.CharField(max_length=8, choices=MessageStatus, default=MessageStatus.PENDING)
    attempts = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField(help_text=_("not before; while being sent, the moment the claim lapses"))
    sent_at = models.DateTimeField(null=True)
    message_id = models.CharField(
        max_length=255, blank=True, db_index=True, help_text=_("a bounce or an answer names it")
    )
    bounced_at = models.DateTimeField(null=True)
    raw = models.BinaryField(default=bytes, help_text=_("the email as first rendered; retries are byte-identical"))
    last_error = models.CharField(max_length=200, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["due_at", "id"], condition=IS_UNSENT, name="message_due"),
            models.Index(fields=["thread", "id"], condition=IS_UNSENT, name="message_thread"),
            models.Index(fields=["subject_id"], name="message_subject"),
            models.Index(
                fields=["recipient", "bundle"], condition=IS_UNSENT & ~models.Q(bundle=""), name="message_bundle"
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(status__in=MessageStatus.values), name="message_status_known"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} #{self.pk} {self.status}"

    @property
    def trouble(self) -> str:
        """Why the mail was not sent, or not yet, in words that may be shown, or ""."""
        return str(Trouble(self.last_error).label) if self.last_error in Trouble else ""
