from django.db import models
from django.utils.translation import gettext_lazy as _


class CellStatus(models.TextChoices):
    PUBLISHED = "P", _("published")
    SUPPRESSED = "S", _("not shown")


class Table(models.TextChoices):
    """The tables that may be released (specs/privacy.md 1.5). No other can be published."""

    DELIVERY = "delivery", _("Sessions and capacity")
    SEATS = "T1", _("Seats used per activity")
    PEOPLE_BY_UNIT = "T5", _("People reached per unit")
    TURNOUT = "T6", _("Turnout per activity")
    INSTITUTION = "T7", _("The whole programme")
    SUPPORT = "T7-support", _("Support and aftercare sessions")
    UNMET = "M11", _("Wanted, not served")
    FEEDBACK = "feedback", _("What people said")
    HEADCOUNT = "headcount", _("Head counts")


COUNTS_OF_PEOPLE = (Table.SEATS, Table.PEOPLE_BY_UNIT, Table.TURNOUT, Table.INSTITUTION, Table.SUPPORT, Table.UNMET)
"""Tables that count what people did: each value shown is rounded and at least K_COUNT. The others have no personal
data, or blocks of answers.
"""


class Measure(models.TextChoices):
    PLANNED = "planned", _("sessions planned")
    HELD = "held", _("sessions held")
    CANCELLED = "cancelled", _("sessions cancelled")
    CAPACITY = "capacity", _("seats in the sessions held")
    SEATS = "seats", _("seats used")
    PEOPLE = "people", _("people")
    HEADCOUNT = "headcount", _("people in the unit")
    CONFIRMED = "confirmed", _("seats kept until the deadline")
    NO_SHOW = "no-show", _("did not come")
    LATE_CANCEL = "late-cancel", _("given back too late or excused")
    WALK_IN = "walk-in", _("came without a seat")
    WAITLISTED = "waitlisted", _("people who waited")
    UNMET = "unmet", _("people who waited and did not come")
    ANSWERS = "answers", _("answers, at least")
    RESPONSE = "response", _("percent who answered, at least")
    FAVOURABLE = "favourable", _("percent who agree")
    IMPROVED = "improved", _("percent who say it improved")


class PeriodKind(models.TextChoices):
    MONTH = "MONTH", _("month")
    QUARTER = "QUARTER", _("quarter")
    HALF = "HALF", _("first half of the academic year")
    YEAR = "YEAR", _("academic year")


class Outcome(models.TextChoices):
    """How one person's registration for a session that was held counts."""

    ATTENDED = "ATTENDED", _("attended with a seat")
    WALKED_IN = "WALKED_IN", _("came without a seat")
    NO_SHOW = "NO_SHOW", _("did not come")
    LATE_CANCEL = "LATE_CANCEL", _("gave the seat back too late, or was excused")
    NONE = "NONE", _("nothing that counts")


CAME = (Outcome.ATTENDED, Outcome.WALKED_IN)
KEPT_A_SEAT = (Outcome.ATTENDED, Outcome.NO_SHOW, Outcome.LATE_CANCEL)
