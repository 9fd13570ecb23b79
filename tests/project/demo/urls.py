"""The URLs of the site with DEMO=1; other tests run without it."""

from __future__ import annotations

from django.urls import include, path

from project.urls import handler400, handler404, handler500, urlpatterns

__all__ = ["handler400", "handler404", "handler500", "urlpatterns"]

urlpatterns = [*urlpatterns, path("demo/", include("project.demo.urls"))]
