"""Pages that a browser has already: asked for again while nothing has changed, they are answered with 304 and not made anew.

A wrong 304 is worse than a slow page, so nothing is said about single rows. A page is the same when all that it is made of is the same: the
address, the cookies and the language of the request, the minute, this release, and the database as a whole. PostgreSQL names what a statement
can see by the transactions that have ended; while two names are equal, nothing was committed in between, wherever in the house.
"""

from __future__ import annotations

from functools import cache, wraps
from hashlib import sha256
from itertools import chain
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.db import connection
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_cache_control, patch_vary_headers
from django.utils.crypto import salted_hmac

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

MADE_OF = ("project", "events", "registrations", "feedback", "templates", "locale")  # all that a page comes from
KINDS = ("*.py", "*.html", "*.svg", "*.mo")
SEEN = "SELECT pg_current_snapshot()::text WHERE NOT pg_is_in_recovery()"  # a replica names less than it sees


def unless_unchanged(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For a page that is made of the request, the clock and the database only.

    The browser may keep it and has to ask each time; nobody between may keep it. A view that says itself how long its page may be kept, as
    those of discreet events do, keeps its word. On SQLite, which cannot name what is seen, every page is made.
    """

    @wraps(view)
    def answer(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        tag = _tag(request)
        response = (get_conditional_response(request, etag=tag) if tag else None) or view(request, *args, **kwargs)
        if not response.has_header("Cache-Control"):
            if tag:
                response["ETag"] = tag
            patch_cache_control(response, private=True, no_cache=True)
            patch_vary_headers(response, ("Cookie", "Accept-Language"))
        return response

    return answer


def _tag(request: HttpRequest) -> str | None:
    """Taken before the page is made: what is committed meanwhile is on the page, and the next tag is another."""
    seen = _seen()
    if seen is None:
        return None
    told = [request.META.get(name, "") for name in ("HTTP_COOKIE", "HTTP_ACCEPT_LANGUAGE", "HTTP_HOST")]
    minute = timezone.now().strftime("%Y-%m-%d %H:%M")
    parts = [request.get_full_path(), *told, minute, _release(), seen]
    return f'"{salted_hmac("unchanged", repr(parts), algorithm="sha256").hexdigest()[:32]}"'


def _seen() -> str | None:
    """Nothing where it would not be the truth: a transaction sees its own changes before they have a name."""
    if connection.vendor != "postgresql" or connection.in_atomic_block:
        return None
    with connection.cursor() as cursor:
        cursor.execute(SEEN)
        row: tuple[str] | None = cursor.fetchone()
    return row[0] if row else None


@cache
def _release() -> str:
    """The bytes of the code, the templates and the translations, and the settings that a page shows; the same in every process."""
    files = chain.from_iterable((settings.BASE_DIR / folder).rglob(kind) for folder in MADE_OF for kind in KINDS)
    made_of = sha256(repr((settings.UNIVERSITY, settings.HELP_CONTACTS, settings.DEMO)).encode())
    made_of.update(getattr(staticfiles_storage, "manifest_hash", "").encode())
    for path in sorted(files):
        made_of.update(path.read_bytes())
    return made_of.hexdigest()
