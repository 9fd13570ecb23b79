from __future__ import annotations

from allauth.account import views
from django.urls import path

from project.accounts.views import confirm_code, request_code

# allauth reverses these names; of its pages we use only those of the code by mail (product W1): nobody has a password.
urlpatterns = [
    path("login/", request_code, name="account_login"),
    path("login/code/", request_code, name="account_request_login_code"),
    path("login/code/confirm/", confirm_code, name="account_confirm_login_code"),
    path("logout/", views.logout, name="account_logout"),
    path("inactive/", views.account_inactive, name="account_inactive"),
]
