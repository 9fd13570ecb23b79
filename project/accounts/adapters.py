from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.account.stages import LoginByCodeStage
from allauth.core import context
from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language

from project.accounts.models import Role, User
from project.accounts.services import sign_ins
from project.database.prepared import PreparedRead
from project.outbox.services import bounces
from project.outbox.services.messages import draft, enqueue

if TYPE_CHECKING:
    from allauth.account.models import Login
    from allauth.account.stages import LoginStageController
    from django.db.models import QuerySet
    from django.http import HttpRequest, HttpResponse

THEIR_CODE_STAGE = f"{LoginByCodeStage.__module__}.{LoginByCodeStage.__name__}"


class OutboxAccountAdapter(DefaultAccountAdapter):
    """Sign-in codes are mails like any other: rows first, so that a broker or a mail server may be away."""

    def generate_login_code(self) -> str:
        """Another one each time, unless the address has had so many mails that the latest must do (`project.accounts.views`)."""
        code: str = getattr(context.request, "code_in_the_mail", "") or super().generate_login_code()
        return code

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        if getattr(context["request"], "code_in_the_mail", ""):
            return
        sign_ins.remember_code(email, context["code"])
        person = User.objects.get(email=email.lower())
        person.language = (get_language() or "en")[:2]
        facts = {"code": context["code"]}
        enqueue([draft(kind="sign-in-code", recipient=person, subject_id=person.key, facts=facts, now=timezone.now())])

    def get_login_stages(self) -> list[str]:
        own = f"{CodeStage.__module__}.{CodeStage.__name__}"
        return [own if path == THEIR_CODE_STAGE else path for path in super().get_login_stages()]

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        """Whoever typed in a code from a mail has got the mail."""
        if user.bounced_at:
            bounces.forget(recipient_id=user.pk)
        sign_ins.spend_code(user.email)
        response: HttpResponse = super().post_login(request, user, **kwargs)
        return response

    def is_safe_url(self, url: str | None) -> bool:
        """Only paths of this site: the original also takes whole addresses, and stumbles over those that are none (`http://[`)."""
        return url_has_allowed_host_and_scheme(url, allowed_hosts=None)

    def add_message(
        self, request: HttpRequest, level: int, message_template: str | None = None, *args: Any, **kwargs: Any
    ) -> None:
        """The pages say what happened themselves; only refusals, which come as a text and not as a template, are passed on."""
        if message_template is None:
            super().add_message(request, level, message_template, *args, **kwargs)


class CodeStage(LoginByCodeStage):
    """Somebody who was mailed a code and has not typed it yet. The session names the person: by then they may have another address, or their
    empty account may have gone to the owner of its address, and the code was for somebody else. It has then expired, as after its time.
    """

    def __init__(self, controller: LoginStageController, request: HttpRequest, login: Login) -> None:
        super().__init__(controller, request, login)
        code = self.state.get("code")
        if (code and (login.user is None or self.state["email"].lower() != login.user.email)) or (
            code and sign_ins.is_spent(self.state["email"], code)
        ):
            self.state["at"] = 0


class SessionStore(db.SessionStore):
    """Django's own, in the database so that each can be ended at once; it only reads them with less ado."""

    def load(self) -> dict[str, Any]:
        rows = _unexpired_session(session_key=self.session_key, now=timezone.now())
        if not rows:
            self._session_key = None  # as the original: whoever comes with an unknown key gets a new one
            return {}
        said: dict[str, Any] = self.decode(rows[0].session_data)
        return said


class CodeBackend(AuthenticationBackend):
    def get_user(self, user_id: int) -> User | None:
        """The person with their unit, which decides where they may come, and whether they have any role, as most have none: one statement
        instead of three on every page.
        """
        return next(iter(_active(user_id=user_id)), None)


def _active_people(user_id: int) -> QuerySet[User]:
    people = User.objects.select_related("unit").annotate(has_roles=Exists(Role.objects.filter(user=OuterRef("pk"))))
    return people.filter(pk=user_id, is_active=True)


_active = PreparedRead(_active_people, user_id=int)
_unexpired_session = PreparedRead(
    lambda session_key, now: Session.objects.filter(session_key=session_key, expire_date__gt=now),
    session_key=str,
    now=datetime,
)
