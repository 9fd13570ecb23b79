"""What an organiser writes: custom texts for the mails of an event, and a message to the people of a date."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Fieldset, Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from project.text.fields import LineField, ParagraphsField
from registrations.emails.wording.custom_texts import PLACEHOLDERS, unknown_placeholders
from registrations.enums import Status
from registrations.forms.organize import ChangeForm
from registrations.services.mailing.broadcasts import Draft
from registrations.services.mailing.custom_texts import LANGUAGES, LONGEST_BODY, LONGEST_SUBJECT, SubjectAndBody

if TYPE_CHECKING:
    from collections.abc import Container, Mapping

    from events.models import Session

GROUPS = {
    Status.CONFIRMED: _("Have a seat"),
    Status.OFFERED: _("Have an offer to answer"),
    Status.WAITLISTED: _("Wait for a seat"),
    Status.REQUESTED: _("Asked for a seat, and have no answer yet"),
    Status.CANCELLED: _("Do not come any more"),
}
ENGLISH, DUTCH = ("subject_en", "body_en"), ("subject_nl", "body_nl")


class SubjectField(LineField):
    def __init__(self, language: str) -> None:
        widget = forms.TextInput(attrs={"lang": language})
        super().__init__(label=_("Subject"), required=False, max_length=LONGEST_SUBJECT, widget=widget)


class BodyField(ParagraphsField):
    def __init__(self, language: str) -> None:
        widget = forms.Textarea(attrs={"lang": language, "rows": 6})
        help_text = _("An empty line begins a new paragraph.")
        super().__init__(label=_("Text"), required=False, max_length=LONGEST_BODY, widget=widget, help_text=help_text)


class _OwnTexts(forms.Form):
    """A subject and a text in both languages, which may contain these placeholders in braces."""

    placeholders: Container[str] = PLACEHOLDERS.keys()
    subject_en, body_en = SubjectField("en"), BodyField("en")
    subject_nl, body_nl = SubjectField("nl"), BodyField("nl")

    def clean(self) -> dict[str, Any]:
        """Reports the errors of all fields at once; the verb would only name the first."""
        data = super().clean() or self.cleaned_data
        for name in (*ENGLISH, *DUTCH):
            if unknown := unknown_placeholders(data.get(name, ""), self.placeholders):
                text = _("We do not know %(placeholder)s. The list below says what can stand in braces.")
                self.add_error(name, forms.ValidationError(text, params={"placeholder": unknown[0]}))
        return data


class CustomTextForm(_OwnTexts):
    def __init__(self, data: Any = None, *, texts: Mapping[str, SubjectAndBody], placeholders: Container[str]) -> None:
        self.placeholders = placeholders
        initial = {f"subject_{language}": text.subject for language, text in texts.items()}
        initial |= {f"body_{language}": text.body for language, text in texts.items()}
        super().__init__(data, initial=initial)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout(*_by_language())

    @property
    def texts(self) -> dict[str, SubjectAndBody]:
        data = self.cleaned_data
        return {
            language: SubjectAndBody(data[f"subject_{language}"], data[f"body_{language}"]) for language in LANGUAGES
        }


class NoticeForm(_OwnTexts, ChangeForm):
    """`key` is generated with the preview and only counts after it: the same form sent twice is one message."""

    statuses = forms.MultipleChoiceField(label=_("To whom"), widget=forms.CheckboxSelectMultiple)
    key = forms.UUIDField(required=False, widget=forms.HiddenInput)
    previewed = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def __init__(self, *args: Any, session: Session, counts: Mapping[str, int], **kwargs: Any) -> None:
        super().__init__(*args, session=session, initial={"statuses": [Status.CONFIRMED]}, **kwargs)
        choices = [(str(status), f"{label} ({counts.get(status, 0)})") for status, label in GROUPS.items()]
        self.fields["statuses"].choices = choices  # type: ignore[attr-defined]  # a field of choices

    def layout(self) -> Layout:
        return Layout("statuses", *_by_language())

    @property
    def fingerprint(self) -> str:
        return hashlib.sha256(super().fingerprint.encode()).hexdigest()

    @property
    def is_confirmed(self) -> bool:
        data = self.cleaned_data
        return bool(data["confirm"] and data["key"]) and data["previewed"] == self.fingerprint

    @property
    def draft(self) -> Draft:
        return Draft(**(self.facts | {"statuses": tuple(self.cleaned_data["statuses"])}))


def _by_language() -> tuple[Fieldset, Fieldset]:
    return Fieldset(_("In English"), *ENGLISH), Fieldset(_("In Dutch"), *DUTCH)
