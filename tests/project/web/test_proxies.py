"""Only a trusted proxy can say what the visitor's address is, and whether TLS was used."""

from __future__ import annotations

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from project.deployment.production import are_networks
from project.web.proxies import ProxyMiddleware

PROXIES = ["10.0.0.0/8", "127.0.0.1", "2001:db8::/32"]


def _seen(settings, sender, forwarded=None, proto=None, *, trusted=PROXIES):
    """Returns what a view behind the middleware sees: the address of the visitor, and whether TLS was used."""
    settings.TRUSTED_PROXIES = trusted
    found = []

    def view(request):
        found.append((request.META["REMOTE_ADDR"], request.is_secure()))
        return HttpResponse()

    headers = {"x-forwarded-for": forwarded, "x-forwarded-proto": proto}
    request = RequestFactory().get("/", headers={name: value for name, value in headers.items() if value is not None})
    request.META["REMOTE_ADDR"] = sender
    ProxyMiddleware(view)(request)
    return found[0]


@pytest.mark.parametrize(
    ("sender", "forwarded", "visitor"),
    [
        ("127.0.0.1", "198.51.100.7", "198.51.100.7"),
        ("10.1.2.3", "6.6.6.6, 198.51.100.7", "198.51.100.7"),  # visitors may have written anything further left
        ("10.1.2.3", "6.6.6.6, 198.51.100.7, 10.9.9.9", "198.51.100.7"),
        ("10.1.2.3", "198.51.100.7:4711", "198.51.100.7"),
        ("10.1.2.3", "[2001:db9::1]:4711", "2001:db9::1"),
        ("::ffff:10.1.2.3", "::ffff:198.51.100.7", "198.51.100.7"),
        ("2001:db8::1", "2001:db9::1", "2001:db9::1"),
        ("10.1.2.3", "10.4.4.4, 10.5.5.5", "10.4.4.4"),  # all are trusted proxies: a visitor inside the network
        ("10.1.2.3", None, "10.1.2.3"),
        ("10.1.2.3", "", "10.1.2.3"),
        ("10.1.2.3", "198.51.100.7, nonsense", "10.1.2.3"),
        ("10.1.2.3", "198.51.100.7, nonsense, 10.9.9.9", "10.9.9.9"),
        ("198.51.100.9", "6.6.6.6", "198.51.100.9"),
        ("", "6.6.6.6", ""),
    ],
)
def test_the_visitor_is_the_rightmost_address_that_is_no_proxy(settings, sender, forwarded, visitor):
    assert _seen(settings, sender, forwarded) == (visitor, False)


@pytest.mark.parametrize(
    ("sender", "proto", "is_secure"),
    [
        ("10.1.2.3", "https", True),
        ("10.1.2.3", "http", False),
        ("10.1.2.3", "https, http", False),  # the first value is the visitor's
        ("10.1.2.3", "http, https", True),
        ("198.51.100.9", "https", False),
    ],
)
def test_only_a_trusted_proxy_can_say_that_tls_was_used(settings, sender, proto, is_secure):
    assert _seen(settings, sender, proto=proto)[1] == is_secure


def test_no_proxy_is_trusted_by_default(settings):
    assert _seen(settings, "127.0.0.1", "6.6.6.6", "https", trusted=[]) == ("127.0.0.1", False)


def test_the_proxy_middleware_is_the_first(settings):
    assert settings.MIDDLEWARE[0] == "project.web.proxies.ProxyMiddleware"


@pytest.mark.parametrize("name", ["proxy.example.org", "10.0.0.0/33", "10.0.0.0-10.0.0.9"])
def test_are_networks_refuses_anything_else(name):
    assert not are_networks(["10.0.0.0/8", name])
