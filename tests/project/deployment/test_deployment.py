"""The settings of production, read in a new process, because a process reads them only once."""

import os
import subprocess
import sys

import pytest

from tests.architecture import sources

PRODUCTION = {
    "DEMO": "0",
    "ALLOW_SQLITE": "0",
    "DATABASE_URL": "postgres://samen@database.example.org/samen",
    "REDIS_URL": "redis://redis.example.org:6379/0",
    "SECRET_KEY": "n9Zq-long-random-and-only-for-this-test-5hX2mT8wLr0vB3kYc7Jd",
    "ALLOWED_HOSTS": "samen.example.org",
    "BASE_URL": "https://samen.example.org",
    "EMAIL_URL": "smtp+tls://mail.example.org:587",
    "MAIL_FROM": "samen@example.org",
    "FEEDBACK_HOST": "feedback.example.org",
}


def check(**overrides: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, **PRODUCTION, **overrides}
    command = [sys.executable, "-W", "error", "manage.py", "check", "--deploy", "--fail-level=WARNING"]
    return subprocess.run(  # noqa: S603 - our own command
        command, cwd=sources.ROOT, env=environment, capture_output=True, text=True, check=False, timeout=60
    )


def test_check_deploy_is_clean_in_production() -> None:
    checked = check()

    assert checked.returncode == 0, checked.stderr


def test_a_sender_with_a_name_is_split() -> None:
    assert check(MAIL_FROM='"Samen" <samen@example.org>').returncode == 0


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("SECRET_KEY", "", "SECRET_KEY"),
        ("SECRET_KEY", "Zq9-too-short", "SECRET_KEY must be random"),
        ("SECRET_KEY", "password" * 8, "SECRET_KEY must be random"),
        ("SECRET_KEY_FALLBACKS", "a" * 60, "SECRET_KEY_FALLBACKS"),
        ("BASE_URL", "http://samen.example.org", "BASE_URL must begin with https://"),
        ("TRUSTED_PROXIES", "proxy.example.org", "TRUSTED_PROXIES must be networks"),
        ("DATABASE_URL", "sqlite:///data.sqlite3", "ALLOW_SQLITE"),
        ("MAIL_FROM", "samen", "MAIL_FROM must be one email address"),
        ("HELP_ADVISER_EMAIL", "Ann, Bob <b@example.org>", "HELP_ADVISER_EMAIL must be one email address"),
        ("MEMBER_DOMAINS", "ann@example.org", "MEMBER_DOMAINS must be email domains"),
        ("ICAL_CLASS", "SECRET", "ICAL_CLASS must be PUBLIC or PRIVATE"),
    ],
)
def test_production_refuses_what_is_for_the_demo(name: str, value: str, words: str) -> None:
    checked = check(**{name: value})

    assert checked.returncode != 0
    assert words in checked.stderr
