from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from project.operations.services import catalogues


@pytest.fixture
def tree(settings: Settings, tmp_path: Path) -> Path:
    settings.BASE_DIR = tmp_path
    (tmp_path / "events").mkdir()
    (tmp_path / "events/views.py").write_text('a = _("in code")')
    return tmp_path


def test_messages_updates_compiles_and_names_what_is_missing(tree: Path) -> None:
    out = StringIO()

    call_command("messages", stdout=out)

    assert out.getvalue() == "nl: 'in code': not translated\n"
    assert catalogues.po_file(root=tree, language="nl").with_suffix(".mo").exists()


def test_messages_check_refuses_and_changes_nothing(tree: Path) -> None:
    with pytest.raises(CommandError, match="1 texts are not translated"):
        call_command("messages", "--check", stdout=StringIO())

    assert not catalogues.po_file(root=tree, language="nl").exists()


def test_messages_compile_says_nothing(tree: Path) -> None:
    out = StringIO()

    call_command("messages", "--compile", stdout=out)

    assert out.getvalue() == ""


def test_up_in_production_refuses_without_a_redis(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.DEMO = False
    monkeypatch.delenv("REDIS_URL")

    with pytest.raises(CommandError, match="REDIS_URL"):
        call_command("up")


def test_up_refuses_a_port_that_is_none() -> None:
    with pytest.raises(CommandError, match="is no port"):
        call_command("up", "--port=0")


def test_asgi_serves_the_same_pages() -> None:
    from project.asgi import application  # noqa: PLC0415 - loading it is what is tested

    assert callable(application)
