from __future__ import annotations

import pytest
from PIL import Image, ImageDraw

from events.services.pictures import letters
from events.services.pictures.letters import EXTENDED, LATIN, Letters

SIZES = ((80, 1), (40, 2))


def wrapped(text: str, width: int = 600) -> tuple[int, list[str]]:
    canvas = ImageDraw.Draw(Image.new("RGB", (10, 10)))
    return Letters(canvas).wrapped(text, sizes=SIZES, weight=650, width=width)


@pytest.mark.parametrize(
    ("text", "size", "lines"),
    [
        ("Short", 80, ["Short"]),
        ("A longer title that needs two lines", 40, ["A longer title that needs two", "lines"]),
        ("", 80, []),
        ("✨🎭", 80, []),
        ("\u202eTalk\u0000 ✨ now", 80, ["Talk now"]),
    ],
)
def test_the_largest_size_that_fits_is_used(text: str, size: int, lines: list[str]) -> None:
    assert wrapped(text) == (size, lines)


def test_what_does_not_fit_is_cut_off() -> None:
    size, [first, last] = wrapped("word " * 100)

    assert (size, last[-1]) == (40, "…")
    assert max(letters._length(line, 40, 650) for line in (first, last)) <= 600


def test_a_word_that_is_longer_than_a_line_is_cut() -> None:
    _size, lines = wrapped("m" * 25)

    assert "".join(lines) == "m" * 25
    assert len(lines) == 2


def test_each_letter_is_written_with_the_file_that_has_it() -> None:
    runs = list(letters._runs("Čapek’s café – Łódź 日本"))

    assert "".join(run for _, run in runs) == "Čapek’s café – Łódź "
    assert [file for file, _ in runs[:3]] == [EXTENDED, LATIN, EXTENDED]


def test_a_line_is_written_from_left_to_right() -> None:
    picture = Image.new("L", (300, 60))

    Letters(ImageDraw.Draw(picture)).line((10, 30), "Čas", size=40, weight=400, colour="white")

    left, _top, right, _bottom = picture.getbbox() or (0, 0, 0, 0)
    assert 8 <= left < 20
    assert 60 < right < 120
