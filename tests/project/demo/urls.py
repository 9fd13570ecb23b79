"""The site as it is with DEMO=1; the other tests run without."""

from __future__ import annotations

from django.urls import include, path

from project.urls import handler400, handler404, handler500, urlpatterns

__all__ = ["handler400", "handler404", "handler500", "urlpatterns"]

urlpatterns = [*urlpatterns, path("demo/", include("project.demo.urls"))]
