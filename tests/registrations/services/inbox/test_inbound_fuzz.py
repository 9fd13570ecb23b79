"""Whatever comes in: no crash, no wrong seat, no mail to anybody but the registered address (specs/calendar.md 5.5)."""

from __future__ import annotations

import os
import re
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from project.outbox.models import Message
from registrations.enums import Action, Status, Verdict
from registrations.models import InboundMail, Invite, Registration, RegistrationLog
from registrations.services.attending import declines
from registrations.services.inbox import inbound
from registrations.services.seats.audit import audit_seats
from tests.factories import NOW, make_person, make_session
from tests.registrations.support.inbox import (
    PROGRAMS,
    calendar,
    delivery_report,
    entry,
    human,
    invite_of,
    mail,
    outlook,
    post,
)
from tests.registrations.support.races import sign_up

pytestmark = pytest.mark.django_db
EXAMPLES = 1000 if os.environ.get("TEST_DEEP") else 40  # of each of the five: 200 in all
FUZZ = settings(
    max_examples=EXAMPLES, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
ANSWERS = ["ACCEPTED", "TENTATIVE", "DECLINED", "DELEGATED", "NEEDS-ACTION", "declined", "", "X-NONSENSE"]
METHODS = ["REPLY", "REQUEST", "CANCEL", "COUNTER", "REFRESH", "PUBLISH", "", "reply"]
CHARSETS = ["utf-8", "us-ascii", "iso-8859-1", "utf-16", "utf-7", "shift_jis", "x-unknown", "", "punycode", "\x00"]
OUR_KINDS = re.compile(r"^(reply-|registration-|seat-open|offer-)")


@pytest.fixture
def people(settings):
    """Ann has the only seat, Bob waits; Cid has a seat elsewhere, with which nothing here has to do."""
    settings.INBOUND_FORWARD_TO = "office@example.org"
    session = make_session(capacity=1)
    ann, bob = (sign_up(session, make_person(name=name, email=f"{name}@example.org")) for name in ("ann", "bob"))
    cid = sign_up(make_session(), make_person(name="cid", email="cid@example.org"))
    Message.objects.all().delete()
    return ann, bob, cid


def forget(people):
    """Back to the beginning: fixtures stand for all examples, and a savepoint for each would hide what commits."""
    ann, bob, cid = people
    Message.objects.all().delete()
    InboundMail.objects.all().delete()
    RegistrationLog.objects.filter(action__in=[Action.CALENDAR_DECLINED, Action.CALENDAR_KEPT]).delete()
    Invite.objects.exclude(registration__in=[ann, cid]).delete()
    Invite.objects.update(
        answer="", answered_at=None, answered_sequence=None, answered_stamp=None, release_at=None, state="ACTIVE"
    )
    Registration.objects.exclude(pk__in=[ann.pk, bob.pk, cid.pk]).delete()
    for registration in people:
        Registration.objects.filter(pk=registration.pk).update(
            status=registration.status,
            cancelled_at=None,
            cancelled_by="",
            confirmed_at=registration.confirmed_at,
            source=registration.source,
        )


def is_well(people, rows, *, may_decline):
    """Every mail has a verdict; nobody's seat moved but Ann's by her own no; and mail went to Ann and to the contact
    alone.
    """
    ann, bob, cid = (Registration.objects.get(pk=registration.pk) for registration in people)
    assert all(row.verdict != Verdict.PENDING for row in rows)
    assert not [row for row in rows if row.reason == "unexpected"]
    assert (cid.status, invite_of(cid).answer, invite_of(cid).release_at) == (Status.CONFIRMED, "", None)
    assert (ann.status, bob.status) == (Status.CONFIRMED, Status.WAITLISTED)
    if not may_decline:
        assert invite_of(ann).release_at is None
    sent = Message.objects.all()
    assert {message.address for message in sent} <= {"ann@example.org", "office@example.org"}
    assert all(OUR_KINDS.match(message.kind) for message in sent)
    assert len(sent) <= 2 * len(rows)
    assert audit_seats(now=NOW) == {}


@pytest.mark.slow
@FUZZ
@given(data=st.data())
def test_a_mail_cut_anywhere_and_changed_anywhere(people, data):
    forget(people)
    ann = people[0]
    program = data.draw(st.sampled_from(sorted(PROGRAMS)))
    raw = bytearray(PROGRAMS[program](invite_of(ann), data.draw(st.sampled_from(ANSWERS))))
    for _ in range(data.draw(st.integers(0, 4))):
        at = data.draw(st.integers(0, 5000)) % len(raw)
        raw[at : at + data.draw(st.integers(0, 8))] = data.draw(st.binary(max_size=8))
    cut = bytes(raw[: data.draw(st.integers(0, 5000)) % len(raw)])

    rows = [post(cut), post(cut), post(bytes(raw))]

    is_well(people, rows, may_decline=True)


@pytest.mark.slow
@FUZZ
@given(
    method=st.sampled_from(METHODS),
    header=st.sampled_from(METHODS),
    answers=st.lists(
        st.tuples(
            st.sampled_from(["ann", "cid", "nobody"]),
            st.sampled_from(ANSWERS),
            st.sampled_from(["ann@example.org", "cid@example.org", "mallory@example.net", "", "\\", "ANN@EXAMPLE.ORG"]),
            st.one_of(st.none(), st.integers(-5, 2**70)),
            st.integers(-(10**5), 10**8),
            st.text(max_size=40),
        ),
        max_size=4,
    ),
    charset=st.sampled_from(CHARSETS),
    organizer=st.sampled_from(["", "mallory@example.net", "samen@example.org"]),
)
def test_forged_and_mixed_answers(people, method, header, answers, charset, organizer):
    """Cid's UID comes with Cid's address in none of them, unless Ann's is there as well: then there are two UIDs."""
    forget(people)
    ann, _, cid = people
    entries, uids = [], set()
    for whose, answer, attendee, sequence, stamp, comment in answers:
        invite = invite_of(cid if whose == "cid" else ann)
        if whose == "cid" and attendee == "cid@example.org":
            attendee = "mallory@example.net"  # noqa: PLW2901 - what Cid says themselves is no forgery
        uid = "9f9f9f9f-0000-4000-8000-000000000000" if whose == "nobody" else invite.uid
        uids.add(uid)
        said = {"attendee": attendee, "sequence": sequence, "comment": comment, "organizer": organizer}
        entries.append(entry(invite, answer, uid=uid, stamp=min(stamp, 10**7), **said))
    kind = {"Content-Type": f"text/calendar; method={header}; charset={charset}"}

    row = post(mail(kind, calendar(*entries, method=method), sender="mallory@example.net"))

    sent_to_cid = Message.objects.filter(address="cid@example.org")
    assert {message.kind for message in sent_to_cid} <= {"reply-foreign"}
    sent_to_cid.delete()
    is_well(people, [row], may_decline=invite_of(ann).uid in uids)


@pytest.mark.slow
@FUZZ
@given(raw=st.one_of(st.binary(max_size=400), st.text(max_size=400).map(lambda text: text.encode("utf-8", "replace"))))
def test_noise(people, raw):
    forget(people)

    is_well(people, [post(raw), post(b"Content-Type: text/calendar; method=REPLY\r\n\r\n" + raw)], may_decline=False)


@pytest.mark.slow
@FUZZ
@given(
    depth=st.integers(0, 30),
    kinds=st.lists(
        st.sampled_from(["mixed", "alternative", "report", "related", "digest", "x"]), min_size=1, max_size=4
    ),
    inner=st.sampled_from(["reply", "tnef", "rfc822", "dsn", "empty"]),
    headers=st.dictionaries(
        st.sampled_from(
            ["Auto-Submitted", "Return-Path", "In-Reply-To", "References", "Precedence", "Subject", "Reply-To"]
        ),
        st.text(alphabet=st.characters(blacklist_characters="\r\n\x00", blacklist_categories=["Cs"]), max_size=30),
        max_size=4,
    ),
)
def test_strange_mime(people, depth, kinds, inner, headers):
    forget(people)
    ann = people[0]
    body = {
        "reply": "Content-Type: text/calendar; method=REPLY\r\n\r\n" + calendar(entry(invite_of(ann), "ACCEPTED")),
        "tnef": "Content-Type: application/ms-tnef\r\nContent-Transfer-Encoding: base64\r\n\r\neJ8+IgAA=====",
        "rfc822": "Content-Type: message/rfc822\r\n\r\n" + outlook(invite_of(ann), "DECLINED").decode(),
        "dsn": delivery_report("<x@example.org>").decode(),
        "empty": "",
    }[inner]
    for level in range(depth):
        kind = kinds[level % len(kinds)]
        body = f'Content-Type: multipart/{kind}; boundary="b{level}"\r\n\r\n--b{level}\r\n{body}\r\n--b{level}--\r\n'
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())

    row = post(f"From: ann@example.org\r\n{head}{body}".encode())

    is_well(people, [row], may_decline=False)


