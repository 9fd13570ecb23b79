"""Who sees the names of a discreet event, once people have given theirs."""

from __future__ import annotations

from datetime import timedelta

import pytest

from events.services.editing import EventFacts
from events.services.programme import UnableToImport
from events.services.refusals import UnableToChange
from project.accounts.enums import RoleKind
from project.outbox.models import Message
from registrations.enums import ChangeState
from registrations.models import CoordinatorChange
from registrations.services.attending import booking
from registrations.services.organizing import coordinators, event_texts, programme
from tests.factories import NOW, give_role, make_event, make_organizer, make_person, make_session, make_unit
from tests.registrations.support.races import sign_up

pytestmark = pytest.mark.django_db


def make_coordinator(name):
    return give_role(make_person(name=name), RoleKind.COORDINATOR)


@pytest.fixture
def event():
    return make_event(is_discreet=True, slug="k7q2m9x4pw")


@pytest.fixture
def named(event):
    pair = [make_coordinator("Demo Ada"), make_coordinator("Demo Ben")]
    event.coordinators.set(pair)
    return pair


@pytest.fixture
def registered(event, named):
    return sign_up(make_session(event=event, starts_at=NOW + timedelta(days=10)), make_person())


def facts_of(event, *, pair, **overrides):
    return EventFacts(
        **{
            "owner": event.owner,
            "is_discreet": True,
            "coordinators": pair,
            "texts": {"title_en": event.title_en},
            "kind": event.kind,
            **overrides,
        }
    )


def propose(event, actor, pair, reason="Ben has left"):
    return coordinators.propose_change(event_key=event.key, coordinators=pair, reason=reason, actor=actor, now=NOW)


def told(kind):
    return {message.recipient for message in Message.objects.filter(kind=kind)}


def state(event):
    return set(event.coordinators.all()), CoordinatorChange.objects.count(), Message.objects.count()


# The form of the event


def test_edit_event_by_a_coordinator_who_is_not_named_leaves_the_two(event, named, registered):
    stranger, before = make_coordinator("Demo Zoe"), state(event)

    with pytest.raises(UnableToChange) as refused:
        event_texts.edit_event(
            event_key=event.key, facts=facts_of(event, pair=[named[0], stranger]), actor=stranger, now=NOW
        )

    assert (refused.value.code, refused.value.field) == ("coordinators-fixed", "coordinators")
    assert state(event) == before


def test_edit_event_by_an_organizer_of_the_unit_leaves_the_two(event, named, registered):
    organizer, others = make_organizer(unit=event.owner), [make_coordinator("Demo Yan"), make_coordinator("Demo Zoe")]
    before = state(event)

    with pytest.raises(UnableToChange, match="coordinators-fixed"):
        event_texts.edit_event(event_key=event.key, facts=facts_of(event, pair=others), actor=organizer, now=NOW)

    assert state(event) == before


def test_edit_event_by_one_of_the_two_is_written_down_and_told(event, named, registered):
    new = make_coordinator("Demo Zoe")

    event_texts.edit_event(event_key=event.key, facts=facts_of(event, pair=[named[0], new]), actor=named[0], now=NOW)

    change = CoordinatorChange.objects.get()
    assert (change.state, change.decided_by) == (ChangeState.DONE, named[0])
    assert (set(change.before.all()), set(change.after.all())) == (set(named), {named[0], new})
    assert told("coordinators-changed") == {*named, new}


def test_edit_event_of_somebody_named_who_coordinates_no_more_leaves_the_two(event, named, registered):
    named[0].roles.all().delete()
    give_role(named[0], RoleKind.ORGANIZER)

    with pytest.raises(UnableToChange, match="coordinators-fixed"):
        event_texts.edit_event(
            event_key=event.key,
            facts=facts_of(event, pair=[named[0], make_coordinator("Demo Zoe")]),
            actor=named[0],
            now=NOW,
        )


def test_edit_event_keeps_a_discreet_event_with_its_unit(event, named, registered):
    with pytest.raises(UnableToChange, match="owner-fixed"):
        event_texts.edit_event(
            event_key=event.key,
            facts=facts_of(event, pair=named, owner=make_unit("tpm")),
            actor=named[0],
            now=NOW,
        )

    event.refresh_from_db()
    assert event.owner.code != "tpm"


def test_edit_event_may_change_the_two_before_anybody_has_registered(event, named):
    others = [make_coordinator("Demo Yan"), make_coordinator("Demo Zoe")]

    event_texts.edit_event(
        event_key=event.key, facts=facts_of(event, pair=others), actor=make_organizer(unit=event.owner), now=NOW
    )

    assert set(event.coordinators.all()) == set(others)
    assert not CoordinatorChange.objects.exists()


