"""Inviting a colleague, and withdrawing that (product S4)."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from registrations.emails.wording.times import point
from registrations.forms import ColleagueForm
from registrations.models import Registration
from registrations.services.attending import colleagues
from registrations.services.refusals import UnableToRegister
from registrations.views.pages.catalogue import session_context
from registrations.views.people import back, me

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse


@login_required
@require_POST
def invite(request: HttpRequest, key: UUID) -> HttpResponse:
    """Says the same whether or not the colleague already has a seat; an error is shown beside the field."""
    form, page = ColleagueForm(request.POST), session_context(request, key)
    until = _invited(form, key, request) if form.is_valid() else None
    if until:
        deadline = {"until": point(until, page["session"].timezone)}
        messages.success(request, _("Invitation sent. We’re holding a seat until %(until)s.") % deadline)
        return redirect("registrations:session", key)
    page["form"] = form
    return render(
        request, "registrations/pages/event/session_detail.html", page, status=HTTPStatus.UNPROCESSABLE_ENTITY
    )


@login_required
@require_POST
def withdraw(request: HttpRequest, key: UUID) -> HttpResponse:
    """Only the person who invited; nobody else can know that there is such an invitation."""
    invitation = get_object_or_404(Registration.objects.filter(invited_by=me(request)), key=key)
    colleagues.withdraw(registration_key=invitation.key, inviter=me(request), now=timezone.now())
    messages.success(request, _("The invitation is withdrawn. We no longer hold that seat."))
    return back(request, otherwise=reverse("registrations:my_sessions"))


def _invited(form: ColleagueForm, key: UUID, request: HttpRequest) -> datetime | None:
    """Returns until when the colleague may answer; None if it was refused, which the form then says."""
    try:
        address = form.cleaned_data["address"]
        return colleagues.invite(session_key=key, address=address, inviter=me(request), now=timezone.now())
    except UnableToRegister as refusal:
        form.add_error("address", refusal.text)
        return None
