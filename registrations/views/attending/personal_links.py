"""The page behind a personal link to an unlisted date (product W5)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from events.querysets import OPEN_TO_READ
from registrations.models import AccessLink
from registrations.rules.addresses import masked
from registrations.views.people import person_of

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse


@never_cache
@require_safe
def access_link(request: HttpRequest, key: UUID) -> HttpResponse:
    """Tells whose link it is, recognisably only for its owner, and what it is for. It admits only people signed in with
    that address.
    For a discreet session it reveals nothing before that.
    """
    related = ("session__event", "session__venue")
    links = AccessLink.objects.select_related(*related).filter(session__event__status__in=OPEN_TO_READ)
    link, person = get_object_or_404(links, key=key), person_of(request)
    is_theirs = person is not None and person.email == link.address
    is_over = timezone.now() >= link.session.starts_at
    if is_theirs and not is_over:
        return redirect(link.session)
    context = {
        "session": link.session,
        "whose": masked(link.address),
        "is_over": is_over,
        "is_theirs": is_theirs,
        "shows_facts": is_theirs or not link.session.event.is_discreet,
    }
    return render(request, "registrations/attending/links/access_link.html", context)
