from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from events.enums import IN_ONE_LANGUAGE, SeatScope
from events.models import Event, Session
from project.web.cache_control import kept_by_visitors
from registrations.forms import ColleagueForm
from registrations.querysets import visible_to
from registrations.rules import BOOKABLE, colleague_answers_by, comes_once, is_spoken, rounds_of
from registrations.rules.dates import (
    DateFilter,
    are_for_the_same_people,
    can_only_wait,
    differ_in_being_for_me,
    differ_in_language,
    full_ones,
    is_for_others,
    next_open,
)
from registrations.services.attending import colleagues, interest
from registrations.services.pages import catalogue, similar
from registrations.services.pages.hosts import annotate_hosts, named_hosts
from registrations.services.pages.standings import standings
from registrations.views.people import person_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse
    from django_stubs_ext import StrOrPromise

    from project.accounts.models import Unit, User
    from registrations.rules import Standing

OVER = ("closed", "started", "cancelled")  # dates that will not open again


@require_safe
@kept_by_visitors
def event_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """One event with its dates, and the reader's standing on each."""
    now, person = timezone.now(), person_of(request)
    event = catalogue.event(slug)
    if event is None:
        raise Http404
    dates = catalogue.dates(event=event, person=person, now=now)
    rows = standings(sessions=dates, person=person, now=now)
    context: dict[str, Any] = {"event": event, "standings": rows, "unit_names": names_of_units(event, *dates)}
    if event.status in BOOKABLE and all(row.refusal in OVER for row in rows):
        context |= {"may_ask": True, "is_interested": interest.is_interested(event=event, person=person)}
    if can_only_wait(rows) and not event.is_discreet:
        context["similar"] = similar.similar(event=event, person=person, now=now)
    context |= _in_common(rows) | {"hosts": named_hosts(dates)}
    context |= _conference(rows) if event.seat_scope == SeatScope.ROUND else _dates(event, rows, request)
    page = render(request, "registrations/pages/event/event_detail.html", context)
    return _forgotten(page) if event.is_discreet else page


@require_safe
@kept_by_visitors
def session_detail(request: HttpRequest, key: UUID) -> HttpResponse:
    """One date of an event."""
    context = session_context(request, key)
    page = render(request, "registrations/pages/event/session_detail.html", context)
    return _forgotten(page) if context["event"].is_discreet else page


def session_context(request: HttpRequest, key: UUID) -> dict[str, Any]:
    """Returns all that the page of a date shows. People with a seat also get the dates it could move to, and the form
    to invite a colleague.
    """
    now, person = timezone.now(), person_of(request)
    related = ("event__owner", "event__prerequisite", "event__picture", "venue", "round")
    found = Session.objects.readable().filter(key=key).select_related(*related)
    found = annotate_hosts(found.defer("event__picture__webp", "event__picture__avif"))
    session = get_object_or_404(visible_to(found, person, now))
    others = _rest_of_slot(session, person, now) if person else []
    row, *rows = standings(sessions=[session, *others], person=person, now=now)
    context = {
        "session": session,
        "event": session.event,
        "row": row,
        "unit_names": names_of_units(session.event, session),
        "been": row.been if row.refusal != "attended" else None,
        "full": full_ones([row]),
        "hosts": named_hosts([session]),
    }
    if person and row.has_seat:
        context["rows"] = rows
    if person and row.can_ask_colleague:
        context["may_ask_more"] = colleagues.may_invite_more(inviter=person, now=now)
        context["answer_by"] = colleague_answers_by(session, now)
        context["form"] = ColleagueForm()
    if person and row.has_seat:
        open_ones = colleagues.open_invitations(inviter=person, now=now)
        context["invitations"] = open_ones.filter(session=session.pk)
    return context


def _rest_of_slot(session: Session, person: User, now: datetime) -> list[Session]:
    """Returns the dates a seat could move to. A slot never spans events, so the event is known."""
    others = Session.objects.upcoming(now).filter(slot=session.slot).exclude(pk=session.pk)
    dates = list(visible_to(others.select_related("venue", "round"), person, now).order_by("starts_at", "pk"))
    for date in dates:
        date.event = session.event
    return dates


