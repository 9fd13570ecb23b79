"""What people answered after a session: shares, with their interval and number of answers (specs/privacy.md 4.4)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from feedback.rules.figures import wilson
from feedback.rules.questionnaire import RATED_ITEMS
from project.dashboard.enums import Measure, Table
from project.dashboard.rules.answers import KNOW_WHERE
from project.dashboard.rules.protection import decode_share
from project.dashboard.rules.tables import ALL
from project.dashboard.schemas.cells import special_rows
from project.dashboard.schemas.grids import Grid, Head, Row
from project.dashboard.schemas.numbers import Form, Number, grouped, name_of

if TYPE_CHECKING:
    from feedback.rules.questionnaire import Item
    from project.dashboard.rules.periods import Period
    from project.dashboard.schemas.cells import Cells

RESPONSE_STEP = 25


@dataclass(frozen=True)
class Question:
    number: int
    text: str
    says: str
    share: Number
    interval: str
    answers: Number


@dataclass(frozen=True)
class Voices:
    when: str
    response: str
    questions: list[Question]
    per_activity: Grid


def voices_of(cells: Cells, quarter: Period) -> Voices | None:
    """Returns None if no survey closed in the quarter."""
    if not cells.has(Table.FEEDBACK, quarter, ALL):
        return None
    lines = [(number, item, measure) for number, item in enumerate(RATED_ITEMS, start=1) for measure in _measures(item)]
    return Voices(
        when=name_of(quarter),
        response=_response(cells.value(Table.FEEDBACK, quarter, Measure.RESPONSE)),
        questions=[_question(cells, quarter, number, item, measure) for number, item, measure in lines],
        per_activity=_per_activity(cells, quarter, lines),
    )


def know_where(cells: Cells, quarter: Period) -> Number:
    """M15, the headline: the share of answers that agree with "I know where to go now"."""
    share = _share(cells, quarter, ALL, KNOW_WHERE, Measure.FAVOURABLE)
    answers = cells.value(Table.FEEDBACK, quarter, Measure.ANSWERS, column=KNOW_WHERE)
    note = _("of at least %(answers)s answers") % {"answers": grouped(answers)} if answers else ""
    return replace(share, note=note)


def _measures(item: Item) -> list[Measure]:
    if item.key == KNOW_WHERE:
        return [Measure.FAVOURABLE, Measure.IMPROVED]
    return [Measure.IMPROVED] if item.is_pair else [Measure.FAVOURABLE]


def _question(cells: Cells, quarter: Period, number: int, item: Item, measure: Measure) -> Question:
    share = _share(cells, quarter, ALL, item.key, measure)
    answers = cells.value(Table.FEEDBACK, quarter, Measure.ANSWERS, column=item.key)
    says = {Measure.IMPROVED: _("say it improved"), Measure.FAVOURABLE: _("agree")}[measure]
    if item.key == KNOW_WHERE and measure == Measure.FAVOURABLE:
        says = _("agree, now")
    return Question(number, item.text, says, share, _interval(share.value, answers), Number(answers, "answers"))


def _share(cells: Cells, quarter: Period, row: str, question: str, measure: Measure) -> Number:
    value = cells.value(Table.FEEDBACK, quarter, measure, row, question)
    answers = cells.value(Table.FEEDBACK, quarter, Measure.ANSWERS, row, question)
    metric = {Measure.IMPROVED: "m14", Measure.FAVOURABLE: "m15" if question == KNOW_WHERE else "m13"}[measure]
    note = f"n ≥ {grouped(answers)}" if answers else ""
    return Number(value, metric, Form.SHARE, note)


def _interval(share: int | None, answers: int | None) -> str:
    if share is None or answers is None:
        return ""
    interval = wilson(decode_share(share), answers)
    return _("%(low)d to %(high)d %%") % {"low": interval.low, "high": interval.high}


def _response(floor: int | None) -> str:
    if floor is None:
        return ""
    band = {"low": floor, "high": floor + RESPONSE_STEP}
    return _("Between %(low)d and %(high)d %% of those invited answered; those who did may differ.") % band


def _per_activity(cells: Cells, quarter: Period, lines: list[tuple[int, Item, Measure]]) -> Grid:
    """Columns are headed by the number of their question, because the texts of seven questions do not fit."""
    marks = {Measure.IMPROVED: _("%(number)d, improved"), Measure.FAVOURABLE: _("%(number)d, agree")}
    heads = [
        Head(marks[measure] % {"number": number}, _share(cells, quarter, ALL, item.key, measure).metric)
        for number, item, measure in lines
    ]
    rows = [
        Row(label, [_share(cells, quarter, row, item.key, measure) for _number, item, measure in lines])
        for row, label in cells.rows(Table.FEEDBACK, quarter).items()
    ]
    caption = _("Answers per activity, %(when)s; questions by their number") % {"when": name_of(quarter)}
    return Grid(caption, _("Activity"), heads, [*rows, _total(cells, quarter, lines)])


def _total(cells: Cells, quarter: Period, lines: list[tuple[int, Item, Measure]]) -> Row:
    numbers = [_share(cells, quarter, ALL, item.key, measure) for _number, item, measure in lines]
    return Row(special_rows()[ALL], numbers, is_total=True)
