from __future__ import annotations

import secrets

import pytest

from project.deployment.production import is_safe_address, is_weak
from tests.services import ENVIRONMENT


@pytest.mark.parametrize(
    "secret",
    [
        "",
        "x" * 49,
        "a" * 60,
        "ab" * 40,
        "password" * 8,
        "0123456789" * 6,
        "change-me-please-" * 4,
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789",
        "django-insecure-" + "n9Zq5hX2mT8wLr0vB3kYc7JdQe4sU6fG1iP0oA2z",
        "demo-only-" + "0" * 45,
        pytest.param(secrets.token_urlsafe(24), id="short"),  # the same name in each worker of a run
    ],
)
def test_secret_that_can_be_guessed_is_weak(secret):
    assert is_weak(secret)


@pytest.mark.parametrize("make", [lambda: secrets.token_urlsafe(48), lambda: secrets.token_hex(32)])
def test_random_secret_is_not_weak(make):
    assert not any(is_weak(make()) for _ in range(200))


def test_secret_of_the_tests_is_not_weak():
    assert not is_weak(ENVIRONMENT["SECRET_KEY"])


@pytest.mark.parametrize(
    "address",
    [
        "https://samen.example.org",
        "http://localhost:8000",
        "http://127.0.0.1",
        "http://127.8.8.8:80",
        "http://[::1]:8000",
    ],
)
def test_address_with_tls_or_on_this_machine_is_safe(address):
    assert is_safe_address(address)


@pytest.mark.parametrize(
    "address",
    [
        *(
            "http://samen.example.org",
            "http://10.0.0.1",
            "http://localhost.example.org",
            "http://127.0.0.1.example.org",
        ),
        *("ftp://localhost", "//localhost", "localhost", "https://", "", "http://localhost@samen.example.org"),
    ],
)
def test_address_without_tls_elsewhere_is_not_safe(address):
    assert not is_safe_address(address)
