from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language

from project.accounts.services.roles import rights_of
from project.accounts.views import ASKS_MAIL_LANGUAGE
from registrations.adapters import pending_about
from registrations.views.people import page_before, person_of

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
        "small_question": SimpleLazyObject(lambda: _small_question(request)),
        "page_before": SimpleLazyObject(lambda: page_before(request)),
    }


def _small_question(request: HttpRequest) -> str:
    """Returns the one thing that we would like to know from somebody who is signed in, if any: whether their mails
    should be in the language of the pages, or their name.
    """
    person, here = person_of(request), request.resolver_match
    if person is None or (here and here.view_name == "registrations:welcome"):
        return ""
    if request.session.get(ASKS_MAIL_LANGUAGE) and person.language != get_language():
        return "mail-language"
    return "" if person.is_introduced else "introduction"


def _wanted(request: HttpRequest) -> Session | Event | None:
    """Returns what somebody signs in for, so that the pages on the way there can say it."""
    return pending_about(request, person_of(request))


def _parts_of_site(request: HttpRequest) -> dict[str, bool]:
    rights = rights_of(request.user)
    return {"organise": rights.organizes_anything, "board": rights.reads_the_board or rights.coordinates}
