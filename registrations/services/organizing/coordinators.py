"""Who sees the names of a discreet event: two coordinators, named before anybody signs up (specs/privacy.md 3).

People gave their names to these two. Once somebody has registered, the pair changes only if one of the two decides it,
or two coordinators of the programme together. Each change is recorded, and everybody concerned gets a mail.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from events.services.editing import COORDINATORS_OF_A_DISCREET_EVENT
from events.services.refusals import UnableToChange, legible
from project.accounts.enums import RoleKind
from project.accounts.models import User
from project.accounts.services.roles import rights_of
from project.outbox.services.messages import draft, enqueue
from project.text import texts
from registrations.enums import ChangeState
from registrations.models import CoordinatorChange, Registration
from registrations.services.lock import lock_event

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime
    from uuid import UUID

    from events.models import Event
    from events.services.editing import EventFacts

Pair = frozenset[int]  # the primary keys of the people named


def is_settled(event: Event) -> bool:
    """Returns whether somebody has ever registered for this discreet event, knowing who would see their name."""
    return event.is_discreet and Registration.objects.filter(session__event=event).exists()


def named_on(event: Event) -> Pair:
    return frozenset(event.coordinators.values_list("pk", flat=True))


def propose_change(
    *, event_key: UUID, coordinators: Collection[User], reason: str, actor: User, now: datetime
) -> CoordinatorChange:
    """Names two other coordinators. This takes effect at once if `actor` is one of the two named now, or if nobody has
    registered yet; otherwise the change waits for a second coordinator (`confirm_change`).

    Raises `UnableToChange`: `not-a-coordinator` (the actor), `not-discreet`, `coordinators-missing` (not two active
    coordinators), `unchanged`, `unreadable`, `no-reason`, `proposed-already`.
    """
    with transaction.atomic(durable=True):
        event = lock_event(key=event_key)
        _refuse_others_than_coordinators(actor)
        _refuse_impossible(event, coordinators)
        reason = legible(texts.one_line, reason, field="reason")
        if not reason:
            raise UnableToChange("no-reason", _("Say why: the others read it."), field="reason")
        if _open_proposal(event):
            text = _("Another change is waiting for an answer. Confirm or withdraw that one first.")
            raise UnableToChange("proposed-already", text)
        change = _write_down(event, before=named_on(event), after=coordinators, actor=actor, now=now, reason=reason)
        if not is_settled(event) or actor.pk in named_on(event):
            _carry_out(change, actor, now)
        else:
            _tell_coordinators(change, kind="coordinators-proposed", now=now)
    return change


def confirm_change(*, change_key: UUID, actor: User, now: datetime) -> CoordinatorChange:
    """Carries out what another coordinator proposed. Idempotent.

    Raises `UnableToChange`: `not-a-coordinator`, `needs-another` (the actor proposed it and is not one of the two named
    now), `withdrawn`, `changed-meanwhile` (others are named now than when it was proposed), `coordinators-missing`.
    """
    with transaction.atomic(durable=True):
        change, event = _locked(change_key, actor)
        if change.state == ChangeState.DONE:
            return change
        if change.state == ChangeState.WITHDRAWN:
            raise UnableToChange("withdrawn", _("This proposal was withdrawn."))
        if actor.pk == change.proposed_by_id and actor.pk not in named_on(event):
            raise UnableToChange("needs-another", _("Another coordinator has to confirm what you propose."))
        if named_on(event) != frozenset(change.before.values_list("pk", flat=True)):
            raise UnableToChange("changed-meanwhile", _("Others are named by now. Withdraw this and propose it anew."))
        _refuse_impossible(event, list(change.after.all()))
        _carry_out(change, actor, now)
    return change


def withdraw_change(*, change_key: UUID, actor: User, now: datetime) -> CoordinatorChange:
    """Withdraws a proposal; any coordinator may. Idempotent. Raises `UnableToChange`: `not-a-coordinator`, `done`."""
    with transaction.atomic(durable=True):
        change, _event = _locked(change_key, actor)
        if change.state == ChangeState.DONE:
            raise UnableToChange("done", _("This change was confirmed already."))
        if change.state == ChangeState.PROPOSED:
            _decide(change, ChangeState.WITHDRAWN, actor, now)
            _tell_coordinators(change, kind="coordinators-withdrawn", now=now)
    return change


def refuse_widening(event: Event, facts: EventFacts, actor: User) -> None:
    """Keeps the form of an event from changing who sees something once people have registered.

    Raises `UnableToChange`: `coordinators-fixed` (unless the actor is one of the two named), `owner-fixed` (the unit of
    a discreet event).
    """
    if not is_settled(event):
        return
    if facts.owner.pk != event.owner_id:
        text = _("Somebody has registered, so this event stays with its unit: others would see its figures.")
        raise UnableToChange("owner-fixed", text, field="owner")
    may_change = rights_of(actor).coordinates and actor.pk in named_on(event)
    if frozenset(person.pk for person in facts.coordinators) != named_on(event) and not may_change:
        text = _(
            "Somebody has registered, and these two see the names. One of them can change that, or two coordinators "
            "together: "
            "propose it on the page “Who sees names”."
        )
        raise UnableToChange("coordinators-fixed", text, field="coordinators")


def note_change(event: Event, before: Pair, actor: User, now: datetime) -> None:
    """Records a change of the pair made with the form of the event, and tells the people concerned, if somebody has
    registered.
    """
    if is_settled(event) and named_on(event) != before:
        proposal = _open_proposal(event)
        if proposal:
            _decide(proposal, ChangeState.WITHDRAWN, actor, now)
        change = _write_down(event, before=before, after=list(event.coordinators.all()), actor=actor, now=now)
        _decide(change, ChangeState.DONE, actor, now)
        _tell_coordinators(change, kind="coordinators-changed", now=now)


def possible_coordinators() -> Collection[User]:
    """Returns the active coordinators of the programme, ordered by name."""
    people = User.objects.filter(roles__kind=RoleKind.COORDINATOR, is_active=True)
    return people.distinct().order_by("name", "pk")


def _locked(change_key: UUID, actor: User) -> tuple[CoordinatorChange, Event]:
    event = lock_event(coordinator_changes__key=change_key)
    _refuse_others_than_coordinators(actor)
    return CoordinatorChange.objects.get(key=change_key), event


def _refuse_others_than_coordinators(actor: User) -> None:
    if not rights_of(actor).coordinates:
        raise UnableToChange("not-a-coordinator", _("Only coordinators of the programme decide who sees names."))


def _refuse_impossible(event: Event, coordinators: Collection[User]) -> None:
    chosen = {person.pk for person in coordinators}
    if not event.is_discreet:
        raise UnableToChange("not-discreet", _("Only a discreet event names coordinators."))
    eligible = {person.pk for person in possible_coordinators()}
    if len(chosen) != COORDINATORS_OF_A_DISCREET_EVENT or not chosen <= eligible:
        text = _("A discreet event names exactly two coordinators: the only people who see names.")
        raise UnableToChange("coordinators-missing", text, field="coordinators")
    if chosen == named_on(event):
        raise UnableToChange("unchanged", _("These two are named already."), field="coordinators")


def _open_proposal(event: Event) -> CoordinatorChange | None:
    return CoordinatorChange.objects.filter(event=event, state=ChangeState.PROPOSED).first()


def _write_down(
    event: Event, *, before: Pair, after: Collection[User], actor: User, now: datetime, reason: str = ""
) -> CoordinatorChange:
    change = CoordinatorChange.objects.create(
        event=event, state=ChangeState.PROPOSED, reason=reason, proposed_by=actor, proposed_at=now
    )
    change.before.set(before)
    change.after.set(after)
    return change


def _carry_out(change: CoordinatorChange, actor: User, now: datetime) -> None:
    change.event.coordinators.set(change.after.all())
    _decide(change, ChangeState.DONE, actor, now)
    _tell_coordinators(change, kind="coordinators-changed", now=now)


def _decide(change: CoordinatorChange, state: ChangeState, actor: User, now: datetime) -> None:
    change.state, change.decided_by, change.decided_at = state, actor, now
    change.save(update_fields=["state", "decided_by", "decided_at"])


def _tell_coordinators(change: CoordinatorChange, *, kind: str, now: datetime) -> None:
    """Tells the people named before, those named afterwards or proposed, and the person who proposed the change."""
    proposers = [change.proposed_by_id] if change.proposed_by_id else []
    concerned = (change.before.all() | change.after.all() | User.objects.filter(pk__in=proposers)).distinct()
    people = User.objects.filter(pk__in={person.pk for person in concerned}, is_active=True).order_by("pk")
    enqueue([draft(kind=kind, recipient=person, subject_id=change.key, facts={}, now=now) for person in people])
