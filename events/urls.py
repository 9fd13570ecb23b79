from __future__ import annotations

from django.urls import path, re_path

from events import views

app_name = "events"
urlpatterns = [
    path("initiatives/", views.initiative_list, name="initiatives"),
    re_path(
        r"^pictures/(?P<slug>[\w-]+)/(?P<digest>[0-9a-f]{20})\.(?P<extension>webp|avif)$", views.picture, name="picture"
    ),
    re_path(r"^sharing/(?P<slug>[\w-]+)/(?P<language>en|nl)\.png$", views.sharing_picture, name="sharing_picture"),
    path("initiatives.csv", views.initiatives_csv, name="initiatives_csv"),
    path("initiatives.json", views.initiatives_json, name="initiatives_json"),
]
