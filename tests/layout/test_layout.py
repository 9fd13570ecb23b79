"""No page is wider than a small phone, nor than a screen with letters twice as large, whatever people write on it."""

from __future__ import annotations

import mimetypes
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from playwright.sync_api import sync_playwright

from tests.factories import NOW
from tests.journeys.chromium import CHROMIUM, FLAGS
from tests.layout.pages import NO_PAGES, Visit, World, names_of_all_addresses, visits
from tests.project.demo import urls  # now, while DEMO=0: `project.urls` looks at it once

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import CDPSession, Page

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.postgresql, pytest.mark.django_db]

NEEDS_ANOTHER_VISIT = {"account_confirm_login_code"}  # the page after a code was asked for


class Screen(NamedTuple):
    width: int
    letters: int  # pixels, 16 unless the reader wants them larger


SCREENS = (Screen(320, 16), Screen(320, 32), Screen(1280, 32))
WIDER_THAN_THE_SCREEN = (Path(__file__).parent / "wider.js").read_text()


class Rendered(NamedTuple):
    visit: Visit
    content: bytes
    answer: str = ""

    @property
    def name(self) -> str:
        kind = "POST " if self.visit.posted is not None else ""
        return f"{self.visit.who or 'visitor'} {kind}{self.visit.path}"


@pytest.fixture
def world(settings: Any, tmp_path: Path) -> World:
    settings.DEMO = True
    settings.ROOT_URLCONF = urls.__name__
    settings.EMAIL_FILE_PATH = str(tmp_path / "mail")
    with time_machine.travel(NOW, tick=False):
        return World()


def test_every_page_has_its_example(world: World) -> None:
    shown = {visit.name for visit in visits(world)} | NEEDS_ANOTHER_VISIT

    assert names_of_all_addresses() - shown - NO_PAGES == set()
    assert NO_PAGES - names_of_all_addresses() == set()


def test_no_page_is_wider_than_its_screen(world: World, tmp_path: Path) -> None:
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine: .ci/run installs one")
    with time_machine.travel(NOW, tick=False):
        pages = [*(_render(world, visit) for visit in visits(world)), _page_of_the_code()]

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page(reduced_motion="reduce")
        found = _look_at_all(page, pages)
        browser.close()

    if found:
        pytest.fail("\n".join(f"{name}: {'; '.join(troubles)}" for name, troubles in found.items()), pytrace=False)


def _render(world: World, visit: Visit) -> Rendered:
    """In Dutch, whose words are the longer ones."""
    client = Client(raise_request_exception=False, headers={"accept-language": "nl", "accept": "text/html"})
    if visit.who:
        client.force_login(world.people[visit.who])
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "nl"
    if visit.first:
        client.post(*visit.first)
    answer = client.get(visit.path) if visit.posted is None else client.post(visit.path, visit.posted)
    said = "" if answer.status_code == visit.status else f"answers {answer.status_code} {answer.get('Location', '')}"
    return Rendered(visit, answer.content, said)


def _page_of_the_code() -> Rendered:
    client = Client(headers={"accept-language": "nl"})
    answer = client.post("/accounts/login/", {"email": f"{'a' * 50}@demo.example"}, follow=True)
    assert answer.status_code == 200
    return Rendered(Visit("account_confirm_login_code", "", "/accounts/login/code/confirm/"), answer.content)


def _look_at_all(page: Page, pages: list[Rendered]) -> dict[str, list[str]]:
    found = {rendered.name: [rendered.answer] for rendered in pages if rendered.answer}
    devtools = page.context.new_cdp_session(page)
    with _served(pages) as house:
        for number, rendered in enumerate(pages):
            page.goto(f"{house}/{number}")
            for screen in SCREENS:
                troubles = _look(page, devtools, screen)
                if troubles:
                    found[f"{rendered.name} at {screen.width} px, letters of {screen.letters} px"] = troubles
    return found


@contextmanager
def _served(pages: list[Rendered]) -> Iterator[str]:
    """The pages by their number, and the files they name, which a browser asks for once."""

    class Desk(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = urlsplit(self.path).path
            if path.startswith(settings.STATIC_URL):
                file = Path(settings.STATIC_ROOT) / path.removeprefix(settings.STATIC_URL)
                self._send(file.read_bytes(), mimetypes.guess_type(file.name)[0] or "")
            else:
                number = path.removeprefix("/")
                page = pages[int(number)].content if number.isdecimal() else b""
                self._send(page, "text/html; charset=utf-8")

        def _send(self, content: bytes, kind: str) -> None:
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Cache-Control", "no-store" if kind.startswith("text/html") else "max-age=3600")
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_words: object) -> None:
            """Nobody reads it."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Desk)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def _look(page: Page, devtools: CDPSession, screen: Screen) -> list[str]:
    """As the browser's own setting makes letters larger: sizes in rem grow, those of media queries too."""
    metrics = {"width": screen.width, "height": 800, "deviceScaleFactor": 1, "mobile": False}
    devtools.send("Emulation.setDeviceMetricsOverride", metrics)
    devtools.send("Page.setFontSizes", {"fontSizes": {"standard": screen.letters, "fixed": screen.letters}})
    troubles: list[str] = page.evaluate(WIDER_THAN_THE_SCREEN, screen.letters)
    return troubles
