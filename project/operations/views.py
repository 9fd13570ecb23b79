from http import HTTPStatus

from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from project.operations.services import health


@never_cache
@require_safe
def live(request: HttpRequest) -> JsonResponse:
    """The process answers. Asks nothing of anybody else: restarting us cures no database."""
    return JsonResponse({"status": "ok"})


@never_cache
@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    found = health.examine(now=timezone.now())
    return JsonResponse(found.as_json(), status=HTTPStatus.OK if found.is_ready else HTTPStatus.SERVICE_UNAVAILABLE)
