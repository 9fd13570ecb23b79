from __future__ import annotations

from datetime import timedelta

import pytest

from project.accounts.models import User
from project.outbox.models import Message
from project.outbox.services.bundles import kind_of
from registrations.enums import Status
from registrations.models import Registration
from registrations.services.attending import booking, colleagues, offers
from registrations.services.refusals import UnableToRegister
from registrations.services.seats import waitlist
from registrations.services.seats.audit import audit_seats
from tests.factories import NOW, make_event, make_people, make_person, make_session, make_unit
from tests.registrations.support.seats.offered import everything, take

pytestmark = pytest.mark.django_db

ADDRESS = "new.colleague@demo.example"
TO_ANSWER = timedelta(hours=48)  # 24 working hours from Monday at 10:00


@pytest.fixture
def seat():
    """Of somebody who would like to ask others along, where there is room."""
    return take(make_session(capacity=6), make_person())


def invite(seat, address=ADDRESS, now=NOW):
    colleagues.invite(session_key=seat.session.key, address=address, inviter=seat.attendee, now=now)


def invited(address=ADDRESS):
    return Registration.objects.select_related("attendee").get(attendee__email=address)


def test_invite_holds_a_seat_for_24_working_hours_and_asks_the_colleague(seat):
    invite(seat)

    claim = invited()
    assert (claim.status, claim.source, claim.offer_expires_at) == (Status.OFFERED, "COLLEAGUE", NOW + TO_ANSWER)
    assert claim.invited_by == seat.attendee
    assert claim.log.get().action == "OFFERED"
    mail = Message.objects.get(recipient=claim.attendee)
    assert (mail.kind, mail.facts["inviter"]) == ("colleague-invited", seat.attendee.name)
    assert colleagues.open_invitations(inviter=seat.attendee, now=NOW).count() == 1
    assert audit_seats(now=NOW) == {}


def test_invite_twice_is_once(seat):
    invite(seat)
    before, mails = everything(), Message.objects.count()

    invite(seat, address=f" {ADDRESS.upper()} ")

    assert everything() == before
    assert Message.objects.count() == mails


def test_invite_of_somebody_with_a_seat_holds_one_for_nobody_and_says_there_is_nothing_to_answer(seat):
    other = make_person()
    claim = take(seat.session, other)
    Message.objects.all().delete()

    invite(seat, address=other.email)
    invite(seat, address=other.email, now=NOW + timedelta(hours=1))

    held = Registration.objects.select_related("attendee").get(status=Status.OFFERED)
    assert held.attendee.is_stand_in
    assert not held.attendee.is_active
    assert colleagues.open_invitations(inviter=seat.attendee, now=NOW).count() == 1
    mail = Message.objects.get()
    assert (mail.kind, mail.recipient, mail.subject_id) == ("colleague-comes-already", other, claim.key)
    letter = kind_of(mail).render(mail, NOW)
    assert letter
    assert "nothing to answer" in letter.text
    assert audit_seats(now=NOW) == {}


def test_a_stand_in_is_gone_when_its_time_is_over(seat):
    other = make_person()
    take(seat.session, other)
    invite(seat, address=other.email)
    people = User.objects.filter(email__endswith="stand-in.invalid")
    assert people.count() == 1

    waitlist.settle_event(event_id=seat.session.event_id, now=NOW + TO_ANSWER)

    assert not people.exists()
    assert not Registration.objects.filter(status=Status.OFFERED).exists()


def test_somebody_with_a_seat_is_told_once_however_often_they_are_asked(seat):
    other = make_person()
    take(seat.session, other)
    invite(seat, address=other.email)
    waitlist.settle_event(event_id=seat.session.event_id, now=NOW + TO_ANSWER)

    invite(seat, address=other.email, now=NOW + TO_ANSWER)

    assert Message.objects.filter(kind="colleague-comes-already").count() == 1


