from __future__ import annotations

from django.urls import path

from feedback import views

app_name = "feedback"
urlpatterns = [
    path("feedback/", views.answer, name="answer"),
    path("feedback/thanks/", views.thanks, name="thanks"),
    path("organise/sessions/<uuid:key>/feedback/", views.results, name="results"),
]
