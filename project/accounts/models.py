from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from project.accounts.enums import AddressPurpose, Audience, AudienceSource, CalendarPreference, RoleKind, UnitKind
from project.accounts.querysets import RoleQuerySet

if TYPE_CHECKING:
    from datetime import datetime


STAND_IN_DOMAIN = "stand-in.invalid"  # no mail can ever reach it (RFC 2606 2)


class Unit(models.Model):
    """A faculty, service or institute. Its code is part of the contract and never changes."""

    code = models.SlugField(max_length=20, unique=True)
    kind = models.CharField(max_length=9, choices=UnitKind, default=UnitKind.FACULTY)
    name_en = models.CharField(max_length=120)
    name_nl = models.CharField(max_length=120)

    class Meta:
        ordering: ClassVar = ["code"]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return self.name_nl if (get_language() or "").startswith("nl") else self.name_en


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, *, joined_at: datetime, name: str = "") -> User:
        """A person without a password: people sign in with a code or the university account."""
        user = self.model(email=email.strip().lower(), name=name, joined_at=joined_at)
        user.set_unusable_password()
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    email = models.EmailField(_("email address"), max_length=254, unique=True)
    name = models.CharField(_("name"), max_length=120, blank=True)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="people")
    audience = models.CharField(max_length=7, choices=Audience, blank=True)
    audience_source = models.CharField(max_length=9, choices=AudienceSource, blank=True)
    language = models.CharField(max_length=2, choices=settings.LANGUAGES, default="en")
    has_chosen_mail_language = models.BooleanField(default=False, help_text=_("so that we do not ask again"))
    calendar_preference = models.CharField(
        _("sessions in your calendar"),
        max_length=6,
        choices=CalendarPreference,
        default=CalendarPreference.INVITE,
    )
    feed_generation = models.PositiveIntegerField(default=1, help_text=_("raising it ends the old calendar link"))
    private_email = models.EmailField(
        _("address for discreet sessions"), max_length=254, blank=True, help_text=_("stored once it was confirmed")
    )
    wants_discreet_reminders = models.BooleanField(_("reminders of discreet sessions"), default=False)
    is_named_as_host = models.BooleanField(_("named on the pages of sessions they lead"), default=False)
    host_line_en = models.CharField(_("one line about them, in English"), max_length=160, blank=True)
    host_line_nl = models.CharField(_("one line about them, in Dutch"), max_length=160, blank=True)
    wants_only_eligible = models.BooleanField(default=False)  # lists leave out sessions for other groups
    bounced_at = models.DateTimeField(null=True, help_text=_("when email to the address came back"))
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField()

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("email"), name="user_email_unique_any_case"),
            models.CheckConstraint(condition=models.Q(audience__in=["", *Audience.values]), name="user_audience_known"),
        ]

    def __str__(self) -> str:
        """Never the name or the address: this string ends up in logs and error reports."""
        return f"user {self.key}"

    def __repr__(self) -> str:
        return f"<User {self.key}>"

    @property
    def is_stand_in(self) -> bool:
        """Whether this is nobody's account: it holds the seat of an invitation that cannot succeed but must look as if
        it did (`registrations.services.attending.colleagues`).
        """
        return self.email.endswith(f"@{STAND_IN_DOMAIN}")

    @property
    def has_group(self) -> bool:
        """Whether audience and unit are known, on which the seats of some sessions depend. Guests have no unit."""
        return bool(self.audience and (self.unit_id or self.audience == Audience.GUEST))

    @property
    def is_introduced(self) -> bool:
        """Whether name and group are known. They are asked once, after the first seat is safe if it does not depend on
        them; people who do not answer are asked again.
        """
        return bool(self.name and self.has_group)

    @property
    def host_line(self) -> str:
        """What they say about themselves as a host, in the reader's language if they wrote it."""
        both = (self.host_line_en, self.host_line_nl)
        return next(filter(None, reversed(both) if (get_language() or "").startswith("nl") else both), "")

    def mail_address(self, *, is_discreet: bool) -> str:
        """Where mails about an event go: those of discreet events to the private address, if there is a confirmed one
        (specs/privacy.md 3).

        Codes to sign in always go to `email`, which is who somebody is.
        """
        return (is_discreet and self.private_email) or self.email


class PendingAddress(models.Model):
    """An address somebody wants us to use, until they confirm that its mail reaches them. The link in the mail has the
    key of this row, never the address. Asking again makes a new row; each expires after a day.
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="pending_addresses")
    purpose = models.CharField(max_length=8, choices=AddressPurpose)
    address = models.EmailField(max_length=254)
    asked_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(purpose__in=AddressPurpose.values), name="pending_address_purpose_known"
            ),
        ]

    def __str__(self) -> str:
        return f"pending address {self.key}"


class Headcount(models.Model):
    """How many people a unit had in one audience on one day: the denominator of reach (specs/privacy.md 5.1 M4)."""

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="headcounts")
    audience = models.CharField(max_length=7, choices=Audience)
    counted_on = models.DateField()
    people = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit", "audience", "counted_on"], name="headcount_once_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.audience} {self.counted_on}: {self.people}"


class Role(models.Model):
    """What somebody may do: for one unit or all (`unit` empty), for one session (`session_key`) or all of them.

    The session is named by its key instead of a foreign key, because `project.accounts` may not import `events`.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="roles")
    kind = models.CharField(max_length=13, choices=RoleKind)
    unit = models.ForeignKey(Unit, models.CASCADE, null=True, blank=True, related_name="roles")
    session_key = models.UUIDField(null=True, blank=True, db_index=True)

    objects = RoleQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "kind"],
                condition=models.Q(unit__isnull=True, session_key__isnull=True),
                name="role_everywhere_once",
            ),
            models.UniqueConstraint(
                fields=["user", "kind", "unit"],
                condition=models.Q(session_key__isnull=True),
                name="role_of_a_unit_once",
            ),
            models.UniqueConstraint(fields=["user", "kind", "session_key"], name="role_of_a_session_once"),
            models.CheckConstraint(
                condition=~models.Q(kind__in=[RoleKind.HOST, RoleKind.DOOR]) | models.Q(session_key__isnull=False),
                name="host_and_door_are_of_a_session",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.unit_id or 'all units'} {self.session_key or ''}".strip()
