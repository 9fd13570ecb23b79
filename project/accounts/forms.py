from __future__ import annotations

from typing import Any

import structlog
from allauth.account.adapter import get_adapter
from allauth.account.forms import ConfirmLoginCodeForm, RequestLoginCodeForm
from allauth.account.internal.stagekit import get_pending_stage
from allauth.core import context
from django import forms
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from project.accounts.enums import SELF_CHOSEN_AUDIENCES, Audience, AudienceSource
from project.accounts.models import Unit, User
from project.accounts.services import guesses, people
from project.text.fields import NameField
from project.web.rate_limits import network_of

log = structlog.get_logger(__name__)

LONGEST_ADDRESS = 254  # the length of the columns that store it


class AddressField(forms.EmailField):
    """A mail address, lowercased as we store it. Lowercasing can make a text longer (`İ` becomes two characters), so
    the length is checked afterwards.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=LONGEST_ADDRESS, **options)

    def to_python(self, value: Any) -> str:
        return (super().to_python(value) or "").lower()


class AddressForm(RequestLoginCodeForm):
    """The form that asks for a mail address. Makes an account on first sight: whoever can read the mail of an address
    owns it.
    """

    def clean_email(self) -> str:
        given = AddressField().clean(self.cleaned_data["email"])
        people.admit(address=given, language=(get_language() or "en")[:2], now=timezone.now())
        address: str = super().clean_email()
        return address


class CodeForm(ConfirmLoginCodeForm):
    """The form for the code in the mail. Counts each guess before comparing it, so that sending many at once gains
    nothing.
    """

    def clean_code(self) -> str:
        network = network_of(context.request.META.get("REMOTE_ADDR", ""))
        if not guesses.count(_mailed(), address=_address(), network=network):
            log.warning("limit_reached", limit="code-guesses")
            raise get_adapter().validation_error("too_many_login_attempts")
        try:
            code: str = super().clean_code()
        except forms.ValidationError:
            log.warning("code_refused")
            raise
        return code


def _mailed() -> str:
    """Identifies one request for a code in one browser: its session, and when the code was asked for. Having a new code
    sent does not change it, so it gives no new guesses.
    """
    stage = get_pending_stage(context.request)
    return f"{context.request.session.session_key}:{stage.state['at'] if stage else ''}"


def _address() -> str:
    stage = get_pending_stage(context.request)
    return str(stage.state.get("email", "")).lower() if stage else ""


class IntroductionForm(forms.ModelForm[User]):
    """Asks for name, unit and audience, once. Leaves out the audience if an organiser or the university account set
    it.
    """

    class Meta:
        model = User
        fields = ("name", "unit", "audience")

    name = NameField(
        label=_("Your name"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    unit = forms.ModelChoiceField(Unit.objects.all(), label=_("Where you work or study"), empty_label=_("Choose…"))
    audience = forms.ChoiceField(
        label=_("I am a"),
        choices=[(audience.value, audience.label) for audience in SELF_CHOSEN_AUDIENCES],
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.audience == Audience.GUEST:
            del self.fields["unit"]  # guests belong to no unit of the university
        if self.instance.audience and self.instance.audience_source != AudienceSource.SELF:
            del self.fields["audience"]
