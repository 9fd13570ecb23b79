from __future__ import annotations

from django.urls import path

from project.demo import views

app_name = "demo"
urlpatterns = [
    path("", views.home, name="home"),
    path("sign-in/", views.sign_in, name="sign_in"),
    path("mails/<str:name>/", views.mail, name="mail"),
    path("mails/<str:name>/html/", views.mail_html, name="mail_html"),
]
