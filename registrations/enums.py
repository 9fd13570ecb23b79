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
    """All we know about a person's feedback: that the code is due or was sent, never whether it was used
    (specs/privacy.md 1.4).
    """

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
    WITHDRAWN = "WITHDRAWN", _("withdrew the invitation")
    EXPIRED = "EXPIRED", _("did not answer the offer in time")
    OFFER_LOST = "OFFER_LOST", _("lost the offer, as the date changed")
    OPENED = "OPENED", _("was told that a seat is open to all")
    SWAP_WANTED = "SWAP_WANTED", _("would rather come on this date")
    SWAPPED_AWAY = "SWAPPED_AWAY", _("moved to another date")
    SWAPPED_HERE = "SWAPPED_HERE", _("moved here from another date")
    EXCHANGED = "EXCHANGED", _("swapped dates with somebody who wanted the other one")
    REQUESTED = "REQUESTED", _("asked for a seat")
    APPROVED = "APPROVED", _("was approved")
    REFUSED = "REFUSED", _("was not approved")
    SEATED = "SEATED", _("got a seat from an organiser")
    PRIORITIZED = "PRIORITIZED", _("got another place in the queue from an organiser")
    HAS_BEEN = "HAS_BEEN", _("came on another date")
    SUPERSEDED = "SUPERSEDED", _("has a seat on another date")
    SESSION_CANCELLED = "SESSION_CANCELLED", _("the session was cancelled")
    WALKED_IN = "WALKED_IN", _("came without a seat")
    CHECKED_IN = "CHECKED_IN", _("was checked in")
    CALENDAR_DECLINED = "CALENDAR_DECLINED", _("declined in the calendar")
    CALENDAR_KEPT = "CALENDAR_KEPT", _("kept the seat after all")
    REINSTATED = "REINSTATED", _("the session takes place after all")
    STILL_COMING = "STILL_COMING", _("said that they still come")
    UNCHECKED = "UNCHECKED", _("check-in taken back")
    MARKED_ABSENT = "MARKED_ABSENT", _("was not there")


class ChangeState(models.TextChoices):
    PROPOSED = "PROPOSED", _("proposed")
    DONE = "DONE", _("done")
    WITHDRAWN = "WITHDRAWN", _("withdrawn")


class InviteState(models.TextChoices):
    ACTIVE = "ACTIVE", _("in the calendar")
    CANCELLED = "CANCELLED", _("taken out of the calendar")
    DECLINED = "DECLINED", _("declined in the calendar")


class Answer(models.TextChoices):
    """PARTSTAT of the newest reply (RFC 5545 3.2.12)."""

    ACCEPTED = "ACCEPTED", _("accepted")
    TENTATIVE = "TENTATIVE", _("perhaps")
    DECLINED = "DECLINED", _("declined")
    DELEGATED = "DELEGATED", _("sends somebody else")


class Verdict(models.TextChoices):
    """What became of an inbound mail (specs/calendar.md 5.4)."""

    PENDING = "PENDING", _("to be read")
    APPLIED = "APPLIED", _("taken over")
    RECORDED = "RECORDED", _("noted, nothing changed")
    ASKED = "ASKED", _("asked the registered address first")
    BOUNCED = "BOUNCED", _("an email of ours came back")
    FORWARDED = "FORWARDED", _("passed on to the organisers")
    IGNORED = "IGNORED", _("not for us")
    FAILED = "FAILED", _("could not be read")
