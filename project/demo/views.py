"""Signing in as anybody, and reading everybody's mail: only with `DEMO=1`, which listens on this machine only."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any

from csp.decorators import csp
from django.conf import settings
from django.contrib.auth import login
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_POST, require_safe

from project.accounts.models import User
from project.demo.services import mailbox, people
from registrations.adapters import complete_sign_up
from registrations.views.mailing.preview_frames import MAIL_POLICY
from registrations.views.people import back

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest

    View = Callable[..., HttpResponse]


def only_in_the_demo(view: View) -> View:
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not settings.DEMO:
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


@only_in_the_demo
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    return render(request, "demo/home.html", {"people": people.PEOPLE, "mails": mailbox.latest()})


@only_in_the_demo
@require_POST
def sign_in(request: HttpRequest) -> HttpResponse:
    """Signs in as a person of the demo, including the crowd. Completes a sign-up that was begun before, as after any
    sign-in.
    """
    address = request.POST.get("person", "").strip().lower()
    if not address.isprintable():  # PostgreSQL raises an error for NUL
        raise Http404
    person = get_object_or_404(User, email=address, email__endswith=f"@{people.DOMAIN}", is_active=True)
    login(request, person)
    page = complete_sign_up(request, person)
    return redirect(page) if page else back(request, otherwise="registrations:catalogue")


@only_in_the_demo
@require_safe
def mail(request: HttpRequest, name: str) -> HttpResponse:
    return render(request, "demo/mail.html", {"mail": _mail(name)})


@only_in_the_demo  # type: ignore[arg-type]  # the same
@require_safe
@xframe_options_sameorigin
@csp(MAIL_POLICY)  # type: ignore[arg-type]  # its type knows only views without arguments
def mail_html(request: HttpRequest, name: str) -> HttpResponse:
    """The HTML part alone, for the sandboxed frame."""
    return HttpResponse(_mail(name).html)


def _mail(name: str) -> mailbox.Mail:
    try:
        return mailbox.open_mail(name)
    except mailbox.NoSuchMail:
        raise Http404 from None
