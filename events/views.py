from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from django.conf import settings
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import translation
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.views.decorators.http import require_safe

from events.enums import InitiativeCategory
from events.models import Event, Initiative, Picture
from events.querysets import OPEN_TO_READ
from events.schemas import initiatives_feed, initiatives_sheet
from events.services.pictures import drawing
from project.accounts.models import Unit
from project.accounts.services.roles import rights_of
from project.spreadsheets import CSV, as_csv
from project.web.cache_control import kept_by_visitors

if TYPE_CHECKING:
    from django.http import HttpRequest

KEPT_FOREVER = "public, max-age=31536000, immutable"
KEPT_A_DAY = "public, max-age=86400"
JSON_FEED = "application/feed+json"


@require_safe
@kept_by_visitors
def initiative_list(request: HttpRequest) -> HttpResponse:
    """The full overview, by theme. Ignores a filter with an unknown value."""
    units = list(Unit.objects.filter(initiatives__isnull=False).distinct())
    unit = next((unit for unit in units if unit.code == request.GET.get("unit")), None)
    category = next((one for one in InitiativeCategory if one.value == request.GET.get("category")), None)
    initiatives = Initiative.objects.listed(unit=unit, category=category)
    by_category = groupby(initiatives, key=lambda initiative: initiative.category)
    context = {
        "categories": [(InitiativeCategory(code), list(inside)) for code, inside in by_category],
        "category_choices": InitiativeCategory,
        "units": units,
        "unit": unit,
        "category": category,
        "our_address": settings.MAIL_FROM,
    }
    return render(request, "events/initiative_list.html", context)


@require_safe
def initiatives_csv(request: HttpRequest) -> HttpResponse:
    sheet = initiatives_sheet(Initiative.objects.listed(unit=None, category=None))
    headers = {"Content-Disposition": 'attachment; filename="initiatives.csv"'}
    return HttpResponse(as_csv(sheet), content_type=CSV, headers=headers)


@require_safe
def initiatives_json(request: HttpRequest) -> JsonResponse:
    """The overview for portals, as a JSON Feed (jsonfeed.org/version/1.1) in the language of the reader."""
    page = request.build_absolute_uri(reverse("events:initiatives"))
    feed = initiatives_feed(Initiative.objects.listed(unit=None, category=None), page, request.build_absolute_uri())
    return JsonResponse(feed, content_type=JSON_FEED)


@require_safe
def picture(request: HttpRequest, slug: str, digest: str, extension: str) -> HttpResponse:
    """The picture of an event. Its address changes with its content, so whoever may see it may keep it."""
    pictures = Picture.objects.select_related("event").defer("avif" if extension == "webp" else "webp")
    found = get_object_or_404(pictures, event__slug=slug, event__is_discreet=False, digest=digest)
    content = bytes(getattr(found, extension))
    if not content:
        raise Http404
    if found.event.status in OPEN_TO_READ:
        return HttpResponse(content, f"image/{extension}", headers={"Cache-Control": KEPT_FOREVER})
    if not request.user.is_authenticated or not rights_of(request.user).may_organize(found.event.owner_id):
        raise Http404
    return HttpResponse(content, f"image/{extension}")


@require_safe
def sharing_picture(request: HttpRequest, slug: str, language: str) -> HttpResponse:
    """What Teams or WhatsApp show beside a link. Only for events that strangers may know about."""
    event = get_object_or_404(Event.objects.public(), slug=slug)
    with translation.override(language):
        tag = quote_etag(drawing.stamp(event))
        answer = get_conditional_response(request, etag=tag)
        answer = answer or HttpResponse(drawing.sharing_picture(event), "image/png")
    answer["ETag"], answer["Cache-Control"], answer["Content-Language"] = tag, KEPT_A_DAY, language
    return answer
