from __future__ import annotations

from email import message_from_bytes
from email.policy import default

import pytest

from project.outbox.services import delivery
from tests.factories import NOW


@pytest.fixture
def post(mailbox):
    """Delivers what is due and answers the mails of this round, parsed by the standard library."""

    def deliver(now=NOW):
        mailbox.envelopes.clear()
        delivery.deliver_due(now=now)
        return [message_from_bytes(envelope.content, policy=default) for envelope in mailbox.envelopes]

    return deliver
