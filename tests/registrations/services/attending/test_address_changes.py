"""Another address to sign in with, and a private one for discreet sessions (specs/calendar.md 3.9,
specs/privacy.md 3).
"""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from project.accounts.enums import AddressPurpose, Audience, AudienceSource, RoleKind
from project.accounts.models import PendingAddress, User
from project.accounts.services import people
from project.outbox.enums import MessageStatus
from project.outbox.models import Message
from project.outbox.services import delivery
from project.outbox.services.messages import draft
from registrations.enums import Answer, InviteState
from registrations.models import AccessLink, Invite
from registrations.services.attending import address_changes, booking, declines
from registrations.services.attending.address_changes import LINK_LASTS, MAX_PER_HOUR, UnableToUseAddress
from registrations.services.organizing import capacity, schedule
from registrations.tasks import forget_unconfirmed_addresses, move_entries
from tests.factories import NOW, give_role, make_event, make_organizer, make_person, make_session
from tests.registrations.support.inbox import invite_of, outlook, post, tick
from tests.registrations.support.mails import make_secret_session
from tests.registrations.support.races import at_once
from tests.registrations.support.screens import fill

pytestmark = pytest.mark.django_db

ACCOUNT, DISCREET = AddressPurpose.ACCOUNT, AddressPurpose.DISCREET
NEW = "new@demo.example"
LATER = NOW + timedelta(hours=1)


def ask(person, address=NEW, purpose=ACCOUNT, now=NOW):
    return address_changes.request_change(person=person, purpose=purpose, address=address, now=now)


def confirm(person, pending, now=LATER):
    return address_changes.confirm(key=str(pending.key), person=person, now=now)


def sit_down(person, **overrides):
    return booking.sign_up(session_key=make_session(**overrides).key, attendee=person, now=NOW)


def mails(after=0):
    return list(Message.objects.order_by("pk").values_list("kind", "address")[after:])


def people_now():
    return list(User.objects.order_by("pk").values()), list(Invite.objects.order_by("pk").values())


def test_ask_mails_a_link_and_changes_nothing():
    person = make_person()
    before = people_now()

    pending = ask(person, " New@Demo.Example ")

    assert mails() == [("address-confirm", NEW)]
    assert Message.objects.get().subject_id == pending.key
    assert people_now() == before


def test_ask_for_an_address_of_somebody_else_looks_the_same_and_is_told_to_them():
    person, other = make_person(), make_person(email=NEW)
    sit_down(other)

    pending = ask(person)

    assert pending.address == NEW
    assert mails(1) == [("address-taken", NEW)]
    assert Message.objects.get(kind="address-taken").recipient == other


def test_ask_for_an_address_that_only_tried_to_sign_in_is_no_obstacle():
    person = make_person()
    people.admit(address=NEW, language="en", now=NOW)

    confirm(person, ask(person))

    assert User.objects.get(email=NEW) == person


@pytest.mark.parametrize(
    ("purpose", "address", "code"),
    [
        (ACCOUNT, "me@demo.example", "same"),
        (ACCOUNT, "me@home.example", "not-a-member"),
        (DISCREET, "me@demo.example", "same"),
    ],
)
def test_ask_is_refused(purpose, address, code):
    person = make_person(email="me@demo.example")

    with pytest.raises(UnableToUseAddress) as refusal:
        ask(person, address, purpose)

    assert refusal.value.code == code
    assert str(refusal.value.text)
    assert (mails(), PendingAddress.objects.count()) == ([], 0)


def test_ask_is_refused_after_many_in_an_hour():
    person = make_person()
    for number in range(MAX_PER_HOUR):
        ask(person, f"n{number}@demo.example")

    with pytest.raises(UnableToUseAddress) as refusal:
        ask(person)

    assert refusal.value.code == "too-many"
    assert ask(person, now=LATER + timedelta(seconds=1)).address == NEW


def test_what_nobody_confirmed_is_forgotten_after_a_day():
    person = make_person()
    ask(person, now=NOW - LINK_LASTS)
    kept = ask(person)

    with time_machine.travel(NOW, tick=False):
        forget_unconfirmed_addresses()

    assert list(PendingAddress.objects.all()) == [kept]


