from __future__ import annotations

import gc
import importlib
import os
from pathlib import Path
from typing import TYPE_CHECKING

import hypothesis
import pytest
from aiosmtpd.controller import Controller
from coverage.collector import Collector
from django.core.cache import cache
from django.db import connection
from django.utils import translation
from whitenoise.middleware import WhiteNoiseMiddleware

from tests import houses

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator
    from typing import Any

    from aiosmtpd.smtp import SMTP, Envelope, Session
    from pytest_django.fixtures import Settings

# A busy machine is no failure, so no deadline. `make test-deep` asks for the deep profile.
hypothesis.settings.register_profile("quick", deadline=None, print_blob=True)
hypothesis.settings.register_profile("deep", deadline=None, print_blob=True, max_examples=2000)
hypothesis.settings.load_profile("quick")
IS_FIRST_CASE = pytest.StashKey[bool]()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item], config: pytest.Config) -> None:
    _mark_first_cases(items)
    if "TEST_SECOND_DATABASE" in os.environ:
        _leave_out_what_the_first_one_has_shown(items, config)


def _mark_first_cases(items: list[pytest.Item]) -> None:
    cases: dict[str, list[str]] = {}
    for item in items:
        cases.setdefault(item.nodeid.partition("[")[0], []).append(item.nodeid)
    for item in items:
        item.stash[IS_FIRST_CASE] = item.nodeid == min(cases[item.nodeid.partition("[")[0]])


def _leave_out_what_the_first_one_has_shown(items: list[pytest.Item], config: pytest.Config) -> None:
    """`make test` runs everything on PostgreSQL. On SQLite it runs one case of each test that uses the database: other
    cases send the same statements with other values. `make test-deep` runs all of them.
    """
    kept = [item for item in items if item.stash[IS_FIRST_CASE] and _uses_the_database(item)]
    config.hook.pytest_deselected(items=list(set(items) - set(kept)))
    items[:] = kept


def _uses_the_database(item: pytest.Item) -> bool:
    return bool(item.get_closest_marker("django_db")) or "db" in getattr(item, "fixturenames", ())


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Coverage is measured in the first of the cases of a test: the others go the same ways, and measuring takes half
    as long again. What `make test` measures on SQLite, the cheaper of the two, is not measured on PostgreSQL again.
    """
    if not Collector._collectors or (item.stash[IS_FIRST_CASE] and not _is_measured_on_sqlite(item)):
        return (yield)
    Collector._collectors[-1].pause()
    try:
        return (yield)
    finally:
        Collector._collectors[-1].resume()


def _is_measured_on_sqlite(item: pytest.Item) -> bool:
    folders = os.environ.get("TEST_MEASURED_ON_SQLITE", "").split()
    return (
        any(item.path.is_relative_to(item.config.rootpath / folder) for folder in folders)
        and _uses_the_database(item)
        and not item.get_closest_marker("postgresql")
    )


def pytest_collection_finish() -> None:
    """What is imported stays until the end: the collector need not walk through it again and again."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def _static_files_are_listed_once() -> Iterator[None]:
    """WhiteNoise walks through a folder for each new client of a test; none of ours changes meanwhile."""
    listed: dict[tuple[str, str | None], dict[str, Any]] = {}
    add_files = WhiteNoiseMiddleware.add_files

    def add_listed(self: WhiteNoiseMiddleware, root: str, prefix: str | None = None) -> None:
        if (root, prefix) not in listed:
            add_files(self, root, prefix)
            listed[root, prefix] = dict(self.files)
        self.files.update(listed[root, prefix])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(WhiteNoiseMiddleware, "add_files", add_listed)
        yield


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


@pytest.fixture
def mailbox(settings: Settings) -> Iterator[Mailbox]:
    """A real SMTP server on a free port, to which the product's mails go."""
    box = Mailbox()
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", houses.free_port()
    server = Controller(box, hostname=settings.EMAIL_HOST, port=settings.EMAIL_PORT)
    server.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    yield box
    server.stop()


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the demo in it, loaded once for all tests that start the whole product; to be copied.

    The workers of a parallel run share it, and `bin/run-tests` names a folder for all of its parts.
    """
    own = tmp_path_factory.getbasetemp()
    return houses.prepared(
        Path(os.environ.get("TEST_SHARED") or (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own))
    )


@pytest.fixture(autouse=True)
def _no_limits_from_other_tests() -> None:
    """Rate limits are counted in Redis, which outlives a test."""
    cache.clear()


@pytest.fixture
def without_redis(settings: Settings) -> None:
    """Nobody listens where the settings say that Redis is."""
    nowhere = f"redis://127.0.0.1:{houses.free_port()}/0"
    settings.CACHES = {"default": {"BACKEND": "project.web.failover_cache.FailoverCache", "LOCATION": nowhere}}


@pytest.fixture(autouse=True)
def _language_of_no_other_test(settings: Settings) -> Iterator[None]:
    """A request through the test client leaves its language behind in the thread."""
    with translation.override(settings.LANGUAGE_CODE):
        yield


@pytest.fixture(autouse=True)
def _committed_figures_can_be_cleaned_up(request: pytest.FixtureRequest) -> Iterator[None]:
    """Released figures cannot be deleted, and a database of SQLite is emptied by deleting: after a test that commits,
    the triggers rest.
    """
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
