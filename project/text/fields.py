"""Form fields for what people type; the rules are in `project.text.texts`."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from project.text import texts


class LineField(forms.CharField):
    """A name, a title, a subject: one line."""

    def to_python(self, value: Any) -> str:
        try:
            return texts.one_line(super().to_python(value) or "")
        except texts.UnreadableText as unreadable:
            raise ValidationError(unreadable.text, code="unreadable") from None


class ParagraphsField(forms.CharField):
    """A text that may have line ends."""

    widget = forms.Textarea

    def to_python(self, value: Any) -> str:
        try:
            return texts.paragraphs(super().to_python(value) or "")
        except texts.UnreadableText as unreadable:
            raise ValidationError(unreadable.text, code="unreadable") from None


class NameField(LineField):
    """The name of a person. Refuses addresses and links, because others read the name in our mails."""

    def validate(self, value: str) -> None:
        super().validate(value)
        if texts.leads_somewhere(value):
            text = _("Enter only your name, without an address or a link, and with a space after a full stop.")
            raise ValidationError(text, code="link")