def test_confirm_of_a_private_address_stores_it_and_nothing_else():
    person = make_person()
    seat = sit_down(person)

    confirm(person, ask(person, "me@home.example", DISCREET))

    person.refresh_from_db()
    assert (person.private_email, person.email) == ("me@home.example", seat.attendee.email)
    assert Invite.objects.get().state == InviteState.ACTIVE
    assert not PendingAddress.objects.exists()


def test_a_private_address_gets_the_mails_of_discreet_sessions_only():
    person = make_person(private_email="me@home.example")
    booking.sign_up(session_key=make_secret_session().key, attendee=person, now=NOW)
    sit_down(person)

    assert mails() == [("registration-confirmed", "me@home.example"), ("registration-confirmed", person.email)]


def test_confirm_moves_each_calendar_entry_to_the_new_address():
    """specs/calendar.md 3.9: CANCEL of the old UID to the old address, then a REQUEST with a new UID to the new one."""
    person = make_person(email="old@demo.example")
    seats = [sit_down(person), sit_down(person)]
    old = {invite.registration_id: invite for invite in Invite.objects.all()}
    sent = len(mails())

    confirm(person, ask(person))

    moved = [("appointment-left", "old@demo.example"), ("appointment-here", NEW)]
    assert mails(sent) == [
        ("address-confirm", NEW),
        ("address-confirmed", NEW),
        ("address-changed", "old@demo.example"),
        *moved,
        *moved,
    ]
    for seat in seats:
        before, after = Invite.objects.filter(registration=seat).order_by("pk")
        assert (before.uid, before.state, before.sequence) == (old[seat.pk].uid, InviteState.CANCELLED, 1)
        assert (after.state, after.sequence, after.address) == (InviteState.ACTIVE, 0, NEW)
        assert after.uid != before.uid
        left, here = Message.objects.filter(subject_id=seat.key).order_by("pk")[1:]
        assert (left.thread, left.facts["invite"]["sequence"]) == (before.uid, 1)
        assert (here.thread, here.facts["invite"]["sequence"]) == (after.uid, 0)


def test_confirm_twice_is_once():
    person = make_person()
    sit_down(person)
    pending = ask(person)
    confirm(person, pending)
    after = (people_now(), mails())

    with pytest.raises(UnableToUseAddress) as refusal:
        confirm(person, pending)
    address_changes.move_entries(person_id=person.pk, now=LATER)

    assert refusal.value.code == "over"
    assert (people_now(), mails()) == after


@pytest.mark.parametrize("whose", ["late", "foreign", "other"])
def test_confirm_is_refused(whose):
    person, stranger = make_person(), make_person()
    pending = ask(person)
    before = people_now()
    reader, now = (stranger, LATER) if whose == "foreign" else (person, NOW + LINK_LASTS if whose == "late" else LATER)
    key = "1b4e28ba-2fa1-11d2-883f-0016d3cca427" if whose == "other" else str(pending.key)

    with pytest.raises(UnableToUseAddress) as refusal:
        address_changes.confirm(key=key, person=reader, now=now)

    assert refusal.value.code == "over"
    assert people_now() == before


def test_confirm_of_an_address_that_was_taken_meanwhile_is_refused():
    person = make_person()
    pending = ask(person)
    sit_down(make_person(email=NEW))
    before = people_now()

    with pytest.raises(UnableToUseAddress) as refusal:
        confirm(person, pending)

    assert refusal.value.code == "taken"
    assert people_now() == before


def test_confirm_sends_no_cancel_to_an_address_from_which_mail_came_back():
    person = make_person(email="old@demo.example", bounced_at=NOW)
    sit_down(person)
    Message.objects.update(bounced_at=NOW)
    sent = len(mails())

    confirm(person, ask(person))

    person.refresh_from_db()
    assert mails(sent) == [("address-confirm", NEW), ("address-confirmed", NEW), ("appointment-here", NEW)]
    assert person.bounced_at is None


def test_confirm_tells_people_who_wait_nothing():
    session = make_session(capacity=1)
    fill(session, 1)
    person = make_person()
    booking.sign_up(session_key=session.key, attendee=person, now=NOW)
    sent = len(mails())

    confirm(person, ask(person))

    assert [kind for kind, _ in mails(sent)] == ["address-confirm", "address-confirmed", "address-changed"]


