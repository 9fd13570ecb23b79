from pathlib import Path

import pytest
from django.core.management import call_command
from pytest_django import Settings

from project.operations.services import static_files


@pytest.fixture
def source(settings: Settings, tmp_path: Path) -> Path:
    folder = tmp_path / "source"
    folder.mkdir()
    (folder / "one.css").write_text("p { color: red }" * 100)
    settings.STATICFILES_DIRS = [folder]
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.STATIC_ROOT = str(tmp_path / "collected")
    return folder


def test_collect_if_changed_collects_with_hash_and_compressed(source: Path, settings: Settings) -> None:
    assert static_files.collect_if_changed()

    names = {path.name.split(".", 2)[-1] for path in Path(settings.STATIC_ROOT).glob("one.*")}
    assert names == {"css", "css.br", "css.gz"}


def test_collect_if_changed_twice_does_nothing(source: Path) -> None:
    static_files.collect_if_changed()

    assert not static_files.collect_if_changed()


def test_collect_if_changed_sees_a_change(source: Path, settings: Settings) -> None:
    static_files.collect_if_changed()
    (source / "one.css").write_text("p { color: blue }" * 100)

    assert static_files.collect_if_changed()

    assert len(list(Path(settings.STATIC_ROOT).glob("one.*.css"))) == 2


@pytest.mark.django_db
def test_prepare_twice_changes_nothing(source: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("prepare")
    call_command("prepare")

    assert capsys.readouterr().out.count("Prepared the static files") == 1
