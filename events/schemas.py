from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from collections.abc import Iterable

    from events.models import Initiative

COLUMNS = ("slug", "category", "unit", "title_en", "title_nl", "summary_en", "summary_nl", "link", "contact")


def initiatives_sheet(initiatives: Iterable[Initiative]) -> list[tuple[str, ...]]:
    """The overview for the Student Portal: stable codes, and all texts in both languages."""
    return [COLUMNS, *(_row(initiative) for initiative in initiatives)]


def _row(initiative: Initiative) -> tuple[str, ...]:
    code = initiative.unit.code if initiative.unit else ""
    return (initiative.slug, initiative.category, code, *(str(getattr(initiative, column)) for column in COLUMNS[3:]))


def initiatives_feed(initiatives: Iterable[Initiative], page: str, feed: str) -> dict[str, Any]:
    """Returns the overview in the reader's language, in the shape of jsonfeed.org/version/1.1. `page` and `feed` are
    the addresses of the page and of the feed itself.
    """
    return {
        "version": "https://jsonfeed.org/version/1.1",
        "title": _("Initiatives at %(university)s") % {"university": settings.UNIVERSITY},
        "home_page_url": page,
        "feed_url": feed,
        "language": get_language(),
        "items": [_item(initiative, page) for initiative in initiatives],
    }


def _item(initiative: Initiative, page: str) -> dict[str, Any]:
    unit = [initiative.unit.name] if initiative.unit else []
    item = {
        "id": initiative.slug,
        "url": f"{page}#{initiative.slug}",
        "title": initiative.title,
        "content_text": initiative.summary,
        "tags": [initiative.get_category_display(), *unit],
    }
    return item | ({"external_url": initiative.link} if initiative.link else {})
