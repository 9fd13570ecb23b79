from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from project.accounts.enums import Audience, AudienceSource
from project.accounts.models import User
from project.accounts.services import people
from tests.factories import NOW


@pytest.mark.django_db
def test_admit_makes_a_person_on_first_sight_and_finds_them_again():
    person = people.admit(address=" New@Demo.Example ", language="nl", now=NOW)

    assert people.admit(address="new@demo.example", language="en", now=NOW) == person
    assert (person.email, person.language, person.joined_at, person.audience) == ("new@demo.example", "nl", NOW, "")
    assert not person.has_usable_password()


@pytest.mark.django_db
def test_admit_makes_a_guest_of_an_address_outside_the_university():
    person = people.admit(address="somebody@elsewhere.example", language="en", now=NOW)

    assert (person.audience, person.audience_source) == (Audience.GUEST, AudienceSource.CLAIM)


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgresql
def test_admit_makes_one_person_when_called_in_parallel():
    """As when somebody new clicks twice on "send me a code"."""
    start = Barrier(8)

    def admit(_number):
        try:
            start.wait(timeout=10)
            return people.admit(address="new@demo.example", language="en", now=NOW).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        found = set(pool.map(admit, range(8)))

    assert found == {User.objects.get().pk}
