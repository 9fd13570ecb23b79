from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date, datetime, time
from itertools import chain, pairwise, zip_longest
from zoneinfo import ZoneInfo

import yaml
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email
from django.utils.translation import gettext as _

from events.services.moments import NonexistentTime, is_far_away, moment_at
from events.services.programme.dates import UnreadableDate, clock_from, day_from, is_soon, soon_from
from events.services.programme.problems import Problem
from project.text import texts
from project.text.prose import is_point

NOTHING = "tag:yaml.org,2002:null"
YES, NO = {"yes", "true"}, {"no", "false"}
INTEGER = re.compile(r"-?\d{1,9}")
DECIMAL = re.compile(r"-?\d{1,3}(\.\d{1,12})?")
LANGUAGES = ("en", "nl")
HOUSE_TIMEZONE = "Europe/Amsterdam"
HOUSE_ZONE = ZoneInfo(HOUSE_TIMEZONE)
is_web_address = URLValidator(schemes=["https", "http"])


class Fields:
    """The fields of one mapping in a programme.

    Each reader checks its field: an error is added to `problems`, and the value returned is empty. So one import
    reports the errors of all fields, and the checks across rows still run. Values are read as written, whatever YAML
    makes of them: `10:00` is a time and `no` a word.
    """

    def __init__(
        self, node: yaml.MappingNode, *, file: str, now: datetime, problems: list[Problem], path: str = ""
    ) -> None:
        self.file, self.now, self.problems, self.path = file, now, problems, path
        self.today = now.astimezone(HOUSE_ZONE).date()
        self.first_line = node.start_mark.line + 1
        self._lines: dict[str, int] = {}
        self._values: dict[str, yaml.Node] = {}
        self._asked: set[str] = set()
        for key, value in node.value:
            self._keep(key, value)

    def _keep(self, key: yaml.Node, value: yaml.Node) -> None:
        name, line = str(key.value) if isinstance(key, yaml.ScalarNode) else "?", key.start_mark.line + 1
        if name in self._values:
            self.problems.append(Problem(self.file, line, self._dotted(name), _("This field is there twice.")))
        self._values[name], self._lines[name] = value, line

    def fall_back_on(self, shared: Fields) -> None:
        """Takes fields that are missing here from a mapping shared by several dates."""
        self._values = shared._values | self._values
        self._lines = shared._lines | self._lines

    def refuse_the_rest(self) -> None:
        """Refuses fields that no reader asked for. Call it after all fields were read."""
        for name in self._values.keys() - self._asked:
            self.refuse(
                name,
                _("There is no field of this name. One of: %(names)s.") % {"names": ", ".join(sorted(self._asked))},
            )

    def refuse(self, name: str, reason: str) -> None:
        self.problems.append(Problem(self.file, self.line(name), self._dotted(name), reason))

    def line(self, name: str) -> int:
        return self._lines.get(name, self.first_line)

    def has(self, name: str) -> bool:
        return self._node(name) is not None

    def skip(self, *names: str) -> None:
        """Accepts shared fields that have no effect here."""
        self._asked.update(names)

    def text(self, name: str, *, most: int = 0, needed: bool = False) -> str:
        """Returns one line of text."""
        known = len(self.problems)
        text = self._legible(name, texts.one_line)
        if needed and not text and len(self.problems) == known:
            self.refuse(name, _("This field is missing."))
        return self._short_enough(name, text, most)

    def long_text(self, name: str, *, most: int) -> str:
        """Returns a text in which every line is a paragraph; the points of a list stay together."""
        return self._short_enough(name, _paragraphs(self._legible(name, texts.paragraphs)), most)

    def code(self, name: str, *, most: int) -> str:
        text = self.text(name, most=most, needed=True)
        if text and not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", text):
            self.refuse(name, _("Only lower-case letters, digits and single hyphens."))
        return text

    def link(self, name: str, *, most: int) -> str:
        text = self.text(name, most=most)
        try:
            if text:
                is_web_address(text)
        except ValidationError:
            self.refuse(name, _("This is not a web address. A web address begins with https://."))
        return text

    def address(self, name: str) -> str:
        text = self.text(name, most=254)
        try:
            if text:
                validate_email(text)
        except ValidationError:
            self.refuse(name, _("This is not an email address, such as name@example.org."))
        return text

    def choice(self, name: str, among: Iterable[str], default: str = "") -> str:
        text, known = self.text(name, needed=not default) or default, list(among)
        if text and text not in known:
            self.refuse(
                name, _("“%(text)s” is not one of: %(known)s.") % {"text": text[:40], "known": ", ".join(known)}
            )
        return text

    def choices(self, name: str, among: Iterable[str]) -> tuple[str, ...]:
        """Returns several codes, written as a list or separated by spaces."""
        known, codes = set(among), self.words(name)
        for code in codes:
            if code not in known:
                details = {"text": code[:40], "known": ", ".join(sorted(known))}
                self.refuse(name, _("“%(text)s” is not one of: %(known)s.") % details)
        return tuple(sorted(set(codes)))

    def words(self, name: str) -> list[str]:
        node = self._node(name)
        if not isinstance(node, yaml.SequenceNode):
            return self._legible(name, texts.one_line).split()
        words = [str(item.value) for item in node.value if isinstance(item, yaml.ScalarNode)]
        if len(words) < len(node.value) or not all(_is_legible(word) for word in words):
            self.refuse(name, _("Expected a list of words."))
        return words

    def number(self, name: str, *, least: int, most: int, default: int | None = None) -> int:
        text = self.text(name, needed=default is None)
        if not text:
            return default or 0
        if INTEGER.fullmatch(text) and least <= int(text) <= most:
            return int(text)
        self.refuse(name, _("Expected a whole number from %(least)d to %(most)d.") % {"least": least, "most": most})
        return 0

    def decimal(self, name: str) -> float | None:
        text = self.text(name)
        if text and not DECIMAL.fullmatch(text):
            self.refuse(name, _("Expected a number such as 52.0025."))
            return None
        return float(text) if text else None

    def yes_or_no(self, name: str, *, default: bool) -> bool:
        text = self.text(name).lower()
        if text and text not in YES | NO:
            self.refuse(name, _("Expected yes or no."))
        return text in YES if text else default

    def day(self, name: str) -> date | None:
        text = self.text(name, needed=True)
        try:
            return day_from(text, self.today) if text else None
        except UnreadableDate:
            self.refuse(name, _("“%(text)s” is no date. Write 2026-11-12.") % {"text": text[:40]})
            return None

    def clock(self, name: str) -> time | None:
        text = self.text(name, needed=True)
        try:
            return clock_from(text) if text else None
        except UnreadableDate:
            self.refuse(name, _("“%(text)s” is no time. Write 09:30.") % {"text": text[:40]})
            return None

    def soon(self, name: str) -> datetime | None:
        """Returns a start given in minutes from now, or None for any other notation."""
        text = self.text(name)
        return soon_from(text, self.now) if is_soon(text) else None

    def moment(self, name: str, timezone: str) -> datetime | None:
        """Reads a day and a time: `2026-11-12 09:30`."""
        text = self.text(name)
        if not text:
            return None
        written_day, _space, written_time = text.rpartition(" ")
        try:
            day, at = day_from(written_day, self.today), clock_from(written_time)
        except UnreadableDate:
            self.refuse(name, _("“%(text)s” is no moment. Write 2026-11-12 09:30.") % {"text": text[:40]})
            return None
        return self.moment_of(name, day, at, timezone)

    def moment_of(self, name: str, day: date, at: time, timezone: str) -> datetime | None:
        try:
            moment = moment_at(day=day, at=at, timezone=timezone)
        except NonexistentTime as gap:
            self.refuse(name, str(gap.reason))
            return None
        except OverflowError:
            moment = None
        if moment is None or is_far_away(moment, self.now):
            self.refuse(name, _("This date is too far away."))
            return None
        return moment

    def both_languages(self, name: str, *, most: int) -> dict[str, str]:
        """Reads `title: {en: ..., nl: ...}` as columns `title_en` and `title_nl`."""
        return self._by_language(name, lambda inner, language: inner.text(language, most=most))

    def long_texts(self, name: str, *, most: int) -> dict[str, str]:
        """The same for texts with paragraphs."""
        return self._by_language(name, lambda inner, language: inner.long_text(language, most=most))

    def _by_language(self, name: str, read: Callable[[Fields, str], str]) -> dict[str, str]:
        inner = self.child(name)
        columns = {f"{name}_{language}": read(inner, language) if inner else "" for language in LANGUAGES}
        if inner:
            inner.refuse_the_rest()
        return columns

    def child(self, name: str) -> Fields | None:
        node = self._node(name)
        if node is None or isinstance(node, yaml.MappingNode):
            return self._inside(name, node) if node else None
        self.refuse(name, _("Expected fields with a colon, such as {en: …, nl: …}."))
        return None

    def children(self, name: str) -> list[Fields]:
        node = self._node(name)
        if node is None:
            return []
        if not isinstance(node, yaml.SequenceNode) or not all(
            isinstance(item, yaml.MappingNode) for item in node.value
        ):
            self.refuse(name, _("Expected a list, each with its own fields."))
            return []
        return [self._inside(name, item) for item in node.value]

    def _inside(self, name: str, node: yaml.MappingNode) -> Fields:
        return Fields(node, file=self.file, now=self.now, problems=self.problems, path=self._dotted(name))

    def _node(self, name: str) -> yaml.Node | None:
        self._asked.add(name)
        node = self._values.get(name)
        return None if node is None or node.tag == NOTHING else node

    def _scalar(self, name: str) -> str:
        node = self._node(name)
        if node is None:
            return ""
        if not isinstance(node, yaml.ScalarNode) or not node.tag.startswith("tag:yaml.org,2002:"):
            self.refuse(name, _("Expected a single value."))
            return ""
        return str(node.value)

    def _legible(self, name: str, rule: Callable[[str], str]) -> str:
        try:
            return rule(self._scalar(name))
        except texts.UnreadableText as unreadable:
            self.refuse(name, str(unreadable.text))
            return ""

    def _short_enough(self, name: str, text: str, most: int) -> str:
        if most and len(text) > most:
            details = {"length": len(text), "most": most}
            self.refuse(name, _("Too long: %(length)d characters, at most %(most)d.") % details)
        return text

    def _dotted(self, name: str) -> str:
        return ".".join(part for part in (self.path, name) if part)


def _paragraphs(text: str) -> str:
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    ends = ("\n" if is_point(line) and is_point(after) else "\n\n" for line, after in pairwise(lines))
    return "".join(chain.from_iterable(zip_longest(lines, ends, fillvalue="")))


def _is_legible(word: str) -> bool:
    try:
        return texts.one_line(word) == word
    except texts.UnreadableText:
        return False
