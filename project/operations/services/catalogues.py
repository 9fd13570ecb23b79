"""Extracts texts from code and templates, checks their translations and compiles them, in Python only.

Django's own commands need the gettext programs, which may not be installed. `.po` files are committed, `.mo` files are
built.
"""

import io
import os
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel import Locale
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

LANGUAGES = ("nl",)  # the texts themselves are English
PYTHON_FOLDERS = ("project", "events", "registrations", "feedback")
TEMPLATE_FOLDER = "templates"
TEMPLATE_SUFFIXES = {".html", ".txt"}
KEYWORDS = {
    **DEFAULT_KEYWORDS,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
}


def po_file(*, root: Path, language: str) -> Path:
    return root / "locale" / language / "LC_MESSAGES" / "django.po"


def compile_stale(*, root: Path) -> None:
    """Builds each `.mo` file that is missing or older than its `.po` file. Other processes may do the same at the same
    time.
    """
    for language in LANGUAGES:
        source = po_file(root=root, language=language)
        built = source.with_suffix(".mo")
        if not source.exists() or (built.exists() and built.stat().st_mtime >= source.stat().st_mtime):
            continue
        unfinished = built.with_suffix(f".{os.getpid()}")
        with unfinished.open("wb") as file:
            write_mo(file, _read(source, language))
        unfinished.chmod(0o644)  # readable for everybody, whatever the umask
        unfinished.replace(built)


def update(*, root: Path) -> None:
    """Updates the `.po` files: adds new texts without a translation, and removes texts that are no longer used."""
    texts = texts_in_use(root=root)
    for language in LANGUAGES:
        path = po_file(root=root, language=language)
        path.parent.mkdir(parents=True, exist_ok=True)
        catalog = _read(path, language)
        texts.creation_date = catalog.creation_date  # else every run would change the file
        catalog.update(texts, no_fuzzy_matching=True)
        with path.open("wb") as file:
            write_po(file, catalog, width=120, ignore_obsolete=True, include_lineno=False)


def problems(*, root: Path) -> list[str]:
    """Returns a line `language: text: problem` for each text that is not translated, marked as fuzzy, or has other
    placeholders.
    """
    used = list(texts_in_use(root=root))
    return [
        f"{language}: {text.id!r}: {problem}"
        for language in LANGUAGES
        for catalog in [_read(po_file(root=root, language=language), language)]
        for text in used
        if text.id
        for problem in _problems_of(text, catalog)
    ]


def _problems_of(text: Message, catalog: Catalog) -> Iterator[str]:
    translation = catalog.get(text.id, text.context)
    if translation is None or not _is_complete(translation):
        yield "not translated"
    elif translation.fuzzy:
        yield "only guessed"
    else:
        yield from (str(error) for error in translation.check(catalog))


def _is_complete(translation: Message) -> bool:
    strings = translation.string if isinstance(translation.string, tuple | list) else (translation.string,)
    return all(strings)


def texts_in_use(*, root: Path) -> Catalog:
    catalog = Catalog(project="Samen", fuzzy=False)
    for path in _sources(root):
        place = path.relative_to(root).as_posix()
        for _line, text, comments, context in extract(
            "python", _as_python(path), KEYWORDS, comment_tags=("Translators",)
        ):
            catalog.add(text, locations=[(place, 0)], auto_comments=comments, context=context)
    return catalog


def _sources(root: Path) -> list[Path]:
    modules = [path for folder in PYTHON_FOLDERS for path in sorted((root / folder).rglob("*.py"))]
    templates = sorted(path for path in (root / TEMPLATE_FOLDER).rglob("*") if path.suffix in TEMPLATE_SUFFIXES)
    return [path for path in modules if "migrations" not in path.parts] + templates


def _as_python(path: Path) -> io.BytesIO:
    """Returns a file as Python source. A template becomes what Django passes to gettext: texts as calls, everything
    else as words. Indentation is removed, because Python's tokenizer would refuse it.
    """
    source = path.read_text(encoding="utf-8")
    if path.suffix in TEMPLATE_SUFFIXES:
        source = re.sub(r"^[ \t]+", "", templatize(source, origin=str(path)), flags=re.MULTILINE)
    return io.BytesIO(source.encode())


def _read(path: Path, language: str) -> Catalog:
    if not path.exists():
        return Catalog(
            locale=language,
            domain="django",
            project="Samen",
            version="1",
            header_comment=f"# The texts of Samen in {Locale.parse(language).english_name}.",
            copyright_holder="",
            msgid_bugs_address="",
            last_translator="",
            language_team="",
            revision_date=datetime.now(UTC),
            fuzzy=False,
        )
    with path.open("rb") as file:
        return read_po(file, locale=language, domain="django")
