"""What other programs show of a link to us (Open Graph, which Teams, WhatsApp and the others read): title, one
sentence, picture. Nothing about anything discreet, or shown only to people who know its address.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import template
from django.conf import settings
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import get_language

from events.enums import EventStatus
from events.rules import is_public
from events.services.pictures.drawing import HEIGHT, WIDTH
from registrations.emails.links import page_of
from registrations.emails.wording.times import When

if TYPE_CHECKING:
    from django.utils.safestring import SafeString

    from events.models import Event, Session

register = template.Library()

LOCALES = {"en": "en_GB", "nl": "nl_NL"}


@register.simple_tag
def preview_of_event(event: Event) -> SafeString:
    return _described(event, title=event.title, description=event.summary, url=page_of(event))


@register.simple_tag
def preview_of_date(session: Session) -> SafeString:
    if not is_public(session):
        return mark_safe("")
    when = When.of(session)
    about = ". ".join(
        part for part in (", ".join(filter(None, [str(when), when.place])), session.event.summary) if part
    )
    return _described(session.event, title=session.title, description=about, url=page_of(session))


def _described(event: Event, *, title: str, description: str, url: str) -> SafeString:
    if event.is_discreet or event.status != EventStatus.PUBLISHED:
        return mark_safe("")
    language = get_language() or settings.LANGUAGE_CODE
    picture = reverse("events:sharing_picture", args=[event.slug, language])
    said = {
        "type": "website",
        "site_name": "Samen",
        "locale": LOCALES[language],
        "title": title,
        "description": description,
        "url": url,
        "image": f"{settings.BASE_URL}{picture}",
        "image:width": WIDTH,
        "image:height": HEIGHT,
        "image:alt": f"{event.get_kind_display()}: {event.title}",
    }
    tags = format_html_join("", '<meta property="og:{}" content="{}">', said.items())
    return format_html('{}<meta name="twitter:card" content="summary_large_image">', tags)
