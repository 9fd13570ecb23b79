from __future__ import annotations

import pytest

from project.text.prose import MAIL, as_html, linked


def _link(shown: str, address: str = "") -> str:
    return f'<a dir="auto" href="{address or shown}">{shown}</a>'


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("(see https://a.nl/x_(y)).", f"(see {_link('https://a.nl/x_(y)')})."),
        ("[https://a.nl/b]", f"[{_link('https://a.nl/b')}]"),
        ("<https://a.nl>", f"&lt;{_link('https://a.nl')}&gt;"),
        ("\u201chttps://a.nl/x\u201d.", f"\u201c{_link('https://a.nl/x')}\u201d."),
        ("\u2018https://a.nl/x\u2019", f"\u2018{_link('https://a.nl/x')}\u2019"),
        ("\u00abhttps://a.nl/x\u00bb", f"\u00ab{_link('https://a.nl/x')}\u00bb"),
        ("'https://a.nl/x'", f"&#x27;{_link('https://a.nl/x')}&#x27;"),
        ('"https://a.nl/x"', f"&quot;{_link('https://a.nl/x')}&quot;"),
        ("https://a.nl/it\u2019s, now", _link("https://a.nl/it\u2019s") + ", now"),
        ("HTTPS://A.NL/Q?a=1&b=2!", f"{_link('HTTPS://A.NL/Q?a=1&amp;b=2', 'https://A.NL/Q?a=1&amp;b=2')}!"),
        ("http://a.nl\u2026", f"{_link('http://a.nl')}\u2026"),
        ("www.tudelft.nl/x.", f"{_link('www.tudelft.nl/x', 'https://www.tudelft.nl/x')}."),
        ("Mail me@tudelft.nl.", f"Mail {_link('me@tudelft.nl', 'mailto:me@tudelft.nl')}."),
        ("MAILTO:me@tudelft.nl", _link("MAILTO:me@tudelft.nl", "mailto:me@tudelft.nl")),
        ('https://a.nl/"onclick="x', f"{_link('https://a.nl/')}&quot;onclick=&quot;x"),
        ("<b>https://a.nl/</b>", f"&lt;b&gt;{_link('https://a.nl/')}&lt;/b&gt;"),
    ],
)  # fmt: skip
def test_linked_finds_addresses(typed, written):
    assert linked(typed) == written


@pytest.mark.parametrize(
    "typed",
    ["javascript:alert(1)", "JavaScript://a.nl", "data:text/html,x", "ftp://a.nl", "//a.nl", "e.g.This", "a.nl", "@me"],
)
def test_linked_links_nothing_else(typed):
    assert linked(typed) == typed


def test_as_html_writes_paragraphs_and_lists():
    said = "Bring:\r\n* a case\r\n- <i>time</i>\r\n\r\nAnd\ncome."

    assert as_html(said) == (
        '<p dir="auto">Bring:</p>\n<ul dir="auto"><li>a case</li><li>&lt;i&gt;time&lt;/i&gt;</li></ul>\n'
        '<p dir="auto">And<br>come.</p>'
    )


def test_as_html_adds_styles_in_mails():
    said = as_html("* https://a.nl", MAIL)

    assert said.count("style=") == 2
    assert 'href="https://a.nl"' in said


def test_as_html_keeps_odd_marks():
    assert as_html("-5 degrees\n*stars*") == '<p dir="auto">-5 degrees<br>*stars*</p>'
