from django.db import models
from django.utils.translation import gettext_lazy as _


class Audience(models.TextChoices):
    STUDENT = "STUDENT", _("Student")
    STAFF = "STAFF", _("Staff")
    PHD = "PHD", _("PhD candidate")
    MANAGER = "MANAGER", _("Manager")
    GUEST = "GUEST", _("Guest")

    @property
    def admitted_as(self) -> frozenset[str]:
        """The audiences that let this person in: `STAFF` admits `PHD` and `MANAGER` (contract.md, "Who may see and do
        what").
        """
        return frozenset(
            {self.value, Audience.STAFF.value} if self in {Audience.PHD, Audience.MANAGER} else {self.value}
        )


class AudienceSource(models.TextChoices):
    CLAIM = "CLAIM", _("told by the university account")
    ORGANIZER = "ORGANIZER", _("set by an organiser")
    SELF = "SELF", _("said by the person")


SELF_CHOSEN_AUDIENCES = (Audience.STUDENT, Audience.STAFF, Audience.PHD)


class UnitKind(models.TextChoices):
    FACULTY = "FACULTY", _("Faculty")
    SERVICE = "SERVICE", _("Service")
    INSTITUTE = "INSTITUTE", _("Institute")


class RoleKind(models.TextChoices):
    HOST = "HOST", _("Host")
    DOOR = "DOOR", _("Door")
    ORGANIZER = "ORGANIZER", _("Organiser")
    COORDINATOR = "COORDINATOR", _("Coordinator")
    BOARD = "BOARD", _("Board member")
    ADMINISTRATOR = "ADMINISTRATOR", _("Administrator")


class CalendarPreference(models.TextChoices):
    """How sessions get into somebody's calendar (specs/calendar.md 3.12): never both ways, or each would show up
    twice.
    """

    INVITE = "INVITE", _("an invitation in the email")
    FEED = "FEED", _("only the calendar I subscribed to")
    NONE = "NONE", _("neither")


class AddressPurpose(models.TextChoices):
    """What an address will be used for once its owner has confirmed it."""

    ACCOUNT = "ACCOUNT", _("the address to sign in with")
    DISCREET = "DISCREET", _("where emails about discreet sessions go")
