"""How people get dates into their own calendar: the link to their own seats, and the public feeds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from events.enums import EventKind
from project.accounts.models import Unit
from project.accounts.services import feed_secrets
from registrations.feeds import addresses
from registrations.views.people import me

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@never_cache
@login_required
@require_safe
def my_calendar(request: HttpRequest) -> HttpResponse:
    """The page shows a secret, so it must not be cached anywhere (specs/calendar.md R56)."""
    subscription = addresses.personal(me(request), name=_("Samen: my sessions"))
    return render(request, "registrations/calendar/my_calendar.html", {"subscription": subscription})


@login_required
@require_POST
def new_link(request: HttpRequest) -> HttpResponse:
    feed_secrets.renew(person=me(request))
    messages.success(request, _("You have a new link. The old one has stopped, in every calendar that used it."))
    return redirect("registrations:my_calendar")


@require_safe
def subscribe(request: HttpRequest) -> HttpResponse:
    """The public feeds: which dates, then the ways to subscribe to them."""
    units = {unit.code: unit.name for unit in Unit.objects.all()}
    kinds = {code.lower(): str(label) for code, label in EventKind.choices}
    unit, kind = _one_of(request, "unit", units), _one_of(request, "kind", kinds)
    chosen = units.get(unit) or kinds.get(kind) or _("Everything")
    subscription = addresses.public(unit=unit, kind=kind, language=get_language() or "en", name=f"Samen: {chosen}")
    context = {"units": units, "kinds": kinds, "unit": unit, "kind": kind, "chosen": chosen}
    return render(request, "registrations/calendar/feeds.html", {**context, "subscription": subscription})


def _one_of(request: HttpRequest, name: str, offered: dict[str, str]) -> str:
    """Returns the value that was asked for if it exists, else an empty string."""
    asked = request.GET.get(name, "").lower()
    return asked if asked in offered else ""
