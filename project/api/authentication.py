from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from ninja.errors import AuthorizationError
from ninja.security import APIKeyCookie
from ninja.utils import check_csrf

from project.accounts.models import User


class BrowserSession(APIKeyCookie):
    """The session of the site, with its protection against forged requests.

    Who is signed out is told so first: a token would not help them.
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
