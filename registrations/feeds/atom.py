from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.templatetags.static import static
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import linebreaks
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from events.enums import SessionStatus
from events.models.texts import other_language
from registrations.emails.wording.times import When
from registrations.feeds import entries
from registrations.ical import texts

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from events.models import Session

UNKNOWN_TO_XML = dict.fromkeys((0xFFFE, 0xFFFF))  # besides control characters, which feed texts never contain


class _StableFeed(Atom1Feed):
    """Dated like its newest entry; for an empty feed Django would say that it changed just now."""

    def latest_post_date(self) -> datetime:
        newest: datetime = super().latest_post_date() if self.items else self.feed["today"]
        return newest

    def add_root_elements(self, handler: Any) -> None:
        super().add_root_elements(handler)
        handler.addQuickElement("icon", f"{settings.BASE_URL}{static('favicon.svg')}")

    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:
        """An entry has no picture in Atom, only categories: the stable code of the kind, and its word (RFC 4287
        4.2.2).
        """
        super().add_item_elements(handler, item)
        scheme, event = f"{settings.BASE_URL}/feeds/kinds/", item["event"]
        category = {"term": event.kind.lower(), "scheme": scheme, "label": str(event.get_kind_display())}
        handler.addQuickElement("category", "", category)

    def item_attributes(self, item: dict[str, Any]) -> dict[str, str]:
        attributes: dict[str, str] = super().item_attributes(item)
        return attributes | ({"xml:lang": item["language"]} if item["language"] else {})


def written(name: str, sessions: Iterable[Session], *, address: str, today: datetime) -> bytes:
    """Dates as news, in the given order (product C13)."""
    feed = _StableFeed(
        title=_clean(name),
        link=f"{settings.BASE_URL}{reverse('registrations:catalogue')}",
        description="",
        language=get_language(),
        author_name=_clean(settings.MAIL_FROM_NAME),
        feed_url=address,
        feed_guid=address,
        today=today,
    )
    for session in sessions:
        feed.add_item(**_news_of(session))
    content: str = feed.writeString("utf-8")
    return content.encode()


def _news_of(session: Session) -> dict[str, Any]:
    """Django writes the summary as HTML, so what organisers wrote is escaped once more."""
    appointment, when = entries.public(session).appointment, When.of(session)
    about = [str(when), appointment.location, session.event.summary]
    if session.status == SessionStatus.CANCELLED:
        about = [_("This session does not take place."), *about]
    text = "\n\n".join(_clean(paragraph) for paragraph in about if paragraph)
    return {
        "title": _clean(f"{appointment.summary}, {when.day}"),
        "link": appointment.url,
        "language": other_language(session, "title"),
        "description": linebreaks(text, autoescape=True),
        "unique_id": f"urn:uuid:{session.ical_uid}",
        "updateddate": appointment.stamped_at,
        "event": session.event,
    }


def _clean(text: str) -> str:
    return texts.one_line(text).translate(UNKNOWN_TO_XML)
