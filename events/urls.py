from __future__ import annotations

from django.urls import path

from events import views

app_name = "events"
urlpatterns = [
    path("initiatives/", views.initiative_list, name="initiatives"),
    path("initiatives/export.csv", views.initiative_export, name="initiatives_export"),
]
