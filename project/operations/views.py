from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_safe

from project.operations.services import health

# Personal pages, and pages that open with a secret in their address. The personal feed is not among them: Google
# Calendar fetches it only if robots.txt allows that (specs/calendar.md R57). X-Robots-Tag keeps it from being listed.
NOT_FOR_ROBOTS = (
    "/my/",
    "/give-back/",
    "/keep/",
    "/still-coming/",
    "/no-news/",
    "/offer/",
    "/access/",
    "/accounts/",
    "/feedback/",
)


@never_cache
@require_safe
def live(request: HttpRequest) -> JsonResponse:
    """Says that the process answers. Checks nothing else: restarting it would not repair a database."""
    return JsonResponse({"status": "ok"})


@never_cache
@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    found = health.examine(now=timezone.now())
    return JsonResponse(found.as_json(), status=HTTPStatus.OK if found.is_ready else HTTPStatus.SERVICE_UNAVAILABLE)


@cache_control(public=True, max_age=86_400)
@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in NOT_FOR_ROBOTS), ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")
