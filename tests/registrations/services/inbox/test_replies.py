"""Every case of specs/calendar.md 5.5: after each, seats, waiting list, log and invitation are right."""

from __future__ import annotations

from datetime import timedelta

import pytest

from project.accounts.enums import RoleKind
from project.outbox.models import Message
from registrations.enums import Action, Answer, InviteState, Status, Verdict
from registrations.models import Invite
from registrations.services.calendar import host_invites
from registrations.services.inbox import replies
from registrations.services.organizing import schedule
from registrations.services.seats.audit import audit_seats
from tests.factories import NOW, give_role, make_person, make_session
from tests.registrations.support.inbox import (
    LATER,
    PROGRAMS,
    apple,
    as_ever,
    calendar,
    entry,
    gmail,
    invite_of,
    kinds,
    log_of,
    mail,
    outcome,
    outlook,
    post,
    status_of,
    tick,
)
from tests.registrations.support.races import sign_up

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_decline_of_any_program_gives_the_seat_back_after_a_while(party, program):
    _, seated, waiting = party

    row = post(PROGRAMS[program](invite_of(seated), "DECLINED"))

    invite = invite_of(seated)
    assert outcome(row) == (Verdict.APPLIED, "releasing")
    assert row.invite == invite
    assert (status_of(seated), invite.state, invite.release_at) == (Status.CONFIRMED, InviteState.ACTIVE, LATER)
    assert (invite.answer, invite.answered_at) == (Answer.DECLINED, NOW)
    assert kinds() == ["reply-declined"]

    tick(LATER)

    invite.refresh_from_db()
    assert (status_of(seated), status_of(waiting)) == (Status.CANCELLED, Status.CONFIRMED)
    assert (invite.state, invite.release_at, invite.sequence) == (InviteState.DECLINED, None, 0)
    assert log_of(seated) == [Action.CONFIRMED, Action.CALENDAR_DECLINED, Action.CALENDAR_DECLINED]
    assert log_of(waiting) == [Action.WAITLISTED, Action.PROMOTED]
    assert kinds() == ["reply-declined", "reply-released", "registration-promoted"]
    assert audit_seats(now=LATER) == {}


@pytest.mark.parametrize("program", PROGRAMS)
@pytest.mark.parametrize("answer", [Answer.ACCEPTED, Answer.TENTATIVE])
def test_a_yes_or_perhaps_of_any_program_is_noted_and_changes_nothing(party, program, answer):
    _, seated, waiting = party

    row = post(PROGRAMS[program](invite_of(seated), answer))

    assert outcome(row) == (Verdict.RECORDED, "answer")
    assert invite_of(seated).answer == answer
    assert kinds() == (["reply-noted"] if program == "apple" else [])
    as_ever(seated, waiting)


def test_a_decline_by_lower_case_words_counts(party):
    _, seated, _ = party

    row = post(outlook(invite_of(seated), "declined", attendee=seated.attendee.email.upper()))

    assert outcome(row) == (Verdict.APPLIED, "releasing")


def test_a_comment_is_quoted_to_the_person_and_told_to_the_organiser(party):
    _, seated, _ = party

    post(outlook(invite_of(seated), "DECLINED", comment="Ill\\, sorry\\nSee you"))

    assert seated.log.get(action=Action.CALENDAR_DECLINED).reason == "Ill, sorry See you"
    assert Message.objects.get().facts["comment"] == "Ill, sorry See you"


def test_no_sequence_at_all_is_the_first(party):
    _, seated, _ = party

    row = post(outlook(invite_of(seated), "DECLINED", sequence=None))

    assert outcome(row) == (Verdict.APPLIED, "releasing")


def test_half_a_character_in_a_comment_is_left_out(party):
    """UTF-7 can write one half of a pair, which no database takes."""
    _, seated, _ = party
    raw = outlook(invite_of(seated), "DECLINED", comment="Ill +2AA-today")

    row = post(raw.replace(b'charset="utf-8"; method', b'charset="utf-7"; method'))

    assert outcome(row) == (Verdict.APPLIED, "releasing")
    assert Message.objects.get(kind="reply-declined").facts["comment"] == "Ill today"


