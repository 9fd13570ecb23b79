from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language

from project.accounts.models import Role, User
from project.outbox.services.messages import draft, enqueue

if TYPE_CHECKING:
    from django.http import HttpRequest


class OutboxAccountAdapter(DefaultAccountAdapter):
    """Sign-in codes are mails like any other: rows first, so that a broker or a mail server may be away."""

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        person = User.objects.get(email=email.lower())
        person.language = (get_language() or "en")[:2]
        facts = {"code": context["code"]}
        enqueue([draft(kind="sign-in-code", recipient=person, subject_id=person.key, facts=facts, now=timezone.now())])

    def is_safe_url(self, url: str | None) -> bool:
        """Only paths of this site: the original also takes whole addresses, and stumbles over those that are none (`http://[`)."""
        return url_has_allowed_host_and_scheme(url, allowed_hosts=None)

    def add_message(
        self, request: HttpRequest, level: int, message_template: str | None = None, *args: Any, **kwargs: Any
    ) -> None:
        """The pages say what happened themselves; only refusals, which come as a text and not as a template, are passed on."""
        if message_template is None:
            super().add_message(request, level, message_template, *args, **kwargs)


class CodeBackend(AuthenticationBackend):
    def get_user(self, user_id: int) -> User | None:
        """The person with their unit, which decides where they may come, and whether they have any role, as most have none: one statement
        instead of three on every page.
        """
        roles = Role.objects.filter(user=OuterRef("pk"))
        people = User.objects.select_related("unit").annotate(has_roles=Exists(roles))
        return people.filter(pk=user_id, is_active=True).first()
