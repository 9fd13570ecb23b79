from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.urls import include, path
from django.views import defaults
from django.views.generic import TemplateView

from project.accounts.views import language, mail_language
from project.api import api
from project.api.problems import page_or_problem
from project.web.cache_control import kept_by_visitors

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpResponse


def _page(template: str) -> Callable[..., HttpResponse]:
    return kept_by_visitors(TemplateView.as_view(template_name=template))


urlpatterns = [
    path("", include("registrations.urls")),
    path("", include("events.urls")),
    path("accounts/", include("project.accounts.urls")),
    path("language/", language, name="language"),
    path("language/mails/", mail_language, name="mail_language"),
    path("privacy/", _page("about/privacy.html"), {"our_address": settings.MAIL_FROM}, name="privacy"),
    path(
        "accessibility/", _page("about/accessibility.html"), {"our_address": settings.MAIL_FROM}, name="accessibility"
    ),
    path("", include("feedback.urls")),
    path("board/", include("project.dashboard.urls")),
    path("", include("project.operations.urls")),
    path("api/v1/", api.urls),
]
if settings.ANYMAIL:
    urlpatterns.append(path("inbound/", include("registrations.adapters.webhook")))
if settings.DEMO:
    urlpatterns.append(path("demo/", include("project.demo.urls")))

handler400 = page_or_problem(defaults.bad_request, "bad-request")
handler404 = page_or_problem(defaults.page_not_found, "not-found")
handler500 = page_or_problem(defaults.server_error, "unexpected")
