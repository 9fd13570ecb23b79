from __future__ import annotations

import pytest

from project.accounts.services import feed_secrets
from tests.factories import make_person

pytestmark = pytest.mark.django_db


def test_find_returns_the_owner_of_a_secret():
    person, other = make_person(), make_person()

    assert feed_secrets.find(feed_secrets.secret_of(person)) == person
    assert feed_secrets.find(feed_secrets.secret_of(other)) == other


def test_secret_is_stable_long_and_opaque():
    person = make_person()

    secret = feed_secrets.secret_of(person)

    assert secret == feed_secrets.secret_of(person)
    assert len(secret) == 48
    assert secret.replace("-", "").replace("_", "").isalnum()
    assert person.email not in secret


def test_renew_revokes_only_the_secret_of_that_person():
    person, other = make_person(), make_person()
    former, others = feed_secrets.secret_of(person), feed_secrets.secret_of(other)

    feed_secrets.renew(person=person)

    assert feed_secrets.find(former) is None
    assert feed_secrets.find(feed_secrets.secret_of(person)) == person
    assert feed_secrets.find(others) == other


@pytest.mark.parametrize(
    "secret", ["", "x", "=" * 48, "*" * 48, "é" * 48, "\x00" * 48, "\ud800" * 48, "A" * 48, "A" * 5000]
)
def test_find_returns_none_for_a_malformed_secret(secret):
    make_person()

    assert feed_secrets.find(secret) is None
