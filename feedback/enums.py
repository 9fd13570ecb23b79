from django.db import models
from django.utils.translation import gettext_lazy as _


class SurveyState(models.TextChoices):
    OPEN = "OPEN", _("open")
    COUNTED = "COUNTED", _("counted")
    TOO_FEW = "TOO_FEW", _("too few answers to show")


class Questionnaire(models.TextChoices):
    """The items and their wording. A new wording gets a new code: it breaks the series (specs/privacy.md 4.4)."""

    DIRECT = "T0.1", _("directly after a session")
    DIRECT_CONFERENCE = "T0.1C", _("directly after a work conference")


class ItemKind(models.TextChoices):
    SCALE = "scale", _("one answer")
    PAIR = "pair", _("now and before")
    COMMENT = "comment", _("own words")


class Answer(models.TextChoices):
    """The scale of specs/privacy.md 4.2, and the value that counts skipped items."""

    STRONGLY_DISAGREE = "1", _("strongly disagree")
    DISAGREE = "2", _("disagree")
    NEUTRAL = "3", _("neutral")
    AGREE = "4", _("agree")
    STRONGLY_AGREE = "5", _("strongly agree")
    NOT_APPLICABLE = "NA", _("not applicable")
    NONE = "NO", _("no answer")


SCALE = (Answer.STRONGLY_DISAGREE, Answer.DISAGREE, Answer.NEUTRAL, Answer.AGREE, Answer.STRONGLY_AGREE)
FAVOURABLE = (Answer.AGREE, Answer.STRONGLY_AGREE)
UNFAVOURABLE = (Answer.STRONGLY_DISAGREE, Answer.DISAGREE)
ANSWERS = (*SCALE, Answer.NOT_APPLICABLE)
