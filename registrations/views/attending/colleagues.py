"""Inviting a colleague (product S4)."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from registrations.forms import ColleagueForm
from registrations.services.attending import colleagues
from registrations.services.refusals import UnableToRegister
from registrations.views.pages.catalogue import session_context
from registrations.views.people import me

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse


@login_required
@require_POST
def invite(request: HttpRequest, key: UUID) -> HttpResponse:
    """Says the same whether or not the colleague already has a seat; an error is shown beside the field."""
    form, page = ColleagueForm(request.POST), session_context(request, key)
    if form.is_valid() and _invited(form, key, request):
        messages.success(request, _("Invitation sent. We’re holding a seat for 24 hours."))
        return redirect("registrations:session", key)
    page["form"] = form
    return render(
        request, "registrations/pages/event/session_detail.html", page, status=HTTPStatus.UNPROCESSABLE_ENTITY
    )


def _invited(form: ColleagueForm, key: UUID, request: HttpRequest) -> bool:
    try:
        address = form.cleaned_data["address"]
        colleagues.invite(session_key=key, address=address, inviter=me(request), now=timezone.now())
    except UnableToRegister as refusal:
        form.add_error("address", refusal.text)
        return False
    return True
