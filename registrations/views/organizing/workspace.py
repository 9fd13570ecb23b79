"""The organiser's workspace: what needs attention, events, and dates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count, F, Q
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from events.enums import EventStatus, SessionStatus
from events.forms import EventForm, SessionForm
from events.models import Event, Session
from events.services import editing
from project.accounts.services.roles import rights_of
from registrations.enums import Status
from registrations.querysets import annotate_door, annotate_seats
from registrations.rules import BOOKABLE, COMING_SOON, needs_of
from registrations.services.mailing.broadcasts import sent_notices
from registrations.services.organizing import event_texts, pending_changes, publishing
from registrations.views.form_pages import accepted, form_page
from registrations.views.organizing.participants import failed_mails, open_claims, people_of
from registrations.views.people import me
from registrations.views.permissions import log_names, organized_event, organized_session, organizer_rights, reads_names

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse

    from project.accounts.rules import Rights
    from registrations.querysets import CountedSession

MAX_NEEDS = 50
MAX_EVENTS = 300


@login_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """First of all what needs the organiser today; then their events."""
    rights, now = organizer_rights(request), timezone.now()
    events = Event.objects.organized_by(rights).exclude(status=EventStatus.ARCHIVED).with_next_date(now)
    context = {
        "asking": _asking(rights, now),
        "needing": [(session, needs_of(session, now)) for session in _needing(rights, now)],
        "not_told": pending_changes.events_with_changes(rights=rights, now=now),
        "events": events.select_related("owner").order_by(F("next_date").asc(nulls_last=True), "slug")[:MAX_EVENTS],
    }
    return render(request, "registrations/organizing/home.html", context)


def _asking(rights: Rights, now: datetime) -> list[Session]:
    """Returns the dates with requests that have no answer yet; `asked` is how many."""
    coming = Session.objects.organized_by(rights).filter(status=SessionStatus.SCHEDULED, starts_at__gt=now)
    asked = coming.filter(registrations__status=Status.REQUESTED).annotate(asked=Count("registrations"))
    return list(asked.select_related("event", "venue").order_by("starts_at", "pk")[:MAX_NEEDS])


def _needing(rights: Rights, now: datetime) -> list[CountedSession]:
    """Returns the dates that have ended but are not finished, are soon, or are full with people waiting
    (`rules.needs_of`); the oldest first.
    """
    scheduled = Session.objects.organized_by(rights).filter(event__status__in=BOOKABLE, status=SessionStatus.SCHEDULED)
    counted = annotate_seats(scheduled.select_related("event", "venue"), now)
    full = Q(waiting_count__gt=0, seats_left=0)
    return list(counted.filter(full | Q(starts_at__lte=now + COMING_SOON)).order_by("starts_at", "pk")[:MAX_NEEDS])


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def event_new(request: HttpRequest) -> HttpResponse:
    units = organizer_rights(request).organized_units
    own = {"owner": next(iter(units))} if len(units) == 1 else {}
    form = EventForm(request.POST or None, request.FILES or None, organizer=me(request), initial=own)
    event = accepted(form, lambda: editing.create_event(facts=form.facts(), actor=me(request), now=timezone.now()))
    if event:
        messages.success(request, _("Saved as a draft. Nobody else sees it until you publish it."))
        return redirect("registrations:organize_event", event.slug)
    return form_page(request, "registrations/organizing/event_form.html", form)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def event_edit(request: HttpRequest, slug: str) -> HttpResponse:
    event = organized_event(request, slug)
    now, reader = timezone.now(), me(request)
    reaches_people = event_texts.reaches_people(event=event, now=now)
    form = EventForm(
        request.POST or None, request.FILES or None, instance=event, organizer=reader, reaches_people=reaches_people
    )
    edited = accepted(form, lambda: _edit_verb(form)(event_key=event.key, facts=form.facts(), actor=reader, now=now))
    if edited:
        messages.success(request, _("Saved."))
        return redirect("registrations:organize_event", edited.slug)
    return form_page(request, "registrations/organizing/event_form.html", form, event=event)


def _edit_verb(form: EventForm) -> Callable[..., Event]:
    return event_texts.edit_event_and_tell if form.wants_update_sent else event_texts.edit_event


@login_required
@require_safe
def event_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Facts, dates with their seats, and the next step."""
    event, now = organized_event(request, slug), timezone.now()
    sessions = Session.objects.filter(event=event).select_related("event", "venue", "round")
    dates = list(annotate_door(sessions, now).order_by("starts_at", "pk"))
    context = {
        "event": event,
        "collected": pending_changes.changes_of(event=event, now=now),
        "sessions": dates,
        "coming": sum(session.starts_at > now and session.status == SessionStatus.SCHEDULED for session in dates),
        "coordinators": event.coordinators.order_by("name") if event.is_discreet else [],
        "may_name_others": rights_of(me(request)).coordinates,
        "can_publish": event.status in {EventStatus.DRAFT, EventStatus.UNLISTED},
        "can_add_dates": event.status not in {EventStatus.CANCELLED, EventStatus.ARCHIVED},
    }
    return render(request, "registrations/organizing/event.html", context)


@login_required
@require_POST
def publish(request: HttpRequest, slug: str) -> HttpResponse:
    key = organized_event(request, slug).key
    published = publishing.publish_event(event_key=key, actor=me(request), now=timezone.now())
    messages.success(request, _("Published. Everybody can find it now."))
    return redirect("registrations:organize_event", published.slug)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def session_new(request: HttpRequest, slug: str) -> HttpResponse:
    event = organized_event(request, slug)
    form = SessionForm(request.POST or None, event=event)
    session = accepted(
        form,
        lambda: publishing.add_session(event_key=event.key, facts=form.facts(), actor=me(request), now=timezone.now()),
    )
    if session:
        messages.success(request, _("The date is added."))
        return redirect("registrations:organize_event", event.slug)
    return form_page(request, "registrations/organizing/session_form.html", form, event=event)


@login_required
@never_cache
@require_safe
def session_page(request: HttpRequest, key: UUID) -> HttpResponse:
    """A one-line summary, then the people by state. For a discreet session only the counts, except for its two
    coordinators.
    """
    session, now = organized_session(request, key), timezone.now()
    people = people_of(session) if reads_names(request, session) else None
    if people:
        log_names(request, session, names=people.names, where="organise")
    context = {
        "session": session,
        "event": session.event,
        "collected": pending_changes.changes_of(event=session.event, now=now),
        "people": people,
        "failed_mails": failed_mails(session),
        "open_claims": open_claims(session),
        "notices": sent_notices(session),
        "can_change": session.status == SessionStatus.SCHEDULED and now < session.starts_at,
        "can_reinstate": session.status == SessionStatus.CANCELLED and now < session.starts_at,
    }
    return render(request, "registrations/organizing/session.html", context)
