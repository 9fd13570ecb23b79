"""Checks a programme against itself, against the database, and against what this organiser may do."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from events.enums import SeatScope
from events.models import Event, Session, Venue
from events.rules import leads_back_to
from events.services.editing import COORDINATORS_OF_A_DISCREET_EVENT
from project.accounts.models import Unit, User
from project.accounts.services.roles import rights_of

if TYPE_CHECKING:
    from events.services.programme.plans import EventPlan, Plan, Programme, SessionPlan

FIXED_EVENT_FIELDS = {"is_discreet": "discreet", "seat_scope": "one_seat_per", "kind": "kind"}
FIXED_SESSION_FIELDS = {"ends_at": "to", "capacity": "seats", "join_url": "join_url", "timezone": "timezone"}


def check(programme: Programme, actor: User | None) -> None:
    _refuse_twins(programme.units, "code", lambda plan: plan.columns["code"])
    _refuse_twins(programme.venues, "code", lambda plan: plan.columns["code"])
    _refuse_twins(programme.events, "slug", lambda plan: plan.columns["slug"])
    _refuse_twins(programme.initiatives, "slug", lambda plan: plan.columns["slug"])
    _check_references(programme)
    for plan in programme.events:
        _refuse_twins(plan.sessions, "on", lambda session: session.identity)
        _check_rounds(plan)
        _check_coordinators(plan)
    _check_prerequisites(programme)
    _check_fixed(programme)
    if actor:
        _check_rights(programme, actor)


def _refuse_twins(plans: Iterable[Any], field: str, identity: Callable[[Any], object]) -> None:
    seen: set[object] = set()
    for plan in plans:
        if identity(plan) in seen:
            plan.written.refuse(field, _("This is there twice."))
        seen.add(identity(plan))


def _check_references(programme: Programme) -> None:
    units = {plan.code for plan in programme.units} | set(Unit.objects.values_list("code", flat=True))
    rooms = dict(Venue.objects.values_list("code", "capacity"))
    rooms |= {plan.code: plan.columns["capacity"] for plan in programme.venues}
    for event in programme.events:
        _refuse_unknown(event, "owner", [event.owner], units)
        _refuse_unknown(event, "units", event.columns["units"], units)
        for session in event.sessions:
            _refuse_unknown(session, "units", session.columns["units"], units)
            _refuse_unknown(session, "hold", session.hold.get("held_units", ()), units)
            _refuse_unknown(session, "venue", [session.venue], rooms)
            _refuse_crowding(session, rooms)
    for initiative in programme.initiatives:
        _refuse_unknown(initiative, "unit", [initiative.unit], units)


def _refuse_unknown(plan: Plan, field: str, codes: Iterable[str], known: Iterable[str]) -> None:
    for code in codes:
        if code and code not in known:
            text = _("There is no “%(code)s” here. Known: %(known)s.")
            plan.written.refuse(field, text % {"code": code[:40], "known": ", ".join(sorted(known))})


def _refuse_crowding(session: SessionPlan, rooms: dict[str, int]) -> None:
    people = rooms.get(session.venue)
    if people and session.columns["capacity"] > people:
        session.written.refuse("seats", _("The room holds only %(people)d people.") % {"people": people})


def _check_rounds(plan: EventPlan) -> None:
    has_rounds = plan.columns["seat_scope"] == SeatScope.ROUND
    known = {columns["number"] for columns in plan.rounds}
    if len(known) < len(plan.rounds):
        plan.written.refuse("rounds", _("Two rounds have the same number."))
    if plan.rounds and not has_rounds:
        plan.written.refuse("rounds", _("Only an event with one_seat_per: ROUND has rounds."))
    for session in plan.sessions:
        if has_rounds and session.round_number not in known:
            session.written.refuse("round", _("Say in which of the rounds of this event it is."))
        if session.round_number and not has_rounds:
            session.written.refuse("round", _("Only an event with one_seat_per: ROUND has rounds."))


def _check_prerequisites(programme: Programme) -> None:
    """A prerequisite must exist, not be discreet, and not lead back: otherwise nobody could meet it."""
    stored = Event.objects.filter(prerequisite__isnull=False).values_list("slug", "prerequisite__slug")
    required = {slug: prerequisite for slug, prerequisite in stored if prerequisite}
    required |= {plan.slug: plan.prerequisite for plan in programme.events}
    required = {slug: prerequisite for slug, prerequisite in required.items() if prerequisite}
    discreet = dict(Event.objects.values_list("slug", "is_discreet"))
    discreet |= {plan.slug: plan.columns["is_discreet"] for plan in programme.events}
    for plan in programme.events:
        if plan.prerequisite and plan.prerequisite not in discreet:
            text = _("There is no event “%(slug)s” here.")
            plan.written.refuse("prerequisite", text % {"slug": plan.prerequisite[:40]})
        elif discreet.get(plan.prerequisite):
            text = _("We do not keep who attended a discreet event, so it cannot be asked for.")
            plan.written.refuse("prerequisite", text)
        elif plan.prerequisite and leads_back_to(plan.slug, plan.prerequisite, required):
            plan.written.refuse("prerequisite", _("This leads back to the event itself, so nobody could attend it."))


def _check_coordinators(plan: EventPlan) -> None:
    """A discreet event names exactly two (specs/privacy.md 3). Addresses stay out of reasons, which may be logged."""
    if not plan.columns["is_discreet"]:
        if plan.coordinators:
            plan.written.refuse("coordinators", _("Only a discreet event names coordinators."))
        return
    if len(set(plan.coordinators)) != COORDINATORS_OF_A_DISCREET_EVENT:
        plan.written.refuse("coordinators", _("A discreet event names exactly two coordinators."))
    elif User.objects.filter(email__in=plan.coordinators).count() != COORDINATORS_OF_A_DISCREET_EVENT:
        plan.written.refuse("coordinators", _("One of these people never signed in here. Ask them to sign in once."))


def _check_fixed(programme: Programme) -> None:
    """An import changes nothing that people based their choice on or would have to be told about."""
    plans = {plan.slug: plan for plan in programme.events}
    for event in Event.objects.filter(slug__in=plans):
        plan = plans[event.slug]
        _refuse_changes(
            plan,
            event,
            FIXED_EVENT_FIELDS,
            _("This event exists, and people chose it because of this. Make a new event instead."),
        )
        sessions = {session.identity: session for session in plan.sessions}
        for session in event.sessions.select_related("venue", "round"):
            _check_fixed_session(sessions.get(identity_of(session)), session)


def _check_fixed_session(plan: SessionPlan | None, session: Session) -> None:
    if plan is None:
        return
    text = _("This date exists and differs. Change it on its page, so that everybody who comes hears of it.")
    _refuse_changes(plan, session, FIXED_SESSION_FIELDS, text)
    _refuse_another_hold(plan, session)
    if plan.round_number != (session.round.number if session.round else 0):
        plan.written.refuse("round", text)


def _refuse_changes(plan: Plan, row: Event | Session, fixed: dict[str, str], reason: str) -> None:
    for column, field in fixed.items():
        if getattr(row, column) != plan.columns[column]:
            plan.written.refuse(field, reason)


def _refuse_another_hold(plan: SessionPlan, session: Session) -> None:
    """Ignores a hold that has ended: its seats were released long ago."""
    until = plan.hold.get("held_until")
    is_running = until and until > plan.written.now
    if is_running and any(getattr(session, column) != value for column, value in plan.hold.items()):
        text = _("This date exists and holds other seats, or none. Change it on its page.")
        plan.written.refuse("hold", text)


def identity_of(session: Session) -> tuple[Any, ...]:
    return (session.starts_at, session.venue.code if session.venue else "", session.title_en, session.title_nl)


def _check_rights(programme: Programme, actor: User) -> None:
    rights = rights_of(actor)
    if rights.organizes_everywhere:
        return
    mine = set(Unit.objects.filter(pk__in=rights.organized_units).values_list("code", flat=True))
    theirs = set(Event.objects.exclude(owner__code__in=mine).values_list("slug", flat=True))
    for plan in [*programme.units, *programme.venues, *programme.initiatives]:
        plan.written.refuse("", _("Only organisers of all units bring in units, venues and initiatives."))
    for event in programme.events:
        if event.owner not in mine or event.slug in theirs:
            event.written.refuse("owner", _("You do not organise for this unit."))
