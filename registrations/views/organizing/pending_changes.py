"""The changes of a conference that its organiser sends all at once (specs/calendar.md 3.11)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from registrations.forms import SendForm
from registrations.rules.schedules import collects_changes
from registrations.services.organizing import pending_changes
from registrations.views.form_pages import accepted, form_page
from registrations.views.permissions import organized_event

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def send(request: HttpRequest, slug: str) -> HttpResponse:
    """Shows what would be sent and to how many people, with the one button that sends it."""
    event, now = organized_event(request, slug), timezone.now()
    if not collects_changes(event):
        raise Http404
    form = SendForm(request.POST or None)
    sent = accepted(
        form,
        lambda: pending_changes.send_changes(event_key=event.key, previewed=form.cleaned_data["previewed"], now=now),
    )
    if sent:
        messages.success(request, _told(sent.people))
        return redirect("registrations:organize_event", event.slug)
    held = pending_changes.changes_of(event=event, now=now)
    return form_page(
        request, "registrations/organizing/changes/pending_changes.html", form, event=event, collected=held
    )


def _told(people: int) -> str:
    if not people:
        return _("Nothing was waiting to be sent.")
    text = ngettext(
        "Sent. %(people)d person has an email on the way.", "Sent. %(people)d people have an email on the way.", people
    )
    return text % {"people": people}
