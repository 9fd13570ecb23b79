"""Somebody with a browser, who notices everything that is wrong with a page."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from axe_playwright_python.base import AXE_SCRIPT
from django.utils.translation import gettext, override
from playwright.sync_api import expect

if TYPE_CHECKING:
    from typing import Literal

    from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, Response, ViewportSize

    Scheme = Literal["dark", "light"]
    View = tuple[ViewportSize, Scheme]

PHONE: ViewportSize = {"width": 390, "height": 844}
DESKTOP: ViewportSize = {"width": 1280, "height": 900}
# Every page is looked at in both languages, so each screen has every rule of axe once. Contrast takes most of its time
# and does not depend on the language; on the second screen only what depends on size and colour is looked at again.
VIEWS: dict[str, tuple[View, View]] = {
    "en": ((PHONE, "light"), (DESKTOP, "dark")),
    "nl": ((DESKTOP, "light"), (PHONE, "light")),
}
AXE_IS_THERE = "typeof axe === 'object'"
CONTRAST, TARGETS = "color-contrast", "target-size"  # the second, of WCAG 2.2, is off by default
LEFT_EARLY = "net::ERR_ABORTED"  # a download, or a picture of a page that was left
STATUS = re.compile(r"Failed to load resource: the server responded with a status of (\d{3})")
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def axe_options(language: str, *, is_first: bool) -> dict[str, object]:
    has_contrast = language == "en"
    if is_first:
        return {"rules": {TARGETS: {"enabled": True}, CONTRAST: {"enabled": has_contrast}}}
    return {"runOnly": [CONTRAST, TARGETS] if has_contrast else [TARGETS]}


def accessibility_problems(page: Page, options: dict[str, object]) -> list[str]:
    """What axe finds, best practices included, without the mails in frames. It is loaded once for each page."""
    if not page.evaluate(AXE_IS_THERE):
        page.evaluate(AXE_SCRIPT)
    results = page.evaluate("options => axe.run(options)", options | {"resultTypes": ["violations"], "iframes": False})
    return [
        f"{violation['id']} at {node['target']}: {node['html'][:160]}: {node['failureSummary'][:300]}"
        for violation in results["violations"]
        for node in violation["nodes"]
    ]


class Visitor:
    """`language` is the browser's. `troubles` collects what a reader never sees: errors of scripts and policy, failed
    and foreign requests.
    """

    def __init__(self, context: BrowserContext, *, address: str, language: str, screen: ViewportSize) -> None:
        self.context, self.address, self.language, self.screen = context, address, language, screen
        self.troubles: list[str] = []
        self.refusals_expected: set[int] = set()
        self.page = context.new_page()
        context.on("console", self._hear)
        context.on("weberror", lambda error: self.troubles.append(f"script: {error.error}"))
        context.on("request", self._see_request)
        context.on("requestfailed", self._see_failure)
        context.on("response", self._see_response)

    def open(self, path: str, *, status: int = 200) -> None:
        if status != 200:
            self.refusals_expected.add(status)
        response = self.page.goto(f"{self.address}{path}")
        assert response is not None
        assert response.status == status, f"{path} answers {response.status}"

    def become(self, mailbox: str) -> None:
        """Be somebody of the demo, the crowd included."""
        self.open("/demo/")
        self.page.get_by_label(self.word("Or somebody from the crowd")).fill(f"{mailbox}@demo.example")
        self.page.locator("form.section").get_by_role("button").click()
        expect(self.page.get_by_role("button", name=self.word("Sign out"))).to_be_visible()

    def word(self, english: str) -> str:
        """How the page says it in the visitor's language."""
        with override(self.language):
            return gettext(english)

    def press(self, english: str) -> None:
        """The first button whose name begins so."""
        self.page.get_by_role("button", name=re.compile(f"^{re.escape(self.word(english))}")).first.click()

    def follow(self, english: str) -> None:
        self.page.get_by_role("link", name=self.word(english), exact=True).first.click()

    def reads(self, english: str) -> None:
        expect(self.page.get_by_role("main")).to_contain_text(self.word(english))

    def look(self) -> None:
        """Whatever must be right on every page, on a phone and on a desktop."""
        expect(self.page.locator("html")).to_have_attribute("lang", self.language)
        problems = self.problems()
        assert not problems, "\n".join([self.page.url, *problems])

    def problems(self) -> list[str]:
        page = self.page
        found = [f"{count} h1" for count in [page.locator("h1").count()] if count != 1]
        if not page.title().strip(" ·"):
            found.append("no title")
        if page.locator("html").get_attribute("lang") != self.language:
            found.append("wrong language")
        for view, (size, scheme) in enumerate(VIEWS[self.language]):
            page.emulate_media(color_scheme=scheme)
            page.set_viewport_size(size)
            options = axe_options(self.language, is_first=view == 0)
            found += [f"{size['width']} {scheme}: {problem}" for problem in accessibility_problems(page, options)]
            if page.evaluate(SIDEWAYS) > 0:
                found.append(f"scrolls sideways at {size['width']}")
        self._sit_back()
        found += self.troubles
        self.troubles.clear()
        return found

    def _sit_back(self) -> None:
        self.page.emulate_media(color_scheme="light")
        self.page.set_viewport_size(self.screen)

    def _hear(self, message: ConsoleMessage) -> None:
        status = STATUS.match(message.text)
        if status and int(status[1]) in self.refusals_expected:
            return
        if message.type in {"error", "warning"}:
            self.troubles.append(f"console: {message.text}")

    def _see_request(self, request: Request) -> None:
        if not request.url.startswith((f"{self.address}/", "data:", "about:")):
            self.troubles.append(f"asked elsewhere: {request.url}")

    def _see_failure(self, request: Request) -> None:
        if request.failure != LEFT_EARLY:
            self.troubles.append(f"failed: {request.url} {request.failure}")

    def _see_response(self, response: Response) -> None:
        if response.status >= 400 and response.status not in self.refusals_expected:
            self.troubles.append(f"answered {response.status}: {response.url}")
