from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.http import HttpResponseRedirect
from django.urls import reverse

from project.accounts.adapters import OutboxAccountAdapter
from registrations.adapters.pending_sign_up import complete_sign_up, needs_group_first

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from project.accounts.models import User


class AccountAdapter(OutboxAccountAdapter):
    """After signing in, people get what they asked for before, and its page (product S1). Newcomers are asked who they
    are after that, or before it if the seat depends on it.
    """

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        destination: str = super().post_login(request, user, **kwargs)["Location"]
        if not needs_group_first(request, user):
            destination = complete_sign_up(request, user) or destination
        if not user.is_introduced:
            destination = f"{reverse('registrations:welcome')}?{urlencode({'next': destination})}"
        return HttpResponseRedirect(destination)
