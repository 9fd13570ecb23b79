import gettext
import os
from pathlib import Path

import pytest

from project.operations.services import catalogues

TEMPLATE = """
  <h1>{% translate "What is on" %} it's "odd" ( [ {</h1>
      {# Translators: on a button #}
    {% blocktranslate count seats=3 trimmed %}
      One seat
        {% plural %}
      {{ seats }} seats
  {% endblocktranslate %}
{{ _("in a variable") }} {% translate "May" context "month" %}
"""
CODE = """
from django.utils.translation import gettext as _, gettext_lazy, npgettext_lazy
a = _("in code")
b = gettext_lazy("in " "pieces")
c = npgettext_lazy("queue", "%(n)s place", "%(n)s places")
"""
TEXTS = {
    "What is on",
    ("One seat", "%(seats)s seats"),
    "in a variable",
    "May",
    "in code",
    "in pieces",
    ("%(n)s place", "%(n)s places"),
}


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    (tmp_path / "templates/events").mkdir(parents=True)
    (tmp_path / "templates/events/list.html").write_text(TEMPLATE)
    (tmp_path / "events/migrations").mkdir(parents=True)
    (tmp_path / "events/views.py").write_text(CODE)
    (tmp_path / "events/migrations/0001.py").write_text('from x import _; _("frozen")')
    return tmp_path


def translate(tree: Path, old: str, new: str) -> None:
    path = catalogues.po_file(root=tree, language="nl")
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new, 1))


def test_texts_in_use_are_found_in_code_and_templates(tree: Path) -> None:
    found = {text.id for text in catalogues.texts_in_use(root=tree) if text.id}

    assert found == TEXTS


def test_update_adds_what_is_new_and_keeps_what_is_translated(tree: Path) -> None:
    catalogues.update(root=tree)
    translate(tree, 'msgid "in code"\nmsgstr ""', 'msgid "in code"\nmsgstr "in code (nl)"')
    (tree / "events/views.py").write_text(CODE + 'd = _("new")\n')

    catalogues.update(root=tree)

    words = catalogues.po_file(root=tree, language="nl").read_text()
    assert 'msgid "in code"\nmsgstr "in code (nl)"' in words
    assert 'msgid "new"\nmsgstr ""' in words


def test_update_takes_out_what_is_gone(tree: Path) -> None:
    catalogues.update(root=tree)
    (tree / "events/views.py").unlink()

    catalogues.update(root=tree)

    assert "in code" not in catalogues.po_file(root=tree, language="nl").read_text()


def test_update_twice_changes_nothing(tree: Path) -> None:
    catalogues.update(root=tree)
    before = catalogues.po_file(root=tree, language="nl").read_bytes()

    catalogues.update(root=tree)

    assert catalogues.po_file(root=tree, language="nl").read_bytes() == before


def test_problems_name_every_text_without_a_catalogue(tree: Path) -> None:
    assert len(catalogues.problems(root=tree)) == len(TEXTS)


def test_problems_name_a_guess(tree: Path) -> None:
    catalogues.update(root=tree)
    translate(tree, 'msgid "in code"\nmsgstr ""', '#, fuzzy\nmsgid "in code"\nmsgstr "in code (nl)"')

    assert "nl: 'in code': only guessed" in catalogues.problems(root=tree)


def test_problems_name_a_half_translated_plural(tree: Path) -> None:
    catalogues.update(root=tree)
    translate(tree, 'msgstr[0] ""', 'msgstr[0] "een"')

    assert sum("seats" in problem or "place" in problem for problem in catalogues.problems(root=tree)) == 2


def test_problems_name_another_placeholder(tree: Path) -> None:
    catalogues.update(root=tree)
    translate(
        tree,
        '"%(n)s places"\nmsgstr[0] ""\nmsgstr[1] ""',
        '"%(n)s places"\nmsgstr[0] "%(n)s plek"\nmsgstr[1] "%(m)s plekken"',
    )

    problems = [problem for problem in catalogues.problems(root=tree) if "place" in problem]

    assert len(problems) == 1
    assert "not translated" not in problems[0]


def test_compile_stale_makes_what_gettext_reads(tree: Path) -> None:
    catalogues.update(root=tree)
    translate(tree, 'msgid "in code"\nmsgstr ""', 'msgid "in code"\nmsgstr "in code (nl)"')

    catalogues.compile_stale(root=tree)

    assert gettext.translation("django", tree / "locale", ["nl"]).gettext("in code") == "in code (nl)"
    assert sorted(path.name for path in (tree / "locale/nl/LC_MESSAGES").iterdir()) == ["django.mo", "django.po"]


def test_compile_stale_leaves_what_is_new_enough(tree: Path) -> None:
    catalogues.update(root=tree)
    catalogues.compile_stale(root=tree)
    built = catalogues.po_file(root=tree, language="nl").with_suffix(".mo")
    built.write_bytes(b"as it was")
    newer = catalogues.po_file(root=tree, language="nl").stat().st_mtime + 1
    os.utime(built, (newer, newer))

    catalogues.compile_stale(root=tree)

    assert built.read_bytes() == b"as it was"


def test_compile_stale_without_catalogues_does_nothing(tree: Path) -> None:
    catalogues.compile_stale(root=tree)

    assert not (tree / "locale").exists()
