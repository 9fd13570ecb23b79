from __future__ import annotations

from smtplib import (
    SMTPAuthenticationError,
    SMTPConnectError,
    SMTPDataError,
    SMTPNotSupportedError,
    SMTPRecipientsRefused,
    SMTPSenderRefused,
    SMTPServerDisconnected,
)

import pytest

from project.outbox.enums import Trouble
from project.outbox.models import Message
from project.outbox.services.smtp import trouble_of

ADDRESS = "somebody@example.org"


@pytest.mark.parametrize(
    ("error", "trouble"),
    [
        (SMTPRecipientsRefused({ADDRESS: (550, b"5.1.1 no such user")}), Trouble.NO_SUCH_ADDRESS),
        (SMTPRecipientsRefused({ADDRESS: (550, b"unknown")}), Trouble.NO_SUCH_ADDRESS),
        (SMTPRecipientsRefused({ADDRESS: (554, b"5.7.1 relay access denied")}), Trouble.WE_ARE_REFUSED),
        (SMTPRecipientsRefused({ADDRESS: (452, b"4.2.2 mailbox full")}), Trouble.TRY_LATER),
        (SMTPDataError(552, b"5.3.4 too large"), Trouble.MAIL_REFUSED),
        (SMTPDataError(550, "5.7.26 not authenticated"), Trouble.WE_ARE_REFUSED),
        (SMTPDataError(451, b"greylisted \xff"), Trouble.TRY_LATER),
        (SMTPSenderRefused(550, b"who are you", ADDRESS), Trouble.WE_ARE_REFUSED),
        (SMTPSenderRefused(421, b"too many", ADDRESS), Trouble.TRY_LATER),
        (SMTPAuthenticationError(535, b"wrong password"), Trouble.WE_ARE_REFUSED),
        (SMTPNotSupportedError("no AUTH"), Trouble.WE_ARE_REFUSED),
        (SMTPConnectError(554, b"no service"), Trouble.WE_ARE_REFUSED),
        (SMTPServerDisconnected("closed"), Trouble.NO_ANSWER),
        (TimeoutError(), Trouble.NO_ANSWER),
        (ConnectionRefusedError(), Trouble.NO_ANSWER),
        (KeyError("title"), Trouble.NOT_WRITTEN),
    ],
)
def test_trouble_of_understands_every_reply(error, trouble):
    assert trouble_of(error) == trouble


def test_trouble_has_a_text():
    assert Message(last_error=Trouble.NO_SUCH_ADDRESS).trouble == "the address does not exist"
    assert Message(last_error="").trouble == ""
    assert Message(last_error="OfAnEarlierRelease").trouble == ""
