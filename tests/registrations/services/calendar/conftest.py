from __future__ import annotations

from datetime import timedelta

import pytest

from project.outbox.services import delivery
from tests.factories import NOW
from tests.registrations.support.calendar.lives import Correspondence


@pytest.fixture
def letters(mailbox):
    """All that a real mail server has received, after sending what is due."""

    def received():
        while delivery.deliver_due(now=NOW + timedelta(hours=1)):
            pass
        return Correspondence(list(mailbox.envelopes))

    return received