def test_somebody_who_does_not_use_the_house_any_more_gets_no_mail(seat):
    make_person(email=ADDRESS, is_active=False)

    invite(seat)

    mail = Message.objects.latest("pk")
    assert mail.recipient
    assert mail.recipient.is_stand_in
    assert kind_of(mail).render(mail, NOW) is None


def test_an_invitation_of_a_member_takes_no_seat_of_a_hold_before_they_say_yes():
    held = {"held_seats": 2, "held_audiences": ("STUDENT",), "held_until": NOW + TO_ANSWER}
    seat = take(make_session(capacity=4, **held), make_person())
    make_person(email=ADDRESS, audience="STUDENT")
    waiting = make_person()

    invite(seat)
    wish = take(seat.session, waiting)
    assert wish.status == Status.WAITLISTED
    offers.accept_offer(registration_key=invited().key, actor=invited().attendee, now=NOW)

    wish.refresh_from_db()
    assert wish.status == Status.CONFIRMED
    assert audit_seats(now=NOW) == {}


@pytest.mark.parametrize("address", ["ann@demo.example", " ANN@demo.example ", "ann@home.example"])
def test_invite_of_oneself_is_refused(address):
    ann = make_person(email="ann@demo.example", private_email="ann@home.example")
    seat = take(make_session(), ann)
    before = everything()

    with pytest.raises(UnableToRegister, match="yourself"):
        invite(seat, address=address)

    assert everything() == before


def test_a_colleague_who_never_answers_is_forgotten(seat):
    invite(seat)

    waitlist.settle_event(event_id=seat.session.event_id, now=NOW + TO_ANSWER)

    assert not User.objects.filter(email=ADDRESS).exists()
    assert Registration.objects.count() == 1
    assert not colleagues.open_invitations(inviter=seat.attendee, now=NOW + TO_ANSWER).exists()
    assert audit_seats(now=NOW + TO_ANSWER) == {}


def test_a_colleague_who_declines_is_forgotten(seat):
    invite(seat)
    claim = invited()

    offers.decline_offer(registration_key=claim.key, actor=claim.attendee, now=NOW)

    assert not User.objects.filter(email=ADDRESS).exists()
    assert audit_seats(now=NOW) == {}


def test_a_known_colleague_who_never_answers_stays(seat):
    known = make_person(email=ADDRESS)
    invite(seat)

    waitlist.settle_event(event_id=seat.session.event_id, now=NOW + TO_ANSWER)

    claim = Registration.objects.get(attendee=known)
    assert (claim.status, claim.log.latest("pk").action) == (Status.CANCELLED, "EXPIRED")


def test_a_colleague_who_came_elsewhere_meanwhile_stays(seat):
    invite(seat)
    person = invited().attendee
    person.name, person.audience, person.unit = "Now Known", "STAFF", make_unit()
    person.save()
    take(make_session(), person)

    waitlist.settle_event(event_id=seat.session.event_id, now=NOW + TO_ANSWER)

    assert User.objects.filter(email=ADDRESS).exists()


def test_a_colleague_who_has_not_told_a_name_accepts(seat):
    invite(seat)

    accepted = offers.accept_offer(registration_key=invited().key, actor=invited().attendee, now=NOW)

    assert (accepted.status, accepted.attendee.name) == (Status.CONFIRMED, "")


def test_accept_by_a_colleague_whose_group_matters_and_is_not_known_is_refused():
    seat = take(make_session(capacity=6, audiences=("STAFF",)), make_person())
    invite(seat)
    claim, before = invited(), everything()

    with pytest.raises(UnableToRegister, match="not-introduced"):
        offers.accept_offer(registration_key=claim.key, actor=claim.attendee, now=NOW)

    assert everything() == before


