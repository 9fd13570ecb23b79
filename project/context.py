from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.functional import SimpleLazyObject

from project.accounts.services.roles import rights_of
from registrations.adapters import pending_about
from registrations.views.people import person_of

if TYPE_CHECKING:
    from django.http import HttpRequest

    from events.models import Event, Session


def site(request: HttpRequest) -> dict[str, Any]:
    """What every page shows: the name of the university, where to find help, and the parts of the site this person may
    open. `nav` and `wanted` cost nothing where a page does not use them.
    """
    return {
        "university": settings.UNIVERSITY,
        "help": settings.HELP_CONTACTS,
        "is_demo": settings.DEMO,
        "nav": SimpleLazyObject(lambda: _parts_of_site(request)),
        "wanted": SimpleLazyObject(lambda: _wanted(request)),
    }


def _wanted(request: HttpRequest) -> Session | Event | None:
    """Returns what somebody signs in for, so that the pages on the way there can say it."""
    return pending_about(request, person_of(request))


def _parts_of_site(request: HttpRequest) -> dict[str, bool]:
    rights = rights_of(request.user)
    return {"organise": rights.organizes_anything, "board": rights.reads_the_board or rights.coordinates}
