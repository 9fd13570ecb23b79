from __future__ import annotations

from django.conf import settings
from django.urls import include, path
from django.views import defaults

from project.accounts.views import language, mail_language
from project.api import api
from project.api.problems import page_or_problem

urlpatterns = [
    path("", include("registrations.urls")),
    path("", include("events.urls")),
    path("accounts/", include("project.accounts.urls")),
    path("language/", language, name="language"),
    path("language/mails/", mail_language, name="mail_language"),
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