@pytest.mark.slow
@FUZZ
@given(
    answers=st.lists(
        st.tuples(st.sampled_from(["ACCEPTED", "TENTATIVE", "DECLINED"]), st.integers(0, 3), st.integers(1, 5)),
        min_size=1,
        max_size=6,
    ),
    order=st.randoms(use_true_random=False),
)
def test_answers_in_any_order_and_twice_end_as_the_newest_says(people, answers, order):
    """Whatever the order and the repetitions, the newest by (SEQUENCE, DTSTAMP) decides (5.4.5)."""
    forget(people)
    ann = people[0]
    of_stamp = {stamp: answer for answer, _, stamp in answers}
    raws = [outlook(invite_of(ann), answer, stamp=stamp) for stamp, answer in of_stamp.items()]
    sent = [*raws, *raws]
    order.shuffle(sent)

    rows = [post(raw) for raw in sent]

    newest = of_stamp[max(of_stamp)]
    assert invite_of(ann).answer == newest
    if newest != "DECLINED":
        assert invite_of(ann).release_at is None
    is_well(people, rows, may_decline=newest == "DECLINED")


def test_two_houses_that_forward_to_each_other_end(people, settings):
    """Each answers the other with a mail that says it was sent by a machine, as ours do."""
    first = post(human(sender="office@example.net"))
    [message] = Message.objects.all()

    echo = post(human("You wrote", sender="office@example.net", Auto_Submitted="auto-generated"))

    assert [first.verdict, echo.verdict] == [Verdict.FORWARDED, Verdict.IGNORED]
    assert list(Message.objects.all()) == [message]


def test_many_replays_are_one_answer(people):
    ann = people[0]
    raw = outlook(invite_of(ann), "DECLINED")

    for number in range(100):
        inbound.take_in(raw=raw, recipient="x@example.org", envelope_from=None, now=NOW + timedelta(seconds=number))
    rows = [post(outlook(invite_of(ann), "DECLINED"), now=NOW + timedelta(seconds=number)) for number in range(20)]

    assert Message.objects.count() == 1
    assert [row.verdict for row in rows] == [Verdict.APPLIED] + [Verdict.IGNORED] * 19
    assert declines.seats_to_free(NOW + timedelta(minutes=15)) == [invite_of(ann).pk]
