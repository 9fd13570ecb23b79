from __future__ import annotations

from typing import TYPE_CHECKING

from project.text import texts

if TYPE_CHECKING:
    from collections.abc import Callable


class UnableToChange(Exception):
    """A refusal of a change by an organiser or a host: nothing was changed.

    `code` is stable, `text` may be shown, and `field` is the field of the form that the text belongs to, empty if it
    concerns the whole.
    """

    def __init__(self, code: str, text: str, *, field: str = "") -> None:
        self.code, self.text, self.field = code, text, field
        super().__init__(code)


def legible(rule: Callable[[str], str], text: str, *, field: str) -> str:
    """Returns the text normalised by `rule` of `project.text.texts`. Raises `UnableToChange("unreadable")`."""
    try:
        return rule(text)
    except texts.UnreadableText as unreadable:
        raise UnableToChange("unreadable", str(unreadable.text), field=field) from None