def test_confirm_leaves_what_is_over_and_what_was_declined_alone():
    person = make_person()
    over, declined = sit_down(person), sit_down(person, event=make_event())
    over.session.starts_at, over.session.ends_at = NOW - timedelta(hours=3), NOW
    over.session.save()
    Invite.objects.filter(registration=declined).update(answer=Answer.DECLINED, release_at=LATER)

    confirm(person, ask(person))

    assert not Message.objects.filter(kind__in=["appointment-left", "appointment-here"]).exists()


def test_confirm_mails_no_invitation_to_somebody_who_wants_none():
    person = make_person(calendar_preference="FEED")
    seat = sit_down(person)

    confirm(person, ask(person))

    assert not Message.objects.filter(kind__in=["appointment-left", "appointment-here"]).exists()
    assert Invite.objects.get(registration=seat, state=InviteState.ACTIVE).address == NEW


def move(session):
    hour = timedelta(hours=1)
    schedule.reschedule_session(
        session_key=session.key, starts_at=session.starts_at + hour, ends_at=session.ends_at + hour, now=NOW
    )


def waiting_moves(person):
    return Message.objects.filter(kind="session-moved", recipient=person, status=MessageStatus.PENDING)


@pytest.mark.parametrize("had_an_entry", [False, True])
def test_confirm_takes_an_unsent_change_along_without_an_invitation(settings, had_an_entry):
    """Who wants none; also where the entry they once had is in a mailbox that does not exist any more."""
    settings.MAIL_MERGE_SECONDS = 600
    person = make_person(calendar_preference="INVITE" if had_an_entry else "NONE", bounced_at=NOW)
    seat = sit_down(person)
    Message.objects.update(status=MessageStatus.SENT, bounced_at=NOW)
    person.calendar_preference = "NONE"
    person.save()
    move(seat.session)
    before = waiting_moves(person).get()

    confirm(person, ask(person), now=NOW)

    after, invite = waiting_moves(person).get(), Invite.objects.get(state=InviteState.ACTIVE)
    assert (after.address, after.thread, after.due_at) == (NEW, invite.uid, before.due_at)
    assert after.facts["was"] == before.facts["was"]
    assert after.facts["invite"]["partstat"] == ""
    assert Message.objects.get(pk=before.pk).status == MessageStatus.DROPPED


def test_confirm_brings_an_unsent_change_to_somebody_who_waits(settings):
    settings.MAIL_MERGE_SECONDS = 600
    session, person = make_session(capacity=1), make_person()
    fill(session, 1)
    booking.sign_up(session_key=session.key, attendee=person, now=NOW)
    move(session)

    confirm(person, ask(person), now=NOW)

    assert waiting_moves(person).get().address == NEW


@pytest.mark.parametrize("purpose", [ACCOUNT, DISCREET])
@pytest.mark.parametrize("is_discreet", [False, True])
@pytest.mark.parametrize("kind", ["seats-confirmed", "dates-announced"])
def test_confirm_redirects_what_is_about_several_seats_or_an_event(purpose, is_discreet, kind):
    person, event = make_person(), make_event(is_discreet=is_discreet)
    Message.objects.bulk_create([draft(kind=kind, recipient=person, subject_id=event.key, facts={}, now=NOW)])
    was = person.email

    confirm(person, ask(person, purpose=purpose))

    goes_to = NEW if purpose == ACCOUNT or is_discreet else was
    assert Message.objects.get(kind=kind).address == goes_to


def test_confirm_makes_up_anew_what_was_tried_in_vain(mailbox):
    person = make_person()
    event = make_session().event
    Message.objects.bulk_create(
        [draft(kind="dates-announced", recipient=person, subject_id=event.key, facts={}, now=NOW)]
    )
    Message.objects.update(attempts=1, raw=b"To: old", message_id="<old@demo.example>")

    confirm(person, ask(person))
    delivery.deliver_due(now=LATER)

    sent = Message.objects.get(kind="dates-announced")
    assert (sent.status, sent.address) == (MessageStatus.SENT, NEW)
    assert f"To: {NEW}".encode() in bytes(sent.raw)


