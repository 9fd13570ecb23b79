"""That a visitor notices: a journey that sees nothing wrong means something only if wrong things are seen."""

from __future__ import annotations

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.slow]


MISCHIEF = {
    "image-alt": "document.querySelector('main').insertAdjacentHTML('beforeend', '<img src=/static/favicon.svg>')",
    "color-contrast": "document.querySelector('h1').style.color = '#c9c9c9'",
    "scrolls sideways at 390": "document.querySelector('main').style.width = '1400px'",
    "2 h1": "document.querySelector('main').append(document.createElement('h1'))",
    "wrong language": "document.documentElement.lang = 'nl'",
    "no title": "document.title = ''",
    "console: oh": "console.error('oh')",
    "inline script": "document.body.append(Object.assign(document.createElement('script'), {text: '1'}))",
    "answered 404": "fetch('/static/nothing.css').then(() => 0)",
    "asked elsewhere: https://elsewhere.example/": "new Image().src = 'https://elsewhere.example/pixel.png'",
}


def test_visitor_notices_what_is_wrong(visit) -> None:
    visitor = visit("en")
    visitor.open("/accounts/login/")
    assert visitor.problems() == []

    for deed in MISCHIEF.values():
        visitor.page.evaluate(f"async () => {{ await ({deed}) }}")
    visitor.page.wait_for_load_state("networkidle")
    found = visitor.problems()

    assert [name for name in MISCHIEF if not any(name in problem for problem in found)] == []