def test_accept_by_a_colleague_whom_it_is_not_for_is_refused():
    seat = take(make_session(audiences=("STAFF",)), make_person())
    make_person(email=ADDRESS, audience="STUDENT")
    invite(seat)
    claim, before = invited(), everything()

    with pytest.raises(UnableToRegister, match="not-eligible"):
        offers.accept_offer(registration_key=claim.key, actor=claim.attendee, now=NOW)

    assert everything() == before


def test_accept_by_a_colleague_gives_a_seat(seat):
    make_person(email=ADDRESS)
    invite(seat)
    claim = invited()

    offers.accept_offer(registration_key=claim.key, actor=claim.attendee, now=NOW)

    assert invited().status == Status.CONFIRMED
    assert audit_seats(now=NOW) == {}


def test_a_seat_nobody_answered_for_goes_to_somebody_who_waits():
    session = make_session(capacity=2)
    seat = take(session, make_person())
    invite(seat)
    waiting = take(session, make_person())

    waitlist.settle_event(event_id=session.event_id, now=NOW + TO_ANSWER)

    waiting.refresh_from_db()
    assert waiting.status == Status.CONFIRMED


def refused(code, seat, now=NOW):
    before, people = everything(), User.objects.count()
    with pytest.raises(UnableToRegister) as refusal:
        invite(seat, now=now)
    assert refusal.value.code == code
    assert everything() == before
    assert User.objects.count() == people


def test_invite_without_an_own_seat_is_refused(seat):
    booking.cancel(registration_key=seat.key, actor=seat.attendee, now=NOW)

    refused("no-seat-yourself", seat)


def test_invite_where_somebody_waits_is_refused():
    session = make_session(capacity=1)
    seat = take(session, make_person())
    take(session, make_person())

    refused("someone-waits", seat)


def test_invite_to_a_full_session_is_refused():
    refused("full", take(make_session(capacity=1), make_person()))


def test_invite_to_seats_that_are_held_for_a_group_is_refused():
    held = {"held_seats": 1, "held_audiences": ("STUDENT",), "held_until": NOW + TO_ANSWER}

    refused("full", take(make_session(**held), make_person()))


@pytest.mark.parametrize("overrides", [{"is_discreet": True}, {"is_discreet": True, "seat_scope": "SESSION"}])
def test_invite_to_a_discreet_session_is_refused(overrides):
    refused("discreet", take(make_session(event=make_event(**overrides)), make_person()))


@pytest.mark.parametrize(("minutes", "code"), [(0, "too-late"), (-1, "too-late")])
def test_invite_within_twenty_eight_hours_is_refused(seat, minutes, code):
    refused(code, seat, now=seat.session.starts_at - timedelta(hours=28) - timedelta(minutes=minutes))


def test_invite_just_before_the_last_call_is_possible(seat):
    invite(seat, now=seat.session.starts_at - timedelta(hours=28, minutes=1))

    assert invited().status == Status.OFFERED


def test_a_fourth_open_invitation_is_refused_until_one_is_answered(seat):
    for person in make_people(3):
        invite(seat, address=person.email)
    refused("too-many", seat)
    first = Registration.objects.filter(status=Status.OFFERED).earliest("pk")

    offers.decline_offer(registration_key=first.key, actor=first.attendee, now=NOW)
    invite(seat)

    assert invited().status == Status.OFFERED


@pytest.mark.parametrize(
    ("change", "code"),
    [({"closes_at": NOW}, "closed"), ({"starts_at": NOW}, "started"), ({"status": "CANCELLED"}, "cancelled")],
)
def test_invite_to_a_closed_session_is_refused(seat, change, code):
    type(seat.session).objects.filter(pk=seat.session.pk).update(**change)

    refused(code, seat)


def test_a_colleague_who_said_no_is_not_asked_again_by_the_same_person(seat):
    known = make_person()
    invite(seat, address=known.email)
    offers.decline_offer(registration_key=invited(known.email).key, actor=known, now=NOW)
    mails = Message.objects.filter(recipient=known).count()

    invite(seat, address=known.email)

    assert Message.objects.filter(recipient=known).count() == mails
    assert invited(known.email).status == Status.CANCELLED
    assert Registration.objects.get(status=Status.OFFERED).attendee.is_stand_in


