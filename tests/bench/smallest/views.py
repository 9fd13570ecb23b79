from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from tests.bench.smallest.models import Event, Registration

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


def catalogue(request: HttpRequest) -> HttpResponse:
    return render(request, "catalogue.html", {"events": Event.objects.order_by("starts_at")[:30]})


def event_detail(request: HttpRequest, pk: int) -> HttpResponse:
    return render(request, "event.html", {"event": get_object_or_404(Event, pk=pk)})


@login_required
@require_POST
def sign_up(request: HttpRequest, pk: int) -> HttpResponse:
    """Gives a seat while there are any, else a place on the list: locks the row, counts the seats, inserts one row."""
    with transaction.atomic():
        event = Event.objects.select_for_update().get(pk=pk)
        taken = Registration.objects.filter(event=event, has_seat=True).count()
        Registration.objects.create(event=event, person_id=request.user.pk, has_seat=taken < event.seats)
    return redirect(f"/events/{pk}/")