def test_somebody_who_gave_the_seat_back_has_registered_too(event, named, registered):
    booking.cancel(registration_key=registered.key, actor=registered.attendee, now=NOW)

    assert coordinators.is_settled(event)


# The page of the coordinators


def test_propose_change_by_one_of_the_two_is_done_at_once(event, named, registered):
    new = make_coordinator("Demo Zoe")

    change = propose(event, named[1], [named[1], new])

    assert change.state == ChangeState.DONE
    assert set(event.coordinators.all()) == {named[1], new}
    assert told("coordinators-changed") == {*named, new}


def test_propose_change_by_another_coordinator_changes_nothing_yet(event, named, registered):
    stranger = make_coordinator("Demo Zoe")

    change = propose(event, stranger, [named[0], stranger])

    assert change.state == ChangeState.PROPOSED
    assert set(event.coordinators.all()) == set(named)
    assert told("coordinators-proposed") == {*named, stranger}


def test_confirm_change_takes_a_second_coordinator(event, named, registered):
    stranger, second = make_coordinator("Demo Zoe"), make_coordinator("Demo Yan")
    change = propose(event, stranger, [named[0], stranger])

    with pytest.raises(UnableToChange, match="needs-another"):
        coordinators.confirm_change(change_key=change.key, actor=stranger, now=NOW)
    assert set(event.coordinators.all()) == set(named)

    done = coordinators.confirm_change(change_key=change.key, actor=second, now=NOW)
    again = coordinators.confirm_change(change_key=change.key, actor=second, now=NOW)

    assert (done.state, again.state, done.decided_by) == (ChangeState.DONE, ChangeState.DONE, second)
    assert set(event.coordinators.all()) == {named[0], stranger}
    assert Message.objects.filter(kind="coordinators-changed").count() == 3


@pytest.mark.parametrize("verb", [coordinators.confirm_change, coordinators.withdraw_change])
def test_only_coordinators_decide(event, named, registered, verb):
    change = propose(event, make_coordinator("Demo Zoe"), [named[0], make_coordinator("Demo Yan")])

    with pytest.raises(UnableToChange, match="not-a-coordinator"):
        verb(change_key=change.key, actor=make_organizer(unit=event.owner), now=NOW)

    change.refresh_from_db()
    assert change.state == ChangeState.PROPOSED


def test_withdraw_change_ends_it(event, named, registered):
    stranger = make_coordinator("Demo Zoe")
    change = propose(event, stranger, [named[0], stranger])

    coordinators.withdraw_change(change_key=change.key, actor=named[0], now=NOW)

    with pytest.raises(UnableToChange, match="withdrawn"):
        coordinators.confirm_change(change_key=change.key, actor=named[1], now=NOW)
    assert set(event.coordinators.all()) == set(named)
    assert told("coordinators-withdrawn") == {*named, stranger}


def test_confirm_change_refuses_once_others_are_named(event, named, registered):
    stranger, new = make_coordinator("Demo Zoe"), make_coordinator("Demo Yan")
    change = propose(event, stranger, [named[0], stranger])
    event.coordinators.set([named[0], new])

    with pytest.raises(UnableToChange, match="changed-meanwhile"):
        coordinators.confirm_change(change_key=change.key, actor=new, now=NOW)

    assert set(event.coordinators.all()) == {named[0], new}


def test_propose_change_refuses_what_cannot_be(event, named, registered):
    gone = make_coordinator("Demo Gone")
    gone.is_active = False
    gone.save()
    new, before = make_coordinator("Demo Zoe"), state(event)

    for pair, reason, code in (
        ([named[0]], "x", "coordinators-missing"),
        ([named[0], gone], "x", "coordinators-missing"),
        ([named[0], make_person()], "x", "coordinators-missing"),
        (named, "x", "unchanged"),
        ([named[0], new], "  ", "no-reason"),
        ([named[0], new], "\u200b", "no-reason"),
        ([named[0], new], "be\x07ll", "unreadable"),
    ):
        with pytest.raises(UnableToChange, match=code):
            propose(event, named[0], pair, reason)

    assert state(event) == before


def test_import_programme_leaves_who_sees_names_alone(event, named, registered, tmp_path):
    new = make_coordinator("Demo Zoe")
    path = tmp_path / "programme.yaml"
    path.write_text(
        f"""\
events:
  - slug: {event.slug}
    kind: {event.kind}
    owner: {event.owner.code}
    discreet: true
    coordinators: [{named[0].email}, {new.email}]
    title: {{en: {event.title_en}}}
""",
        encoding="utf-8",
    )

    for verb in (programme.preview_programme, programme.import_programme):
        with pytest.raises(UnableToImport) as refused:
            verb(path=path, actor=None, now=NOW)
        assert "changed on its page" in str(refused.value.problems[0])

    assert set(event.coordinators.all()) == set(named)


# The pages