@pytest.fixture
def moved(party):
    """The session of the party, a day later; the reply still names the SEQUENCE of before."""
    session, seated, waiting = party
    day = timedelta(days=1)
    schedule.reschedule_session(
        session_key=session.key, starts_at=session.starts_at + day, ends_at=session.ends_at + day, now=NOW
    )
    Message.objects.all().delete()
    return seated, waiting


def test_the_same_no_to_a_former_time_is_a_duplicate_and_another_answer_is_not(moved):
    seated, waiting = moved

    rows = [post(outlook(invite_of(seated), answer, sequence=0)) for answer in ("DECLINED", "DECLINED", "ACCEPTED")]

    assert [outcome(row)[1] for row in rows] == ["stale", "duplicate", "stale"]
    as_ever(seated, waiting)


def test_a_decline_of_the_former_time_asks_and_keeps_the_seat(moved):
    seated, waiting = moved

    row = post(outlook(invite_of(seated), "DECLINED", sequence=0))

    assert outcome(row) == (Verdict.ASKED, "stale")
    assert kinds() == ["reply-stale"]
    assert invite_of(seated).answer == ""
    as_ever(seated, waiting)


def test_many_declines_of_the_former_time_are_asked_about_once_a_day(moved):
    seated, waiting = moved

    rows = [post(outlook(invite_of(seated), "DECLINED", sequence=0, stamp=stamp)) for stamp in range(1, 6)]

    assert [outcome(row) for row in rows] == [(Verdict.ASKED, "stale")] + [(Verdict.RECORDED, "stale")] * 4
    assert kinds() == ["reply-stale"]
    as_ever(seated, waiting)


def test_a_yes_to_the_former_time_is_history(moved):
    seated, waiting = moved

    row = post(gmail(invite_of(seated), "ACCEPTED", sequence=0))

    assert outcome(row) == (Verdict.RECORDED, "stale")
    assert (invite_of(seated).answer, kinds()) == ("", [])
    as_ever(seated, waiting)


def test_a_decline_of_the_new_time_counts(moved):
    seated, _ = moved

    row = post(outlook(invite_of(seated), "DECLINED", sequence=1))

    assert outcome(row) == (Verdict.APPLIED, "releasing")


def test_a_uid_we_do_not_know_is_dropped_without_a_word(party):
    _, seated, waiting = party
    unknown = "5a5a5a5a-0000-4000-8000-000000000000"

    rows = [post(outlook(invite_of(seated), "DECLINED", uid=uid)) for uid in (unknown, "not a uuid", "")]

    assert {outcome(row) for row in rows} == {(Verdict.IGNORED, "unknown-uid")}
    assert kinds() == []
    as_ever(seated, waiting)


def test_a_no_of_another_attendee_is_told_once_and_changes_nothing(party):
    _, seated, waiting = party

    rows = [
        post(outlook(invite_of(seated), "DECLINED", attendee="stranger@example.org", stamp=stamp)) for stamp in (1, 2)
    ]

    assert [outcome(row) for row in rows] == [
        (Verdict.ASKED, "foreign-attendee"),
        (Verdict.RECORDED, "foreign-attendee"),
    ]
    assert kinds() == ["reply-foreign"]
    assert Message.objects.get().address == seated.attendee.email
    as_ever(seated, waiting)


def test_a_yes_of_another_attendee_is_only_stored(party):
    _, seated, waiting = party

    row = post(outlook(invite_of(seated), "ACCEPTED", attendee="stranger@example.org"))

    assert outcome(row) == (Verdict.RECORDED, "foreign-attendee")
    assert kinds() == []
    as_ever(seated, waiting)


