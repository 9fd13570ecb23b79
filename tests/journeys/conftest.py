"""What a journey needs: the house, a Chromium, and people with browsers.

The browser is shared by these tests and closed before any other begins: playwright's loop lives in this thread, where
Django's database refuses to be used meanwhile. So journeys are moved to the end, and the plug-in's own fixtures, which
live as long as the session, are not used.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.journeys import house as houses
from tests.journeys.chromium import CHROMIUM, FLAGS
from tests.journeys.house import House
from tests.journeys.letters import Inbox
from tests.journeys.visitor import DESKTOP, Visitor

if TYPE_CHECKING:
    from playwright.sync_api import ViewportSize

HERE = Path(__file__).parent
PATIENCE_MS = 20_000  # a busy machine is no failure
LOCALES = {"en": "en-GB", "nl": "nl-NL"}

Visit = Callable[..., Visitor]


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: HERE in item.path.parents)


@pytest.fixture(scope="session")
def program() -> str:
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine: .ci/run installs one")
    return CHROMIUM


@pytest.fixture(scope="session")
def house(program: str, prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """One house for all journeys: each brings its own people or its own sessions, so their order does not matter."""
    data_dir = tmp_path_factory.mktemp("journeys") / "the data"
    shutil.copytree(prepared, data_dir)
    with houses.running(data_dir) as open_house:
        yield open_house


@pytest.fixture(scope="package")
def chromium(program: str, house: House) -> Iterator[Browser]:
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium: Browser, house: House) -> Iterator[Visit]:
    """Another person with a browser of their own, where nobody was before. What they noticed and nobody looked at fails
    the test.
    """
    visitors: list[Visitor] = []

    def arrive(language: str = "en", *, screen: ViewportSize = DESKTOP, javascript: bool = True) -> Visitor:
        context = chromium.new_context(
            locale=LOCALES[language],
            viewport=screen,
            java_script_enabled=javascript,
            reduced_motion="reduce",
            timezone_id="Europe/Amsterdam",
        )
        context.set_default_timeout(PATIENCE_MS)
        visitors.append(Visitor(context, address=house.address, language=language, screen=screen))
        return visitors[-1]

    yield arrive
    for visitor in visitors:
        visitor.context.close()
    assert [trouble for visitor in visitors for trouble in visitor.troubles] == []


@pytest.fixture
def inbox_of(house: House) -> Callable[[str], Inbox]:
    return lambda mailbox: Inbox(house.mail, f"{mailbox}@demo.example")
