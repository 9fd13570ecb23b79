from django.db import models
from django.utils.translation import gettext_lazy as _


class MessageStatus(models.TextChoices):
    """The life of one mail; `SENDING` is a claim that lapses, so a killed worker loses nothing."""

    PENDING = "PENDING", _("waiting to be sent")
    SENDING = "SENDING", _("being sent")
    SENT = "SENT", _("sent")
    DROPPED = "DROPPED", _("no longer needed")
    FAILED = "FAILED", _("given up")
