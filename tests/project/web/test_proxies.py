"""Only a proxy of ours is believed when it says who asks, and over what."""

from __future__ import annotations

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from project.deployment.production import are_networks
from project.web.proxies import ProxyMiddleware

PROXIES = ["10.0.0.0/8", "127.0.0.1", "2001:db8::/32"]


def _seen(settings, sender, forwarded=None, proto=None, *, trusted=PROXIES):
    """What a view behind the middleware sees: who asks, and whether with TLS."""
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
        ("10.1.2.3", "6.6.6.6, 198.51.100.7", "198.51.100.7"),  # who asks may write what they like further left
        ("10.1.2.3", "6.6.6.6, 198.51.100.7, 10.9.9.9", "198.51.100.7"),
        ("10.1.2.3", "198.51.100.7:4711", "198.51.100.7"),
        ("10.1.2.3", "[2001:db9::1]:4711", "2001:db9::1"),
        ("::ffff:10.1.2.3", "::ffff:198.51.100.7", "198.51.100.7"),
        ("2001:db8::1", "2001:db9::1", "2001:db9::1"),
        ("10.1.2.3", "10.4.4.4, 10.5.5.5", "10.4.4.4"),  # all of ours: somebody inside
        ("10.1.2.3", None, "10.1.2.3"),
        ("10.1.2.3", "", "10.1.2.3"),
        ("10.1.2.3", "198.51.100.7, nonsense", "10.1.2.3"),
        ("10.1.2.3", "198.51.100.7, nonsense, 10.9.9.9", "10.9.9.9"),
        ("198.51.100.9", "6.6.6.6", "198.51.100.9"),
        ("", "6.6.6.6", ""),
    ],
)
def test_visitor_is_the_first_from_the_right_that_is_no_proxy(settings, sender, forwarded, visitor):
    assert _seen(settings, sender, forwarded) == (visitor, False)


@pytest.mark.parametrize(
    ("sender", "proto", "is_secure"),
    [
        ("10.1.2.3", "https", True),
        ("10.1.2.3", "http", False),
        ("10.1.2.3", "https, http", False),  # the first is what the visitor wrote
        ("10.1.2.3", "http, https", True),
        ("198.51.100.9", "https", False),
    ],
)
def test_tls_is_what_a_trusted_proxy_says(settings, sender, proto, is_secure):
    assert _seen(settings, sender, proto=proto)[1] == is_secure


def test_nobody_is_trusted_unless_named(settings):
    assert _seen(settings, "127.0.0.1", "6.6.6.6", "https", trusted=[]) == ("127.0.0.1", False)


def test_middleware_stands_before_all_others(settings):
    assert settings.MIDDLEWARE[0] == "project.web.proxies.ProxyMiddleware"


@pytest.mark.parametrize("name", ["proxy.example.org", "10.0.0.0/33", "10.0.0.0-10.0.0.9"])
def test_what_is_no_network_is_known(name):
    assert not are_networks(["10.0.0.0/8", name])
