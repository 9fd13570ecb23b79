"""Reads files into trees in which every value knows its line. Refuses the dangerous parts of YAML."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import yaml
from django.utils.translation import gettext as _

from events.services.programme.problems import Problem, UnableToImport

if TYPE_CHECKING:
    from pathlib import Path

MAX_BYTES = 2_000_000
MAX_FILES = 50
DEEPEST = 12
YAML_SUFFIXES = (".yaml", ".yml")


class _PlainLoader(yaml.SafeLoader):
    """YAML without aliases, which can expand a small file into a huge one, and with limited nesting."""

    depth = 0

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        self.depth += 1
        if self.check_event(yaml.AliasEvent):
            self._fail_here(_("References (*name) are not read; write the value out."))
        if self.depth > DEEPEST:
            self._fail_here(_("This is nested too deeply."))
        node: yaml.Node | None = super().compose_node(parent, index)
        self.depth -= 1
        return node

    def _fail_here(self, problem: str) -> None:
        here = self.peek_event()  # type: ignore[no-untyped-call]  # the stubs leave it out
        raise yaml.MarkedYAMLError(problem=problem, problem_mark=here.start_mark)


def read_files(path: Path) -> list[tuple[str, yaml.MappingNode]]:
    """Returns one tree per file: for the file itself, or for every YAML file in the folder, sorted by name.

    Raises UnableToImport if a file cannot be read as YAML at all.
    """
    trees, problems = [], []
    for file in _files_of(path):
        try:
            trees.append((str(file), _tree(str(file), _beginning_of(file))))
        except UnableToImport as unable:
            problems += unable.problems
        except OSError:
            problems.append(Problem(str(file), 0, "", _("This file cannot be read.")))
    if problems:
        raise UnableToImport(problems)
    return trees


def _files_of(path: Path) -> list[Path]:
    files = sorted(file for file in path.iterdir() if file.suffix in YAML_SUFFIXES) if path.is_dir() else [path]
    if not files:
        raise UnableToImport([Problem(str(path), 0, "", _("There is no YAML file in this folder."))])
    if len(files) > MAX_FILES:
        raise UnableToImport([Problem(str(path), 0, "", _("There are too many files in this folder."))])
    for file in files:
        if file.suffix == ".xlsx":
            text = _("Spreadsheets are not read yet. Write the programme as YAML; events/demo shows how.")
            raise UnableToImport([Problem(str(file), 0, "", text)])
        if file.suffix not in YAML_SUFFIXES:
            raise UnableToImport([Problem(str(file), 0, "", _("A programme is a .yaml file, or a folder of them."))])
    return files


def _beginning_of(file: Path) -> bytes:
    with file.open("rb") as stream:
        return stream.read(MAX_BYTES + 1)


def _tree(file: str, content: bytes) -> yaml.MappingNode:
    if len(content) > MAX_BYTES:
        raise UnableToImport([Problem(file, 0, "", _("This file is too large: more than 2 MB."))])
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UnableToImport([Problem(file, 0, "", _("This file is no text in UTF-8."))]) from None
    node = _compose(file, text)
    if not isinstance(node, yaml.MappingNode):
        raise UnableToImport(
            [Problem(file, 1, "", _("A programme begins with units:, venues:, events: or initiatives:."))]
        )
    return node


def _compose(file: str, text: str) -> yaml.Node | None:
    try:
        return yaml.compose(text, Loader=_PlainLoader)
    except yaml.MarkedYAMLError as error:
        raise UnableToImport([Problem(file, _line_of(error), "", _explain(error))]) from None
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise UnableToImport([Problem(file, line, "", _("There is a control character here. Remove it."))]) from None
    except (ValueError, OverflowError):  # an escape such as "\\UFFFFFFFF" that names no character
        raise UnableToImport([Problem(file, 0, "", _("This file names a character that does not exist."))]) from None


def _line_of(error: yaml.MarkedYAMLError) -> int:
    mark = error.problem_mark or error.context_mark
    return mark.line + 1 if mark else 0


def _explain(error: yaml.MarkedYAMLError) -> str:
    return _("This is not valid YAML: %(problem)s") % {"problem": error.problem or error.context}
