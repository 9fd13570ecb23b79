from datetime import timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

UNDO_WINDOW = timedelta(minutes=15)


class Status(models.TextChoices):
    REQUESTED = "REQUESTED", _("Asked for")
    OFFERED = "OFFERED", _("Offered")
    CONFIRMED = "CONFIRMED", _("Confirmed")
    WAITLISTED = "WAITLISTED", _("Waiting")
    CANCELLED = "CANCELLED", _("Cancelled")


HOLDING = (Status.CONFIRMED, Status.OFFERED)
ACTIVE = (Status.REQUESTED, Status.OFFERED, Status.CONFIRMED, Status.WAITLISTED)


class Source(models.TextChoices):
    SELF = "SELF", _("signed up")
    WAITLIST = "WAITLIST", _("from the waiting list")
    COLLEAGUE = "COLLEAGUE", _("invited by a colleague")
    HAND = "HAND", _("seated by an organiser")
    WALK_IN = "WALK_IN", _("came without a seat")


class CancelledBy(models.TextChoices):
    PERSON = "PERSON", _("the person")
    HOUSE = "HOUSE", _("the programme")


class Attendance(models.TextChoices):
    UNKNOWN = "UNKNOWN", _("Not recorded")
    PRESENT = "PRESENT", _("Present")
    PARTLY = "PARTLY", _("Partly present")
    ABSENT = "ABSENT", _("Absent")
    EXCUSED = "EXCUSED", _("Excused")


ATTENDED = (Attendance.PRESENT, Attendance.PARTLY)


class FeedbackMail(models.TextChoices):
    """All that is known of a person's feedback: that the code is due or was sent; never whether it was used (specs/privacy.md 1.4)."""

    NONE = "", _("none")
    DUE = "DUE", _("due")
    SENT = "SENT", _("sent")


class Action(models.TextChoices):
    """What happened to a registration; one row of its history."""

    CONFIRMED = "CONFIRMED", _("took a seat")
    WAITLISTED = "WAITLISTED", _("joined the waiting list")
    PROMOTED = "PROMOTED", _("got a seat from the waiting list")
    CANCELLED = "CANCELLED", _("gave the seat back")
    LEFT = "LEFT", _("left the waiting list")
    OFFERED = "OFFERED", _("was offered a seat")
    ACCEPTED = "ACCEPTED", _("accepted the seat")
    DECLINED = "DECLINED", _("declined the seat")
    EXPIRED = "EXPIRED", _("did not answer the offer in time")
    OPENED = "OPENED", _("was told that a seat is open to all")
    SWAP_WANTED = "SWAP_WANTED", _("would rather come on this date")
    SWAPPED_AWAY = "SWAPPED_AWAY", _("moved to another date")
    SWAPPED_HERE = "SWAPPED_HERE", _("moved here from another date")
    EXCHANGED = "EXCHANGED", _("traded dates with somebody who wanted the other one")
    REQUESTED = "REQUESTED", _("asked for a seat")
    APPROVED = "APPROVED", _("was approved")
    REFUSED = "REFUSED", _("was not approved")
    SEATED = "SEATED", _("got a seat from an organiser")
    PRIORITIZED = "PRIORITIZED", _("got another place in the queue from an organiser")
    SUPERSEDED = "SUPERSEDED", _("has a seat on another date")
    SESSION_CANCELLED = "SESSION_CANCELLED", _("the session was cancelled")
    WALKED_IN = "WALKED_IN", _("came without a seat")
    CHECKED_IN = "CHECKED_IN", _("was checked in")
    UNCHECKED = "UNCHECKED", _("check-in taken back")
    MARKED_ABSENT = "MARKED_ABSENT", _("was not there")


class InviteState(models.TextChoices):
    ACTIVE = "ACTIVE", _("in the calendar")
    CANCELLED = "CANCELLED", _("taken out of the calendar")
