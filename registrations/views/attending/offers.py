"""Accepting or declining an offered seat: on the pages, and by the link in a mail."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from events.models import Session
from registrations.adapters import remember_sign_up
from registrations.emails.links import OFFER_LINK_SALT
from registrations.enums import Action
from registrations.forms import AnswerForm
from registrations.models import Registration
from registrations.rules import has_run_out
from registrations.services.attending import booking, offers, swaps
from registrations.services.pages.standings import standings
from registrations.views.people import ask_who, back, me, person_of, ready_for
from registrations.views.signed_links import signed_key

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse

    from registrations.rules import Standing


@login_required
@require_POST
def accept(request: HttpRequest, key: UUID) -> HttpResponse:
    registration = get_object_or_404(Registration.objects.of(me(request)).select_related("session"), key=key)
    if ready_for(request, Session.objects.filter(pk=registration.session_id)) is None:
        return ask_who(request, back_to=reverse("registrations:my_registration", args=[key]))
    offers.accept_offer(registration_key=registration.key, actor=me(request), now=timezone.now())
    return back(request, otherwise=registration.session.get_absolute_url())


@login_required
@require_POST
def decline(request: HttpRequest, key: UUID) -> HttpResponse:
    registration = get_object_or_404(Registration.objects.of(me(request)), key=key)
    offers.decline_offer(registration_key=registration.key, actor=me(request), now=timezone.now())
    messages.success(request, _("Thank you for telling us. We are no longer holding the seat for you."))
    return back(request, otherwise=reverse("registrations:my_sessions"))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def offer_link(request: HttpRequest, token: str) -> HttpResponse:
    """The link in a mail: one page, two buttons, no signing in. Opening it changes nothing, since mail scanners open
    links, too.
    """
    registration = _offered(token)
    if registration is None:
        return render(request, "registrations/attending/links/offer_over.html", status=HTTPStatus.GONE)
    if registration.session.event.is_discreet:
        return redirect("registrations:my_registration", registration.key)
    if request.method == "POST" and "undo" in request.POST:
        return _take_yes_back(request, registration)
    if request.method == "POST" and _is_open(registration):
        return _answer(request, registration)
    return _offer_page(request, registration)


def _take_yes_back(request: HttpRequest, registration: Registration) -> HttpResponse:
    """As on the site: gives the seat back, or moves back to the seat that was given up for it. Idempotent."""
    now, attendee = timezone.now(), registration.attendee
    seat = _accepted_seat(registration, now)
    if seat and seat.moved_from:
        swaps.undo(registration_key=registration.key, attendee=attendee, now=now)
        return redirect(request.path)
    if seat and seat.is_new:
        booking.cancel(registration_key=registration.key, actor=attendee, now=now)
    return redirect(request.path)


def _accepted_seat(registration: Registration, now: datetime) -> Standing | None:
    """Returns the person's standing on the date that they accepted; None if they have not."""
    return _standing(registration, now) if registration.is_confirmed else None


def _standing(registration: Registration, now: datetime) -> Standing:
    return standings(sessions=[registration.session], person=registration.attendee, now=now)[0]


def _is_open(registration: Registration) -> bool:
    return registration.is_offered and not has_run_out(registration, timezone.now())


def _offer_page(request: HttpRequest, registration: Registration, *, said_no: bool = False) -> HttpResponse:
    """Also shown once the offer was answered or has expired: the page tells the current state."""
    now = timezone.now()
    has_begun = registration.session.starts_at <= now
    endings = set(registration.log.values_list("action", flat=True))
    said_no = said_no or Action.DECLINED in endings
    is_open = _is_open(registration)
    context = {
        "registration": registration,
        "session": registration.session,
        "is_open": is_open,
        "has_begun": has_begun,
        "said_no": said_no,
        "is_withdrawn": registration.is_cancelled and Action.WITHDRAWN in endings,
        "row": None if is_open or has_begun or said_no else _standing(registration, now),
    }
    return render(request, "registrations/attending/links/offer_link.html", context)


def _answer(request: HttpRequest, registration: Registration) -> HttpResponse:
    """Invited colleagues whom we do not know yet say who they are first; their yes is remembered meanwhile.
    After a no the registration may be gone: people who never signed in are forgotten, so the page is shown at once.
    """
    form, attendee = AnswerForm(request.POST), registration.attendee
    if not form.is_valid():
        raise Http404
    if not form.is_yes:
        declined = offers.decline_offer(registration_key=registration.key, actor=attendee, now=timezone.now())
        return _offer_page(request, declined, said_no=True)
    if registration.is_from_colleague and not attendee.is_introduced:
        return _ask_the_colleague(request, registration)
    offers.accept_offer(registration_key=registration.key, actor=attendee, now=timezone.now())
    return redirect(request.path)


def _ask_the_colleague(request: HttpRequest, registration: Registration) -> HttpResponse:
    reader = person_of(request)
    if reader and reader != registration.attendee:
        messages.warning(request, _("Sign out first, and sign in with the address to which the invitation was sent."))
        return redirect(request.path)
    remember_sign_up(request, "seat", registration.session.key)
    return redirect("registrations:welcome" if reader else "account_login")


def _offered(token: str) -> Registration | None:
    """Returns None if the link is genuine but the claim is gone, for example that of a colleague who was forgotten."""
    related = ("session__event", "session__venue", "attendee__unit", "invited_by", "replaces__session")
    return Registration.objects.select_related(*related).filter(key=signed_key(token, salt=OFFER_LINK_SALT)).first()