def withdraw(seat, claim, now=NOW):
    colleagues.withdraw(registration_key=claim.key, inviter=seat.attendee, now=now)


@pytest.mark.parametrize("name", ["Demo Known", ""])
def test_withdraw_frees_the_seat_for_somebody_who_waits_and_tells_the_colleague(name):
    session = make_session(capacity=2)
    seat, known = take(session, make_person()), make_person(email=ADDRESS, name=name)
    invite(seat)
    Message.objects.update(status="SENT")
    waiting = take(session, make_person())

    withdraw(seat, invited())
    withdraw(seat, invited())

    waiting.refresh_from_db()
    claim = invited()
    assert (claim.status, claim.cancelled_by, claim.invited_address) == (Status.CANCELLED, "HOUSE", "")
    assert claim.log.latest("pk").action == "WITHDRAWN"
    assert waiting.status == Status.CONFIRMED
    mail = Message.objects.get(kind="invitation-withdrawn")
    assert (mail.recipient, mail.facts["inviter"]) == (known, seat.attendee.name)
    assert audit_seats(now=NOW) == {}


def test_withdraw_before_the_mail_has_left_sends_none(seat):
    make_person(email=ADDRESS)
    invite(seat)

    withdraw(seat, invited())

    assert not Message.objects.filter(kind="invitation-withdrawn").exists()
    assert Message.objects.get(kind="colleague-invited").status == "DROPPED"


@pytest.mark.parametrize("answer", [offers.accept_offer, offers.decline_offer])
def test_withdraw_of_what_was_answered_is_refused(seat, answer):
    known = make_person(email=ADDRESS)
    invite(seat)
    answer(registration_key=invited().key, actor=known, now=NOW)
    before = everything()

    with pytest.raises(UnableToRegister, match="invitation-over"):
        withdraw(seat, invited())

    assert everything() == before


def test_withdraw_by_somebody_else_is_refused(seat):
    invite(seat)

    with pytest.raises(UnableToRegister, match="invitation-over"):
        colleagues.withdraw(registration_key=invited().key, inviter=make_person(), now=NOW)

    assert invited().is_offered


def test_accept_after_withdrawal_is_refused(seat):
    known = make_person(email=ADDRESS)
    invite(seat)
    withdraw(seat, invited())

    with pytest.raises(UnableToRegister, match="expired"):
        offers.accept_offer(registration_key=invited().key, actor=known, now=NOW)


def test_withdrawn_invitations_count_for_a_day(seat):
    for number in range(3):
        invite(seat, address=f"colleague{number}@demo.example")
        withdraw(seat, invited(f"colleague{number}@demo.example"))

    refused("too-many", seat)
    invite(seat, now=NOW + timedelta(days=1))

    assert invited().is_offered


def test_strangers_of_withdrawn_invitations_are_forgotten_a_day_later(seat):
    known = make_person()
    for address in (ADDRESS, known.email):
        invite(seat, address=address)
        withdraw(seat, invited(address))

    colleagues.forget_withdrawn(now=NOW + timedelta(hours=23))
    assert User.objects.filter(email=ADDRESS).exists()
    for _ in range(2):
        colleagues.forget_withdrawn(now=NOW + timedelta(days=1))

    assert not User.objects.filter(email=ADDRESS).exists()
    assert invited(known.email).status == Status.CANCELLED


def test_the_typed_address_is_kept_only_while_the_invitation_is_open(seat):
    for ended in (offers.accept_offer, offers.decline_offer):
        known = make_person()
        invite(seat, address=known.email)
        assert invited(known.email).invited_address == known.email

        ended(registration_key=invited(known.email).key, actor=known, now=NOW)

        assert invited(known.email).invited_address == ""