def test_the_email_parameter_names_the_attendee_too(party):
    _, seated, _ = party
    named = f";EMAIL={seated.attendee.email}"

    row = post(outlook(invite_of(seated), "DECLINED", attendee="urn:uuid:some-account", parameters=named))

    assert outcome(row) == (Verdict.APPLIED, "releasing")


def test_a_forged_organizer_neither_helps_nor_harms(party):
    _, seated, _ = party

    row = post(outlook(invite_of(seated), "DECLINED", organizer="attacker@example.net"))

    assert outcome(row) == (Verdict.APPLIED, "releasing")


def two_entries(*entries, sender):
    kind = {"Content-Type": "text/calendar; method=REPLY; charset=utf-8"}
    return mail(kind, calendar(*entries), sender=sender)


def test_two_entries_of_two_seats_change_nothing(party):
    _, seated, waiting = party
    other = sign_up(make_session(), seated.attendee)
    raw = two_entries(
        entry(invite_of(seated), "DECLINED"), entry(invite_of(other), "DECLINED"), sender=seated.attendee.email
    )

    row = post(raw)

    assert outcome(row) == (Verdict.IGNORED, "several-uids")
    assert status_of(other) == Status.CONFIRMED
    as_ever(seated, waiting)


def test_an_entry_that_is_not_ours_beside_one_that_is_does_no_harm(party):
    _, seated, _ = party
    raw = two_entries(
        entry(invite_of(seated), "DECLINED", uid="somebody-elses@example.net"),
        entry(invite_of(seated), "DECLINED"),
        sender=seated.attendee.email,
    )

    assert outcome(post(raw)) == (Verdict.APPLIED, "releasing")


def test_sending_somebody_else_changes_nothing(party, settings):
    _, seated, waiting = party
    settings.INBOUND_FORWARD_TO = "office@example.org"

    row = post(outlook(invite_of(seated), "DELEGATED"))

    assert outcome(row) == (Verdict.RECORDED, "delegated")
    assert kinds() == ["reply-delegated"]
    as_ever(seated, waiting)


def test_an_answer_that_is_none_is_ignored(party):
    _, seated, waiting = party

    row = post(outlook(invite_of(seated), "NEEDS-ACTION"))

    assert outcome(row) == (Verdict.IGNORED, "no-answer")
    as_ever(seated, waiting)


def with_method(invite, method, partstat="TENTATIVE", **said):
    kind = {"Content-Type": f"text/calendar; method={method}; charset=utf-8"}
    return mail(kind, calendar(entry(invite, partstat, **said), method=method), sender=invite.address)


def test_another_time_that_is_proposed_gets_a_kind_answer_once_a_day(party):
    _, seated, waiting = party

    rows = [post(with_method(invite_of(seated), "COUNTER", stamp=stamp)) for stamp in (1, 2)]

    assert [row.verdict for row in rows] == [Verdict.ASKED, Verdict.RECORDED]
    assert kinds() == ["reply-counter"]
    as_ever(seated, waiting)


def test_a_calendar_that_lost_the_entry_gets_it_again(party):
    _, seated, waiting = party
    before = invite_of(seated)

    row = post(with_method(before, "REFRESH"), now=NOW + timedelta(hours=2))
    again = post(with_method(before, "REFRESH", stamp=2), now=NOW + timedelta(hours=2, minutes=5))

    message = Message.objects.get()
    assert [outcome(row), outcome(again)] == [(Verdict.APPLIED, "refresh"), (Verdict.IGNORED, "refresh")]
    assert (message.kind, message.address) == ("registration-confirmed", seated.attendee.email)
    assert invite_of(seated).sequence == before.sequence
    assert invite_of(seated).stamped_at > before.stamped_at
    as_ever(seated, waiting)


@pytest.mark.parametrize("method", ["REQUEST", "CANCEL", "PUBLISH", "ADD", "DECLINECOUNTER", "NONSENSE"])
def test_methods_that_are_no_answers_are_ignored(party, method):
    _, seated, waiting = party

    row = post(with_method(invite_of(seated), method, "DECLINED"))

    assert outcome(row) == (Verdict.IGNORED, "other-method")
    assert kinds() == []
    as_ever(seated, waiting)


