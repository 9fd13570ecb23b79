"""The mail to the contact of the organisation about what came in."""

from __future__ import annotations

import pytest

from project.outbox.models import Message
from registrations.models import InboundMail
from registrations.services.inbox import forwarding
from tests.factories import NOW
from tests.registrations.support.mails import text_of

pytestmark = pytest.mark.django_db
RAW = b"From: Ann <ann@example.org>\r\nSubject: Is there parking?\r\n\r\nI come by car.\r\n"


@pytest.fixture(autouse=True)
def _contact(settings):
    settings.INBOUND_FORWARD_TO = "contact@example.org"


def forward(raw, kind="reply-forwarded"):
    mail = InboundMail.objects.create(digest="demo", raw=raw, received_at=NOW)
    assert forwarding.pass_on(mail=mail, kind=kind, now=NOW)
    return mail


def test_the_contact_reads_who_wrote_what(post):
    forward(RAW)

    [mail] = post()

    assert mail["To"] == "contact@example.org"
    assert mail["Subject"] == "Please answer: Is there parking?"
    assert "From: ann@example.org" in text_of(mail)
    assert "They write: I come by car." in text_of(mail)


def test_what_nobody_can_read_is_told_with_its_number(post):
    kept = forward(b"\r\n")

    [mail] = post()

    assert mail["Subject"] == "Please answer: an email without a subject"
    assert f"We could not read it. It is kept for a month as number {kept.pk}." in text_of(mail)


def test_what_was_blanked_meanwhile_is_not_forwarded(post):
    forward(RAW)
    InboundMail.objects.update(raw=b"")

    assert post() == []
    assert Message.objects.get().status == "DROPPED"
