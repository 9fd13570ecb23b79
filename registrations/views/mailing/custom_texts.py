"""An organiser's own texts in the mails of an event (product K7)."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from csp.decorators import csp
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from registrations.emails.wording.custom_texts import placeholders_of
from registrations.forms import CustomTextForm
from registrations.models import CustomText
from registrations.services.mailing import custom_texts
from registrations.services.mailing.custom_texts import LANGUAGES, SubjectAndBody
from registrations.services.mailing.previews import EDITABLE_KINDS
from registrations.templatetags.organizing import mail_group
from registrations.views.form_pages import accepted, form_page
from registrations.views.mailing.preview_frames import MAIL_POLICY, draft_of, keep_draft
from registrations.views.people import me
from registrations.views.permissions import organized_event

if TYPE_CHECKING:
    from django.http import HttpRequest

    from events.models import Event


@login_required
@require_safe
def kinds(request: HttpRequest, slug: str) -> HttpResponse:
    """Every mail that people of this event can get, and whether it has our text or their own. For a discreet event: why
    there is nothing to choose.
    """
    event = organized_event(request, slug)
    own = CustomText.objects.filter(event=event).order_by("language").select_related("changed_by")
    written: dict[str, list[CustomText]] = {}
    for text in own:
        written.setdefault(text.kind, []).append(text)
    groups = [
        (label, [(kind, written.get(kind, [])) for kind in kinds])
        for label, kinds in groupby(EDITABLE_KINDS, key=mail_group)
    ]
    return render(request, "registrations/mailing/kinds.html", {"event": event, "groups": groups})


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def words(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    """The texts, and below them the real mail as it would be sent. "Show the mail" uses the input without saving it."""
    event, now = _event_with_mail(request, slug, kind), timezone.now()
    stored = custom_texts.stored_custom_texts(event, kind)
    placeholders = placeholders_of(kind)
    form = CustomTextForm(request.POST or None, texts=stored, placeholders=placeholders)
    mails = accepted(form, lambda: custom_texts.preview_custom_text(event=event, kind=kind, texts=form.texts, now=now))
    if mails and "save" in request.POST:
        custom_texts.save_custom_text(event_key=event.key, kind=kind, texts=form.texts, actor=me(request), now=now)
        messages.success(request, _("Saved. From now on this email uses your text."))
        return redirect("registrations:organize_words", event.slug, kind)
    if mails:
        keep_draft(request, f"{event.key} {kind}", form.cleaned_data)
    elif not form.is_bound:
        mails = custom_texts.preview_custom_text(event=event, kind=kind, texts=stored, now=now)
    context = {"event": event, "kind": kind, "mails": mails, "stored": stored, "placeholders": placeholders}
    return form_page(request, "registrations/mailing/custom_texts.html", form, **context)


@login_required
@require_POST
def reset(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    event = _event_with_mail(request, slug, kind)
    custom_texts.reset_custom_text(event_key=event.key, kind=kind)
    messages.success(request, _("This email has its standard text again."))
    return redirect("registrations:organize_words", event.slug, kind)


@login_required
@never_cache
@require_safe
@xframe_options_sameorigin
@csp(MAIL_POLICY)  # type: ignore[arg-type]  # its type knows only views without arguments
def shown(request: HttpRequest, slug: str, kind: str, language: str) -> HttpResponse:
    """The HTML part alone, for the frame of the page."""
    event = _event_with_mail(request, slug, kind)
    if language not in LANGUAGES:
        raise Http404
    draft = draft_of(request, f"{event.key} {kind}")
    own = _texts_in(draft) if draft else custom_texts.stored_custom_texts(event, kind)
    mails = custom_texts.preview_custom_text(event=event, kind=kind, texts=own, now=timezone.now())
    return HttpResponse(mails[language].html)


def _texts_in(draft: dict[str, str]) -> dict[str, SubjectAndBody]:
    return {language: SubjectAndBody(draft[f"subject_{language}"], draft[f"body_{language}"]) for language in LANGUAGES}


def _event_with_mail(request: HttpRequest, slug: str, kind: str) -> Event:
    """The texts of mails about a discreet event cannot be changed (specs/privacy.md 3)."""
    event = organized_event(request, slug)
    if event.is_discreet or kind not in EDITABLE_KINDS:
        raise Http404
    return event