def judged(result):
    return {"headers": {"Authentication-Results": f"mx.example.org; {result}"}}


def test_a_proven_forgery_asks_the_registered_address(party, settings):
    _, seated, waiting = party
    settings.AUTHSERV_ID = "mx.example.org"
    forged = judged("dmarc=fail (p=reject dis=none) header.from=demo.example")

    row = post(outlook(invite_of(seated), "DECLINED", **forged))

    assert outcome(row) == (Verdict.ASKED, "sender-refused")
    assert kinds() == ["reply-unverified"]
    as_ever(seated, waiting)


def test_a_house_that_asks_for_proof_takes_over_only_what_is_proven(party, settings):
    _, seated, _ = party
    settings.AUTHSERV_ID, settings.REPLY_REQUIRE_DMARC = "mx.example.org", True
    proof = judged("dmarc=pass header.from=demo.example")

    unproven = post(outlook(invite_of(seated), "DECLINED", stamp=1))
    proven = post(outlook(invite_of(seated), "DECLINED", stamp=2, **proof))

    assert outcome(unproven) == (Verdict.ASKED, "sender-refused")
    assert outcome(proven) == (Verdict.APPLIED, "releasing")


def test_a_verified_sender_who_is_somebody_else_still_counts_as_the_uid_is_secret(party, settings):
    _, seated, _ = party
    settings.AUTHSERV_ID = "mx.example.org"
    proof = judged("dmarc=pass header.from=icloud.example")

    row = post(outlook(invite_of(seated), "DECLINED", sender="other@icloud.example", **proof))

    assert outcome(row) == (Verdict.APPLIED, "releasing")
    assert Message.objects.get().address == seated.attendee.email


@pytest.fixture
def led(settings):
    """A date with somebody who leads it and has it in the calendar."""
    settings.INBOUND_FORWARD_TO = "office@example.org"
    session = make_session()
    give_role(make_person(), RoleKind.HOST, session=session)
    host_invites.invite_hosts(event_id=session.event_id, now=NOW)
    Message.objects.all().delete()
    return Invite.objects.get(hosted=session)


@pytest.mark.parametrize(("answer", "told"), [("ACCEPTED", []), ("DECLINED", ["reply-forwarded"])])
def test_the_answer_of_a_host_is_noted_and_a_no_is_for_people(led, answer, told):
    row = post(outlook(led, answer))

    led.refresh_from_db()
    assert outcome(row) == (Verdict.RECORDED, "host")
    assert (led.answer, led.release_at, led.state) == (answer, None, InviteState.ACTIVE)
    assert kinds() == told


@pytest.mark.parametrize("method", ["COUNTER", "REFRESH"])
def test_what_a_machine_or_a_host_proposes_gets_no_answer(party, led, method):
    _, seated, waiting = party
    Message.objects.all().delete()
    by_machine = with_method(invite_of(seated), method).replace(
        b"MIME-Version", b"Auto-Submitted: yes\r\nMIME-Version", 1
    )

    rows = [post(by_machine), post(with_method(led, method))]

    assert {row.verdict for row in rows} == {Verdict.IGNORED}
    assert kinds() == []
    as_ever(seated, waiting)


def test_an_invitation_that_is_gone_by_the_time_of_the_lock_is_unknown(party, monkeypatch):
    _, seated, _ = party
    monkeypatch.setattr(replies, "_known", lambda entries: [(0, entries[0])])

    assert outcome(post(outlook(invite_of(seated), "DECLINED"))) == (Verdict.IGNORED, "unknown-uid")


def test_many_answers_from_elsewhere_are_told_once_a_day(party):
    _, seated, _ = party

    for stamp in range(1, 4):
        post(apple(invite_of(seated), "ACCEPTED", stamp=stamp))

    assert kinds() == ["reply-noted"]
