"""The settings that are mail addresses, which are in every mail and invitation."""

from __future__ import annotations

import pytest
from django.core.exceptions import ImproperlyConfigured

from project.deployment import mail_addresses


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("samen@example.org", ("", "samen@example.org")),
        (" samen@example.org ", ("", "samen@example.org")),
        ("<samen@example.org>", ("", "samen@example.org")),
        ("Samen <samen@example.org>", ("Samen", "samen@example.org")),
        ('"Samen, Demo University" <samen@example.org>', ("Samen, Demo University", "samen@example.org")),
    ],
)
def test_mailbox_reads_an_address_with_or_without_a_name(value, expected):
    assert mail_addresses.mailbox("MAIL_FROM", value) == expected


@pytest.mark.parametrize(
    "value",
    [
        "",
        "samen",
        "Samen",
        "samen@",
        "@example.org",
        "samen@example",
        "a@example.org, b@example.org",
        "group: a@example.org;",
        "Samen, Demo University <samen@example.org>",
        "samen@example.org\r\nBcc: x@example.org",
        "sämen@example.org",
        "samen@exämple.org",
        "mailto:samen@example.org",
        "samen@example.org>",
    ],
)
def test_mailbox_refuses_anything_else(value):
    with pytest.raises(ImproperlyConfigured, match="MAIL_FROM must be one email address"):
        mail_addresses.mailbox("MAIL_FROM", value)


def test_address_may_be_left_empty():
    assert mail_addresses.address("INBOUND_FORWARD_TO", "") == ""
    assert mail_addresses.address("INBOUND_FORWARD_TO", "Desk <desk@example.org>") == "desk@example.org"


@pytest.mark.parametrize("value", ["Samen\nBcc: x", "Samen\u2028", "Samen\x00"])
def test_name_refuses_line_breaks(value):
    with pytest.raises(ImproperlyConfigured, match="MAIL_FROM_NAME"):
        mail_addresses.name("MAIL_FROM_NAME", value)


def test_domains_are_compared_in_lower_case():
    assert mail_addresses.domains("MEMBER_DOMAINS", [" Example.org", "@student.example.org", ""]) == [
        "example.org",
        "student.example.org",
    ]


@pytest.mark.parametrize("value", ["ann@example.org", "example org", "https://example.org", "*"])
def test_domains_refuses_anything_else(value):
    with pytest.raises(ImproperlyConfigured, match="MEMBER_DOMAINS"):
        mail_addresses.domains("MEMBER_DOMAINS", [value])
