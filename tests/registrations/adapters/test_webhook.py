"""Mail that a provider hands over by HTTP, signed as Mailgun signs it."""

from __future__ import annotations

import hashlib
import hmac

import pytest
from django.urls import Resolver404, resolve

from registrations.enums import Verdict
from registrations.models import InboundMail
from registrations.services.inbox import inbound
from tests.factories import NOW, make_person, make_session
from tests.registrations.support.inbox import invite_of, outlook
from tests.registrations.support.races import sign_up

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("clock"),
    pytest.mark.urls("registrations.adapters.webhook"),
]
KEY = "signing-key-of-the-tests"


@pytest.fixture(autouse=True)
def provider(settings):
    settings.ANYMAIL = {"MAILGUN_WEBHOOK_SIGNING_KEY": KEY, "MAILGUN_API_KEY": "another"}


def hand_over(client, raw, *, key=KEY, **said):
    stamp = str(int(NOW.timestamp()))
    signature = hmac.new(key.encode(), f"{stamp}token".encode(), hashlib.sha256).hexdigest()
    told = {"token": "token", "timestamp": stamp, "signature": signature, "body-mime": raw.decode()}
    envelope = {"recipient": "samen+token@example.org", "sender": "ann@example.org"}
    return client.post("/mailgun/inbound_mime/", told | envelope | said)


def test_a_mail_with_a_good_signature_is_taken_in(client):
    seated = sign_up(make_session(), make_person())

    response = hand_over(client, outlook(invite_of(seated), "DECLINED"))

    row = InboundMail.objects.get()
    assert response.status_code == 200
    assert (row.recipient, row.auth) == ("samen+token@example.org", {"envelope_from": "ann@example.org"})
    assert inbound.process(inbound_id=row.pk, now=NOW) == Verdict.APPLIED


def test_the_same_mail_handed_over_twice_is_one(client):
    seated = sign_up(make_session(), make_person())
    raw = outlook(invite_of(seated), "DECLINED")

    codes = [hand_over(client, raw).status_code for _ in range(2)]

    assert codes == [200, 200]
    assert InboundMail.objects.count() == 1


def test_a_wrong_signature_is_refused(client):
    assert hand_over(client, b"Subject: x\r\n\r\n", key="wrong").status_code == 400
    assert not InboundMail.objects.exists()


def test_what_a_provider_tells_of_mails_we_sent_is_not_asked_for():
    with pytest.raises(Resolver404):
        resolve("/mailgun/tracking/", urlconf="registrations.adapters.webhook")
