from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from events.services.pictures.changing import PictureChange
from events.services.pictures.processing import Processed, UnusablePicture, processed
from project.text.fields import LineField

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

MAX_UPLOAD = 8_000_000  # bytes: photos of phones and most cameras
PICTURE_FIELDS = ("picture", "picture_alt_en", "picture_alt_nl")
EXPLANATION = _(
    "Not needed: every event has a cover of its own, drawn from its mark. A picture takes its place on the page of the "
    "event. It is shown twice as wide as high, and the place and time that a camera writes into it are removed. "
    "First ask everybody who can be recognised in it."
)
TAKES = "image/jpeg,image/png,image/webp,image/avif"


class PictureField(forms.FileField):
    """Cleans to a `Processed` picture, or None."""

    widget = forms.FileInput(attrs={"accept": TAKES})
    default_error_messages = {"empty": _("This file is empty. Choose another.")}

    def __init__(self) -> None:
        help_text = _("JPEG, PNG, WebP or AVIF, at most %(number)d MB.") % {"number": MAX_UPLOAD // 1_000_000}
        super().__init__(label=_("Picture"), required=False, help_text=help_text)

    def to_python(self, data: Any) -> Processed | None:  # type: ignore[override]  # a file goes in, a picture comes out
        file = super().to_python(data)
        if file is None:
            return None
        if (file.size or 0) > MAX_UPLOAD:
            text = _("This file is larger than %(number)d MB. Save the picture in a smaller size, and choose that.")
            raise ValidationError(text % {"number": MAX_UPLOAD // 1_000_000}, code="too-large")
        try:
            return processed(file)
        except UnusablePicture as unusable:
            raise ValidationError(unusable.text, code=unusable.code) from None


class DescriptionField(LineField):
    """What the picture shows, in one language."""

    def __init__(self, label: StrOrPromise) -> None:
        help_text = _("One sentence for people who cannot see it.")
        super().__init__(label=label, required=False, max_length=200, help_text=help_text)


def picture_errors(cleaned: dict[str, Any], *, has_picture: bool, is_discreet: bool) -> dict[str, StrOrPromise]:
    """Returns what is wrong with the fields together, by field."""
    if cleaned.get("remove_picture") and not cleaned.get("picture"):
        return {}
    missing = [name for name in PICTURE_FIELDS[1:] if not cleaned.get(name)]
    if cleaned.get("picture") or has_picture:
        if is_discreet:
            return {"picture": _("A discreet event has no picture: somebody else may see it on the screen.")}
        return dict.fromkeys(missing, _("Describe the picture, in both languages."))
    if len(missing) < len(PICTURE_FIELDS) - 1:
        return {"picture": _("Choose the picture that you have described, or remove the description.")}
    return {}


def picture_change(cleaned: dict[str, Any]) -> PictureChange:
    picture = cleaned.get("picture")
    return PictureChange(
        picture=picture,
        alt_en=cleaned.get("picture_alt_en", ""),
        alt_nl=cleaned.get("picture_alt_nl", ""),
        is_removed=bool(cleaned.get("remove_picture")) and not picture,
    )
