from django.db import models
from django.utils.translation import gettext_lazy as _


class EventKind(models.TextChoices):
    PERFORMANCE = "PERFORMANCE", _("Performance")
    TRAINING = "TRAINING", _("Training")
    WORKSHOP = "WORKSHOP", _("Workshop")
    CONFERENCE = "CONFERENCE", _("Work conference")
    DIALOGUE = "DIALOGUE", _("Conversation with the board")


class EventStatus(models.TextChoices):
    DRAFT = "DRAFT", _("Draft")
    PUBLISHED = "PUBLISHED", _("Published")
    UNLISTED = "UNLISTED", _("Unlisted")
    CANCELLED = "CANCELLED", _("Cancelled")
    ARCHIVED = "ARCHIVED", _("Archived")


class SeatScope(models.TextChoices):
    """The slot: whether a person may hold one seat per event, round or session (docs/architecture.md, "Words")."""

    EVENT = "EVENT", _("one seat for the whole event")
    ROUND = "ROUND", _("one seat in each round")
    SESSION = "SESSION", _("one seat in each session")


class ComingAgain(models.TextChoices):
    """Whether people who attended one date may have a seat on another."""

    BEHIND = "BEHIND", _("again, behind people who have not been")
    ONCE = "ONCE", _("once")


class SessionStatus(models.TextChoices):
    SCHEDULED = "SCHEDULED", _("Scheduled")
    CANCELLED = "CANCELLED", _("Cancelled")
    HELD = "HELD", _("Held")


class SessionLanguage(models.TextChoices):
    ENGLISH = "en", _("English")
    DUTCH = "nl", _("Dutch")
    BOTH = "en+nl", _("English and Dutch")


IN_ONE_LANGUAGE = (SessionLanguage.ENGLISH.value, _("English")), (SessionLanguage.DUTCH.value, _("Dutch"))


class InitiativeCategory(models.TextChoices):
    """The kinds of initiative that the faculties reported for the overview."""

    TRAINING = "TRAINING", _("Workshops and training")
    CONVERSATION = "CONVERSATION", _("Real conversations")
    AGENDA = "AGENDA", _("On the agenda")
    THINKING = "THINKING", _("Thinking along")
    COURTESY = "COURTESY", _("Courtesy")
    CAREER = "CAREER", _("Development and assessment")

    @property
    def face(self) -> str:
        """Returns the kind of event whose mark stands beside it."""
        return FACES[self]


FACES = {
    InitiativeCategory.TRAINING: EventKind.TRAINING,
    InitiativeCategory.CONVERSATION: EventKind.DIALOGUE,
    InitiativeCategory.AGENDA: EventKind.CONFERENCE,
    InitiativeCategory.THINKING: EventKind.WORKSHOP,
    InitiativeCategory.COURTESY: EventKind.PERFORMANCE,
    InitiativeCategory.CAREER: EventKind.TRAINING,
}
