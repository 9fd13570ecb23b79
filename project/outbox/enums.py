from django.db import models
from django.utils.translation import gettext_lazy as _


class MessageStatus(models.TextChoices):
    """The states of a mail. `SENDING` is a lease that expires, so that a killed worker loses nothing."""

    PENDING = "PENDING", _("waiting to be sent")
    SENDING = "SENDING", _("being sent")
    SENT = "SENT", _("sent")
    DROPPED = "DROPPED", _("no longer needed")
    FAILED = "FAILED", _("given up")


class Trouble(models.TextChoices):
    """Why a mail was not sent, in words for an organiser. The codes are stored (`Message.last_error`) and stable."""

    NO_SUCH_ADDRESS = "no-such-address", _("the address does not exist")
    MAIL_REFUSED = "mail-refused", _("the email server refused this email")
    WE_ARE_REFUSED = "we-are-refused", _("the email server refuses email from us")
    TRY_LATER = "try-later", _("the email server asked us to try again later")
    NO_ANSWER = "no-answer", _("the email server did not answer")
    NOT_WRITTEN = "not-written", _("something went wrong while writing it")
    BROKEN_OFF = "broken-off", _("sending it broke off again and again")
    OUT_OF_DATE = "out-of-date", _("it was no longer true")
    INACTIVE = "inactive", _("the account is switched off")
    MERGED = "merged", _("another email tells it")

    @property
    def is_final(self) -> bool:
        """Whether the same mail would be refused again (RFC 5321 4.2.1). A refusal of us as a sender is not final: it
        may be put right.
        """
        return self in {Trouble.NO_SUCH_ADDRESS, Trouble.MAIL_REFUSED}
