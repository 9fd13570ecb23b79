from __future__ import annotations

from datetime import date, datetime

from django.urls import path, register_converter
from django.utils import timezone

from project.dashboard import views


class MonthConverter:
    """A month such as 2026-03, as its first day. Anything else gives a 404."""

    regex = "[0-9]{4}-[0-9]{2}"

    def to_python(self, value: str) -> date:
        return datetime.strptime(value, "%Y-%m").replace(tzinfo=timezone.get_default_timezone()).date()

    def to_url(self, value: date) -> str:
        return f"{value:%Y-%m}"


register_converter(MonthConverter, "month")

app_name = "dashboard"
urlpatterns = [
    path("", views.overview, name="overview"),
    path("definitions/", views.definitions, name="definitions"),
    path("<month:month>/", views.overview, name="month"),
    path("<month:month>/figures.csv", views.figures, name="figures"),
    path("<month:month>/figures.xlsx", views.figures_workbook, name="figures_workbook"),
]
