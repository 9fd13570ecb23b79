from __future__ import annotations

import importlib
import socket
from typing import TYPE_CHECKING

import hypothesis
import pytest
from aiosmtpd.controller import Controller
from django.core.cache import cache
from django.db import connection
from django.utils import translation

from tests import houses

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from aiosmtpd.smtp import SMTP, Envelope, Session
    from pytest_django.fixtures import Settings

# A busy machine is no failure, so no deadline. `make test-deep` asks for the deep profile.
hypothesis.settings.register_profile("quick", deadline=None, print_blob=True)
hypothesis.settings.register_profile("deep", deadline=None, print_blob=True, max_examples=2000)
hypothesis.settings.load_profile("quick")


class Mailbox:
    """What a real SMTP server received; `refuse_with` makes it answer otherwise, as a server with trouble does."""

    def __init__(self) -> None:
        self.envelopes: list[Envelope] = []
        self.refuse_with: str | None = None

    async def handle_RCPT(  # noqa: N802  # the name aiosmtpd calls
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if self.refuse_with:
            return self.refuse_with
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802  # the name aiosmtpd calls
        self.envelopes.append(envelope)
        return "250 OK"


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture
def mailbox(settings: Settings) -> Iterator[Mailbox]:
    """A real SMTP server on a free port, to which the product's mails go."""
    box = Mailbox()
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", _free_port()
    server = Controller(box, hostname=settings.EMAIL_HOST, port=settings.EMAIL_PORT)
    server.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    yield box
    server.stop()


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the demo in it, loaded once for all tests that start the whole product; to be copied."""
    data_dir = tmp_path_factory.mktemp("prepared")
    houses.prepare(data_dir)
    return data_dir


@pytest.fixture(autouse=True)
def _no_limits_from_other_tests() -> None:
    """Rate limits are counted in Redis, which outlives a test."""
    cache.clear()


@pytest.fixture
def without_redis(settings: Settings) -> None:
    """Nobody listens where the settings say that Redis is."""
    nowhere = f"redis://127.0.0.1:{_free_port()}/0"
    settings.CACHES = {"default": {"BACKEND": "project.web.failover_cache.FailoverCache", "LOCATION": nowhere}}


@pytest.fixture(autouse=True)
def _language_of_no_other_test(settings: Settings) -> Iterator[None]:
    """A request through the test client leaves its language behind in the thread."""
    with translation.override(settings.LANGUAGE_CODE):
        yield


@pytest.fixture(autouse=True)
def _committed_figures_can_be_cleaned_up(request: pytest.FixtureRequest) -> Iterator[None]:
    """Released figures cannot be deleted, and a database of SQLite is emptied by deleting: after a test that commits, the triggers rest."""
    marker = request.node.get_closest_marker("django_db")
    commits = bool(marker and marker.kwargs.get("transaction")) or "transactional_db" in request.fixturenames
    if not commits or connection.vendor != "sqlite":
        yield
        return
    request.getfixturevalue("transactional_db")
    yield
    frozen = importlib.import_module("project.dashboard.migrations.0002_frozen")
    with connection.schema_editor() as editor:
        frozen.thaw(None, editor)
        for table in reversed(frozen.TABLES):
            editor.execute(f"DELETE FROM {table}")  # noqa: S608 - two names of our own
        frozen.freeze(None, editor)