def _forgotten(page: HttpResponse) -> HttpResponse:
    """Keeps the browser from storing the page, too: others may use it (specs/privacy.md)."""
    patch_cache_control(page, private=True, no_store=True)
    return page


def _in_common(rows: list[Standing]) -> dict[str, Any]:
    """What is said once for all dates of an event."""
    return {
        "is_for_the_same_people": are_for_the_same_people(rows),
        "is_for_others": bool(rows) and all(is_for_others(row) for row in rows),
        "full": full_ones(rows),
    }


def _filters(rows: list[Standing], request: HttpRequest) -> dict[str, Any]:
    """The filters of the dates of one event, which are in the URL; what it cannot be narrowed by is ignored."""
    by_language = differ_in_language(rows)
    by_person = request.user.is_authenticated and differ_in_being_for_me(rows)
    language = request.GET.get("language", "")
    chosen = DateFilter(
        language=language if by_language and language in dict(IN_ONE_LANGUAGE) else "",
        is_for_me=by_person and "for_me" in request.GET,
    )
    nearest = next_open(rows, chosen.language or _language())
    return {
        "date_filter": chosen,
        "languages": IN_ONE_LANGUAGE if by_language else (),
        "filters_by_person": by_person,
        "listed": chosen.of(rows),
        "next_open": nearest,
        "next_language": _language_in_common(nearest, chosen.language or _language()) if by_language else "",
    }


def _language() -> str:
    return (get_language() or "en")[:2]


def _language_in_common(row: Standing | None, language: str) -> StrOrPromise:
    is_shared = row is not None and is_spoken(row.session, language)
    return dict(IN_ONE_LANGUAGE).get(language, "") if is_shared else ""


def _dates(event: Event, rows: list[Standing], request: HttpRequest) -> dict[str, Any]:
    """What the page of an ordinary event shows first, and what it offers next."""
    own = mine(rows)
    waiting = [row for row in own if row.is_waiting or row.is_requested]
    if len(own) > 1:
        own = [row for row in own if is_urgent(row) or row.has_seat or _was_a_seat(row)]
    wishes = [row.registration for row in waiting if row.registration]
    wished = next((wish for wish in wishes if wish.any_date_language), None)
    holds_seat = any(row.has_seat or row.other for row in rows)
    return {
        "mine": own,
        **_filters(rows, request),
        "been": next((row.been for row in rows if row.been), None),
        "comes_once": comes_once(event),
        "waiting": [row for row in waiting if row not in own],
        "can_wait": any(row.can_wait_for for row in rows),
        "waits": bool(wishes),
        "holds_seat": holds_seat,
        "wants_any": any(wish.wants_any_date for wish in wishes),
        "any_language": wished.get_any_date_language_display() if wished else "",
        "any_language_code": wished.any_date_language if wished else "",
        "has_free_seat": any(row.can_sign_up and not row.is_full for row in rows),
        "may_want_any": event.seat_scope == SeatScope.EVENT and not holds_seat and not event.needs_approval,
    }


def _conference(rows: list[Standing]) -> dict[str, Any]:
    """One form for all rounds; sessions outside the rounds have their usual sign-up."""
    rounds = rounds_of(rows)
    return {
        "mine": [row for row in mine(rows) if is_urgent(row)],
        "rounds": rounds,
        "has_choice": any(choice.chosen for choice in rounds),
        "listed": [row for row in rows if not row.session.round],
    }


def is_urgent(row: Standing) -> bool:
    """Returns whether the row needs the reader to act."""
    return row.is_offered or row.can_take_now


def _was_a_seat(row: Standing) -> bool:
    return row.just_cancelled is not None and row.just_cancelled.confirmed_at is not None


def unit_names(units: Iterable[Unit]) -> dict[str, str]:
    """Maps codes to names: the rules of a session use the codes of units, people know their names."""
    return {unit.code: unit.name for unit in units}


def names_of_units(*offers: Event | Session) -> dict[str, str]:
    """The same, but queried only if one of these offers names a unit; few do."""
    return unit_names(catalogue.units()) if any(offer.units for offer in offers) else {}


def mine(rows: Iterable[Standing]) -> list[Standing]:
    return [row for row in rows if row.registration or row.just_cancelled]
