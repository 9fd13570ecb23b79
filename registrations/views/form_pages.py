"""How we respond to a submitted form."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any, TypeVar

from django.shortcuts import render

from events.services.refusals import UnableToChange
from registrations.services.attending.address_changes import UnableToUseAddress

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.forms import BaseForm
    from django.http import HttpRequest, HttpResponse

Outcome = TypeVar("Outcome")


def accepted(form: BaseForm, verb: Callable[[], Outcome]) -> Outcome | None:
    """Returns what the verb returns for a valid form, else None. A refusal is shown beside the field it is about, and
    the input is kept.
    """
    if not form.is_valid():
        return None
    try:
        return verb()
    except (UnableToChange, UnableToUseAddress) as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal.text)
        return None


def form_page(request: HttpRequest, template: str, form: BaseForm, **context: Any) -> HttpResponse:
    """The page of a form, either new or shown again with its errors."""
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound and form.errors else HTTPStatus.OK
    return render(request, template, {"form": form, **context}, status=status)
