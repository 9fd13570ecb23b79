"""Whose answer it is, however a calendar program writes the address (specs/calendar.md 5.1, 5.4.4)."""

from __future__ import annotations

import pytest
from allauth.account.models import EmailAddress

from project.outbox.models import Message
from registrations.enums import Status, Verdict
from registrations.models import Invite
from tests.factories import NOW, make_person
from tests.registrations.support.inbox import LATER, as_ever, invite_of, kinds, outcome, outlook, post, status_of, tick

pytestmark = pytest.mark.django_db


ENCODED = [
    "{name}%2Btag%40{domain}",
    "%{first:x}{rest}%2btag@{domain}",
    "{name}+tag@{domain}?subject=No",
    "  {upper}+TAG%40{domain} ",
]


def as_written(form, address):
    name, _, domain = address.replace("+tag", "").partition("@")
    return form.format(name=name, domain=domain, first=ord(name[0]), rest=name[1:], upper=name.upper())


@pytest.fixture
def plussed(party):
    """The seat of somebody with a plus in the address, which some programs write as %2B."""
    _, seated, _ = party
    seated.attendee.email = seated.attendee.email.replace("@", "+tag@")
    seated.attendee.save()
    Invite.objects.filter(registration=seated).update(address=seated.attendee.email)
    return seated


@pytest.mark.parametrize("form", ENCODED)
@pytest.mark.parametrize("place", ["value", "EMAIL", "EMAIL as a URI"])
def test_an_address_in_an_answer_is_a_uri(plussed, form, place):
    address = as_written(form, plussed.attendee.email)
    if place == "value":
        said = {"attendee": address}
    else:
        scheme = "MAILTO:" if "URI" in place else ""
        said = {"attendee": "urn:uuid:some-account", "parameters": f';EMAIL="{scheme}{address}"'}

    row = post(outlook(invite_of(plussed), "DECLINED", **said))

    assert outcome(row) == (Verdict.APPLIED, "releasing")
    assert kinds() == ["reply-declined"]


def test_other_words_around_an_address_do_no_harm(plussed):
    """Who sent it on behalf of whom, and who invited, are URIs as well, in any letters."""
    address = as_written(ENCODED[0], plussed.attendee.email)
    delegate = ';SENT-BY="MAILTO:assistant%40example.org"'
    raw = outlook(
        invite_of(plussed), "DECLINED", attendee=address, parameters=delegate, organizer="samen%40example.org"
    )

    assert outcome(post(raw)) == (Verdict.APPLIED, "releasing")


@pytest.mark.parametrize(
    "address", ["b%C3%BCro@b%C3%BCcher.example", "b%fcro%40x.example", "%", "%zz@%", "%00@demo.example", "%F0%9F"]
)
def test_what_is_encoded_in_any_way_breaks_nothing(party, address):
    _, seated, waiting = party

    row = post(outlook(invite_of(seated), "ACCEPTED", attendee=address))

    assert outcome(row) == (Verdict.RECORDED, "foreign-attendee")
    as_ever(seated, waiting)


def test_letters_of_a_domain_count_in_each_way_of_writing_them(party):
    _, seated, _ = party
    Invite.objects.filter(registration=seated).update(address="ann@bücher.example")

    row = post(outlook(invite_of(seated), "DECLINED", attendee="ann%40b%C3%BCcher.example"))

    assert outcome(row) == (Verdict.APPLIED, "releasing")


def with_another_address(person, kind):
    if kind == "private":
        person.private_email = "own@home.example"
        person.save()
    if kind == "alias":
        EmailAddress.objects.create(user=person, email="Own@home.example")
    if kind == "former":
        Message.objects.create(
            kind="registration-confirmed", recipient=person, address="own@home.example", created_at=NOW, due_at=NOW
        )
    return "own%40home.example"


@pytest.mark.parametrize("kind", ["private", "alias", "former"])
def test_another_address_of_the_same_person_is_nobody_else(party, kind):
    _, seated, waiting = party
    address = with_another_address(seated.attendee, kind)

    yes = post(outlook(invite_of(seated), "ACCEPTED", attendee=address, stamp=1))
    no = post(outlook(invite_of(seated), "DECLINED", attendee=address, stamp=2))
    tick(LATER)

    assert [outcome(row) for row in (yes, no)] == [(Verdict.RECORDED, "answer"), (Verdict.APPLIED, "releasing")]
    assert [told for told in kinds() if told.startswith("reply-")] == [
        "reply-noted",
        "reply-declined",
        "reply-released",
    ]
    assert set(Message.objects.filter(kind__startswith="reply-").values_list("address", flat=True)) == {
        seated.attendee.email
    }
    assert status_of(waiting) == Status.CONFIRMED


def test_a_former_address_that_is_somebody_elses_by_now_is_somebody_else(party):
    _, seated, waiting = party
    address = with_another_address(seated.attendee, "former")
    make_person(email="own@home.example")

    row = post(outlook(invite_of(seated), "DECLINED", attendee=address))

    assert outcome(row) == (Verdict.ASKED, "foreign-attendee")
    as_ever(seated, waiting)