@pytest.mark.parametrize("purpose", [ACCOUNT, DISCREET])
def test_confirm_redirects_what_waits_where_that_kind_of_mail_is_read(purpose):
    person = make_person()
    open_one, secret = sit_down(person), make_secret_session()
    booking.sign_up(session_key=secret.key, attendee=person, now=NOW)
    private = Message.objects.get(subject_id=person.registrations.get(session=secret).key)

    confirm(person, ask(person, purpose=purpose))

    private.refresh_from_db()
    public = Message.objects.get(subject_id=open_one.key, kind="registration-confirmed")
    assert private.address == NEW
    assert public.address != NEW  # it carries the entry, which stays where it was


@pytest.mark.parametrize("how", ["released", "cancelled"])
def test_mails_after_a_decline_go_to_the_new_address(how):
    person = make_person()
    seat = sit_down(person)
    post(outlook(invite_of(seat), "DECLINED"))
    confirm(person, ask(person), now=NOW)

    if how == "released":
        tick(NOW + declines.GRACE)
    else:
        capacity.cancel_session(session_key=seat.session.key, actor=make_organizer(), now=NOW)

    last = Message.objects.latest("pk")
    assert (last.kind, last.address) == ({"released": "reply-released", "cancelled": "session-cancelled"}[how], NEW)


def test_confirm_ends_every_other_session(client):
    person = make_person()
    client.force_login(person)

    confirm(person, ask(person))

    assert client.get("/my/").status_code == 302


def test_confirm_takes_personal_links_along():
    person = make_person()
    kept, doubled = make_session(is_unlisted=True), make_session(is_unlisted=True)
    for session, address in ((kept, person.email), (doubled, person.email), (doubled, NEW)):
        AccessLink.objects.create(session=session, address=address, created_at=NOW, expires_at=session.starts_at)

    confirm(person, ask(person))

    assert set(AccessLink.objects.filter(address=NEW).values_list("session", flat=True)) == {kept.pk, doubled.pk}


def test_a_guest_who_comes_to_the_university_is_asked_anew_who_they_are():
    guest = make_person(
        email="g@elsewhere.example", audience=Audience.GUEST, audience_source=AudienceSource.CLAIM, unit=None
    )

    confirm(guest, ask(guest))

    guest.refresh_from_db()
    assert (guest.audience, guest.is_introduced) == ("", False)


def test_confirm_keeps_roles():
    person = give_role(make_person(), RoleKind.COORDINATOR)

    confirm(person, ask(person))

    assert person.roles.count() == 1


def test_what_was_interrupted_is_finished_by_the_scheduler(clock):
    person = make_person()
    seat = sit_down(person)
    User.objects.filter(pk=person.pk).update(email=NEW)

    for _ in range(2):
        move_entries()

    assert Invite.objects.get(registration=seat, state=InviteState.ACTIVE).address == NEW
    assert [kind for kind, _ in mails(1)] == ["appointment-left", "appointment-here"]


def move_at_once():
    person = make_person(email="old@demo.example")
    sit_down(person)
    User.objects.filter(pk=person.pk).update(email=NEW)
    answers = at_once(*[lambda: address_changes.move_entries(person_id=person.pk, now=NOW)] * 4)
    return answers, mails(1)


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgresql
def test_moving_entries_at_once_sends_each_mail_once(in_step):
    answers, sent = move_at_once()

    assert answers == [0] * 4
    assert sent == [("appointment-left", "old@demo.example"), ("appointment-here", NEW)]


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgresql
def test_without_the_lock_moving_entries_at_once_goes_wrong(in_step, without_the_lock):
    answers, sent = move_at_once()

    assert any(answers) or len(sent) > 2


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgresql
def test_confirm_at_once_is_once():
    person = make_person()
    sit_down(person)
    pending = ask(person)

    def run():
        try:
            return confirm(person, pending)
        except UnableToUseAddress as refusal:
            return refusal.code

    answers = at_once(*[run] * 4)

    assert sorted(map(str, answers))[:3] == ["over"] * 3
    assert [kind for kind, _ in mails(2)] == [
        "address-confirmed",
        "address-changed",
        "appointment-left",
        "appointment-here",
    ]
