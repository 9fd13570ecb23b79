"""The items of specs/privacy.md 4.2. Their texts are data, in both languages, in `questionnaire.yaml`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import yaml
from django.utils.translation import get_language

from events.enums import EventKind
from feedback.enums import Answer, ItemKind, Questionnaire

if TYPE_CHECKING:
    from collections.abc import Mapping

SOURCE = Path(__file__).with_suffix(".yaml")


@dataclass(frozen=True)
class Item:
    key: str
    kind: ItemKind
    en: str
    nl: str
    hint_en: str = ""
    hint_nl: str = ""
    left_out_of: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """In the reader's language. Scores of both languages are pooled; the language is not stored (4.4)."""
        return self.nl if _reads_dutch() else self.en

    @property
    def hint(self) -> str:
        return self.hint_nl if _reads_dutch() else self.hint_en

    @property
    def is_pair(self) -> bool:
        return self.kind == ItemKind.PAIR

    @property
    def is_comment(self) -> bool:
        return self.kind == ItemKind.COMMENT

    @property
    def fields(self) -> tuple[str, ...]:
        """The form fields of its answers. "Now" comes first: that order causes less bias (4.1)."""
        return (self.key, f"{self.key}_before") if self.is_pair else (self.key,)

    def is_asked_in(self, questionnaire: str) -> bool:
        return questionnaire not in self.left_out_of


def _reads_dutch() -> bool:
    return (get_language() or "").startswith("nl")


def _read() -> tuple[Item, ...]:
    rows = yaml.safe_load(SOURCE.read_text(encoding="utf-8"))["items"]
    return tuple(
        Item(**row | {"kind": ItemKind(row["kind"]), "left_out_of": tuple(row.get("left_out_of", ()))}) for row in rows
    )


ITEMS = _read()
RATED_ITEMS = tuple(item for item in ITEMS if not item.is_comment)
COMMENT = next(item for item in ITEMS if item.is_comment)


def items_of(questionnaire: str) -> tuple[Item, ...]:
    return tuple(item for item in ITEMS if item.is_asked_in(questionnaire))


def kept(questionnaire: str, answers: Mapping[str, str]) -> dict[str, str]:
    """Returns the given answers to items of this questionnaire; a work conference has no items 4 and 6.

    Raises ValueError for an answer that is not on the scale.
    """
    asked = [(item, field) for item in items_of(questionnaire) for field in item.fields if answers.get(field)]
    return {field: answers[field] if item.is_comment else Answer(answers[field]).value for item, field in asked}


def questionnaire_for(event_kind: str) -> Questionnaire:
    return Questionnaire.DIRECT_CONFERENCE if event_kind == EventKind.CONFERENCE else Questionnaire.DIRECT
