from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.http import HttpResponseRedirect
from django.urls import reverse

from project.accounts.adapters import OutboxAccountAdapter
from registrations.adapters.pending_sign_up import complete_sign_up

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from project.accounts.models import User


class AccountAdapter(OutboxAccountAdapter):
    """After signing in, people get what they asked for before, and its page (product S1)."""

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        response: HttpResponse = super().post_login(request, user, **kwargs)
        if not user.is_introduced:
            return HttpResponseRedirect(
                f"{reverse('registrations:welcome')}?{urlencode({'next': response['Location']})}"
            )
        return HttpResponseRedirect(complete_sign_up(request, user) or response["Location"])
