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
    """Writes sign-in codes to the outbox, as every other mail, so that no code is lost while the broker or the mail
    server is down.
    """

    def generate_login_code(self) -> str:
        """Returns a new code, or the latest one again if the address has reached its limit of mails
        (`project.accounts.views` sets `code_in_the_mail`).
        """
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
        """Clears `bounced_at`: somebody who typed in a code from a mail can be reached at that address."""
        if user.bounced_at:
            bounces.forget(recipient_id=user.pk)
        sign_ins.spend_code(user.email)
        response: HttpResponse = super().post_login(request, user, **kwargs)
        return response

    def is_safe_url(self, url: str | None) -> bool:
        """Accepts only paths of this site. allauth also accepts absolute URLs, and raises for malformed ones
        (`http://[`).
        """
        return url_has_allowed_host_and_scheme(url, allowed_hosts=None)

    def add_message(
        self, request: HttpRequest, level: int, message_template: str | None = None, *args: Any, **kwargs: Any
    ) -> None:
        """Drops allauth's messages, since our pages say themselves what happened. Only refusals, which come as a text
        instead of a template, are passed on.
        """
        if message_template is None:
            super().add_message(request, level, message_template, *args, **kwargs)


class CodeStage(LoginByCodeStage):
    """The step of signing in between mailing a code and entering it.

    The session names the person. Meanwhile their address may have changed, or their empty account may be gone because
    the owner of the address moved an account to it. The code was then mailed to somebody else, so it counts as expired.
    So does a code that was already used in another browser.
    """

    def __init__(self, controller: LoginStageController, request: HttpRequest, login: Login) -> None:
        super().__init__(controller, request, login)
        code = self.state.get("code")
        if (code and (login.user is None or self.state["email"].lower() != login.user.email)) or (
            code and sign_ins.is_spent(self.state["email"], code)
        ):
            self.state["at"] = 0


class SessionStore(db.SessionStore):
    """Django's database sessions (rows, so that each can be ended at once), read with a prepared statement."""

    def load(self) -> dict[str, Any]:
        rows = _unexpired_session(session_key=self.session_key, now=timezone.now())
        if not rows:
            self._session_key = None  # as Django does it: a browser with an unknown key gets a new one
            return {}
        data: dict[str, Any] = self.decode(rows[0].session_data)
        return data


class CodeBackend(AuthenticationBackend):
    def get_user(self, user_id: int) -> User | None:
        """Returns the person with their unit (needed to decide what they may attend) and `has_roles`, since most have
        none: one statement instead of three on every page.
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
