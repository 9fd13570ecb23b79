"""Freezes the figures of a month. Once they are written, the database itself refuses to change them."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

import structlog
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from project.dashboard.enums import CellStatus, PeriodKind
from project.dashboard.models import PublishedCell, Release
from project.dashboard.rules.answers import answers
from project.dashboard.rules.periods import closing_with, month_of, releasable_from
from project.dashboard.rules.tables import build
from project.dashboard.services.reading import read_programme, uncounted_surveys

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from project.dashboard.rules.periods import Period
    from project.dashboard.rules.tables import Figure

log = structlog.get_logger(__name__)


class UnableToRelease(Exception):
    """A refusal. `code` is stable: `not-closed-yet`, `already-released` or `answers-not-counted`. The text may be
    shown.
    """

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code


@transaction.atomic(durable=True)
def release_month(*, month: date, now: datetime) -> Release:
    """Freezes a closed month, and the quarter, half year and academic year that close with it (specs/privacy.md 1.5).

    Raises `UnableToRelease`: before the tenth working day after the month (`not-closed-yet`), for a second time
    (`already-released`), and while a survey that should have closed in the quarter is not counted
    (`answers-not-counted`), because frozen figures cannot be completed later. A month that was forgotten may be
    released after later ones: releases do not depend on each other.
    """
    month = month.replace(day=1)
    periods = closing_with(month)
    quarter = next((period for period in periods if period.kind == PeriodKind.QUARTER), None)
    _refuse_unless_closed(month, quarter, now)
    programme = read_programme(until=month_of(month), quarter=quarter)
    figures = build(programme, periods) + (answers(programme, quarter) if quarter else [])
    release, is_new = Release.objects.get_or_create(
        month=month, defaults={"released_at": now, "digest": digest_of(_cell(figure) for figure in figures)}
    )
    if not is_new:
        raise _already_released()
    PublishedCell.objects.bulk_create(_cell(figure, release) for figure in figures)
    log.info("figures_released", month=release.code, cells=len(figures), digest=release.digest)
    return release


def digest_of(cells: Iterable[PublishedCell]) -> str:
    """Returns the SHA-256 of the sorted cells, without the date of release, so that anybody can check that nothing
    changed.
    """
    lines = sorted(
        json.dumps([c.table, c.period, c.row, c.column, c.measure, c.status, c.value, c.label_en, c.label_nl])
        for c in cells
    )
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _refuse_unless_closed(month: date, quarter: Period | None, now: datetime) -> None:
    first_day = releasable_from(month)
    if now.astimezone(timezone.get_default_timezone()).date() < first_day:
        text = _("This month can be released from %(day)s on.") % {"day": first_day.isoformat()}
        raise UnableToRelease("not-closed-yet", text)
    if Release.objects.filter(month=month).exists():
        raise _already_released()
    if quarter and uncounted_surveys(until=quarter):
        raise UnableToRelease("answers-not-counted", _("Close and count the surveys of this quarter first."))


def _already_released() -> UnableToRelease:
    return UnableToRelease("already-released", _("This month has been released; released figures never change."))


def _cell(figure: Figure, release: Release | None = None) -> PublishedCell:
    return PublishedCell(
        release=release,
        table=figure.table.value,
        period=figure.period,
        row=figure.row,
        column=figure.column,
        measure=figure.measure.value,
        status=CellStatus.SUPPRESSED if figure.value is None else CellStatus.PUBLISHED,
        value=figure.value,
        label_en=figure.label.en,
        label_nl=figure.label.nl,
    )
