"""What somebody wants to hear from us, and where we write to them."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from project.accounts.enums import AddressPurpose
from project.accounts.models import User
from project.accounts.services import preferences
from registrations.emails.links import ADDRESS_LINK_SALT
from registrations.forms import AddressChangeForm, HostProfileForm, PreferencesForm, PrivateAddressForm
from registrations.services.attending import address_changes
from registrations.services.attending.address_changes import UnableToUseAddress
from registrations.services.pages import hosts
from registrations.views.form_pages import accepted, form_page
from registrations.views.people import me
from registrations.views.signed_links import signed_key

if TYPE_CHECKING:
    from django.forms import BaseForm
    from django.http import HttpRequest, HttpResponse


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    form = PreferencesForm(request.POST or None, person=me(request))
    if request.method == "POST" and form.is_valid():
        preferences.keep(person=me(request), preferences=form.preferences)
        messages.success(request, _("Saved. Emails from now on follow it."))
        return redirect("registrations:preferences")
    return _page(request, form)


@never_cache
@login_required
@require_POST
def change_address(request: HttpRequest) -> HttpResponse:
    return _ask(request, AddressChangeForm(request.POST, prefix="account"), AddressPurpose.ACCOUNT)


@never_cache
@login_required
@require_POST
def private_address(request: HttpRequest) -> HttpResponse:
    """`remove` deletes the stored one."""
    if "remove" in request.POST:
        preferences.forget_private_address(person=me(request))
        messages.success(request, _("Removed. All our emails go to your own address again."))
        return redirect("registrations:preferences")
    return _ask(request, PrivateAddressForm(request.POST, prefix="private"), AddressPurpose.DISCREET)


@never_cache
@login_required
@require_POST
def host_profile(request: HttpRequest) -> HttpResponse:
    form = HostProfileForm(request.POST, person=me(request), prefix="host")
    if not form.is_valid():
        return _page(request, form)
    preferences.keep_host_profile(person=me(request), profile=form.profile)
    messages.success(request, _("Saved."))
    return redirect("registrations:preferences")


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def confirm_address(request: HttpRequest, token: str) -> HttpResponse:
    """The link in a mail to the new address. Only the owner of that address can read it, and only the person who
    requested the change can use it, so it asks them to sign in.
    """
    person, now, key = me(request), timezone.now(), signed_key(token, salt=ADDRESS_LINK_SALT)
    try:
        if request.method == "POST":
            return _confirmed(request, address_changes.confirm(key=key, person=person, now=now).purpose)
        pending = address_changes.pending_address(key=key, person=person, now=now)
    except UnableToUseAddress as refusal:
        context = {"refusal": refusal.text}
        return render(request, "registrations/attending/links/address_confirm.html", context, status=HTTPStatus.GONE)
    return render(request, "registrations/attending/links/address_confirm.html", {"pending": pending})


def _ask(request: HttpRequest, form: AddressChangeForm | PrivateAddressForm, purpose: AddressPurpose) -> HttpResponse:
    def ask() -> object:
        address = form.cleaned_data["address"]
        return address_changes.request_change(person=me(request), purpose=purpose, address=address, now=timezone.now())

    if not accepted(form, ask):
        return _page(request, form)
    messages.success(
        request, _("We have sent an email to that address. Open the link in it, in this browser, within a day.")
    )
    return redirect("registrations:preferences")


def _page(request: HttpRequest, form: BaseForm) -> HttpResponse:
    """One page with several forms, one of which may be shown again with its errors."""
    person = me(request)
    fresh: dict[str, BaseForm] = {
        "shown": PreferencesForm(person=person),
        "address_form": AddressChangeForm(prefix="account"),
        "private_form": PrivateAddressForm(prefix="private"),
    }
    if hosts.leads_sessions(person):
        fresh["host_form"] = HostProfileForm(person=person, prefix="host")
    forms = {name: form if isinstance(form, type(other)) else other for name, other in fresh.items()}
    return form_page(request, "registrations/attending/preferences.html", form, person=person, **forms)


def _confirmed(request: HttpRequest, purpose: str) -> HttpResponse:
    if purpose == AddressPurpose.ACCOUNT:
        person = User.objects.get(pk=me(request).pk)
        update_session_auth_hash(request, person)  # all their other sessions have ended
        messages.success(request, _("Done. From now on you sign in with the new address, and we write to it."))
    else:
        messages.success(request, _("Done. Emails about discreet sessions go there."))
    return redirect("registrations:preferences")
