"""Who sent a mail, by what the receiving server wrote above it (specs/calendar.md 5.3)."""

from __future__ import annotations

import time

import pytest

from registrations.rules.inbox.senders import Sender, is_aligned, judge

OURS = "mx.example.org"
ADDRESS = "ann@people.example.org"


def judged(*headers, address=ADDRESS, authserv_id=OURS):
    return judge(headers, address=address, authserv_id=authserv_id)


@pytest.mark.parametrize(
    "header",
    [
        "mx.example.org; dmarc=pass (p=reject) header.from=people.example.org",
        "MX.example.org 1;\r\n\tdkim=pass (2048-bit key) header.d=example.org header.b=ab/c+=; spf=none",
        "mx.example.org; dkim=pass header.i=@people.example.org header.s=sel",
        'mx.example.org (a "comment; with (nested) brackets"); spf=pass smtp.mailfrom=ann@bounces.people.example.org',
        "mx.example.org; dkim=fail header.d=example.org; dkim=pass header.d=people.example.org",
    ],
)
def test_the_domain_of_from_vouches(header):
    assert judged(header) is Sender.VERIFIED


@pytest.mark.parametrize(
    "header",
    [
        "",
        "mx.example.org; none",
        "other.example.net; dmarc=pass header.from=people.example.org",
        "mx.example.org; dmarc=none header.from=people.example.org",
        "mx.example.org; dkim=pass header.d=attacker.example",
        "mx.example.org; dkim=pass header.d=org",
        "mx.example.org; dkim=pass header.d=",
        "mx.example.org; spf=pass smtp.mailfrom=bounces@attacker.example",
        "mx.example.org; spf=softfail smtp.mailfrom=ann@people.example.org",
        "mx.example.org; dmarc=pass header.from=attacker.example",
        "mx.example.org; dmarc=fail (p=none) header.from=people.example.org",
        "mx.example.org; dmarc=fail (p=NONE) header.from=people.example.org; dkim=pass header.d=people.example.org",
        "mx.example.org; spf=pass smtp.mailfrom=ann@people.example.org; dmarc=fail action=none header.from=x.example",
        'mx.example.org; spf=pass smtp.mailfrom="x@people.example.org"@attacker.example',
        'mx.example.org; spf=pass smtp.mailfrom="people.example.org"@attacker.example',
        'mx.example.org; dkim=pass header.i="x@people.example.org"@attacker.example',
        'mx.example.org; spf=pass smtp.mailfrom="a dkim=pass header.d=people.example.org"@attacker.example',
        'mx.example.org; spf=pass smtp.mailfrom="; dmarc=pass header.from=people.example.org"@attacker.example',
        "mx.example.org; spf=pass (dmarc=pass header.from=people.example.org) smtp.mailfrom=x@attacker.example",
        "mx.example.org.attacker.example; dmarc=pass header.from=people.example.org",
        "mx.example.org; iprev=pass policy.iprev=192.0.2.1",
        "mx.example.org; garbage",
        '"',
        "(" * 50_000,
        ";" * 50_000,
    ],
)
def test_no_result_is_no_forgery(header):
    assert judged(header) is Sender.UNKNOWN


@pytest.mark.parametrize(
    "header",
    [
        "mx.example.org; dmarc=fail (p=REJECT sp=REJECT dis=NONE) header.from=people.example.org",
        "mx.example.org; spf=pass smtp.mailfrom=x@attacker.example; dmarc=fail policy.dmarc=quarantine header.from=x",
        "mx.example.org; dmarc=fail header.from=people.example.org",
        "mx.example.org; dkim=pass header.d=people.example.org; dmarc=fail (p=reject) header.from=people.example.org",
        "mx.example.org; spf=pass smtp.mailfrom=x@people.example.org; dmarc=fail header.from=people.example.org",
        'mx.example.org; spf=pass smtp.mailfrom="p=none"@a.example; dmarc=fail (p=reject) header.from=x.example',
        "mx.example.org; spf=pass smtp.mailfrom=<unreadable; dmarc=fail (p=reject) header.from=people.example.org",
        "mx.example.org; dmarc=fail action=oreject header.from=people.example.org; compauth=fail reason=000",
    ],
)
def test_the_domain_of_from_refuses(header):
    assert judged(header) is Sender.REFUSED


def test_only_the_topmost_of_our_own_server_counts():
    true = "mx.example.org; dmarc=fail (p=reject) header.from=people.example.org"
    forged = "mx.example.org; dmarc=pass header.from=people.example.org"
    between = "relay.example.net; dmarc=pass header.from=people.example.org"

    assert judged(between, true, forged) is Sender.REFUSED


def test_without_a_name_of_our_own_server_nothing_counts():
    assert judged("; dmarc=pass header.from=people.example.org", authserv_id="") is Sender.UNKNOWN
    assert judged("mx.example.org; dmarc=pass header.from=people.example.org", authserv_id="") is Sender.UNKNOWN


@pytest.mark.parametrize("server", [OURS, "relay.example.net"])
def test_what_is_made_to_cost_much_does_not(server):
    header = f"{server}; dkim=pass " + "a" * 9000

    began = time.process_time()
    verdict = judged(*[header] * 1000)

    assert verdict is Sender.UNKNOWN
    assert time.process_time() - began < 1


def test_without_a_sender_nothing_is_verified():
    assert judged("mx.example.org; dmarc=pass", address="") is Sender.UNKNOWN


@pytest.mark.parametrize(
    ("signer", "domain", "expected"),
    [
        ("example.org", "example.org", True),
        ("example.org", "people.example.org", True),
        ("mail.example.org", "example.org", True),
        ("badexample.org", "example.org", False),
        ("org", "example.org", False),
        ("", "example.org", False),
    ],
)
def test_alignment(signer, domain, expected):
    assert is_aligned(signer, domain) is expected
