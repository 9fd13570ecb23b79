from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from ninja.errors import AuthorizationError
from ninja.security import APIKeyCookie
from ninja.utils import check_csrf

from project.accounts.models import User


class BrowserSession(APIKeyCookie):
    """Signs in with the session cookie of the site, and checks the CSRF token.

    Checks the session first: people who are signed out get `signed-out`, since a token would not help them.
    """

    param_name = settings.SESSION_COOKIE_NAME

    def __call__(self, request: HttpRequest) -> User | None:
        return self.authenticate(request, key=None)

    def authenticate(self, request: HttpRequest, key: str | None) -> User | None:
        if not isinstance(request.user, User):
            return None
        if check_csrf(request):
            raise AuthorizationError
        return request.user
