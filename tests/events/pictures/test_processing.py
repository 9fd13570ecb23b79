from __future__ import annotations

import io

import pytest
from PIL import Image, ImageCms

from events.services.pictures import processing
from events.services.pictures.processing import MAX_BYTES, UnusablePicture, processed
from tests.events.pictures.images import SECRET, bomb, noise, photo, photo_with_exif


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_a_picture_becomes_light_in_two_formats(kind: str) -> None:
    made = processed(io.BytesIO(photo(kind)))

    webp, avif = opened(made.webp), opened(made.avif)
    assert (webp.format, avif.format) == ("WEBP", "AVIF")
    assert webp.size == avif.size == (made.width, made.height) == (1200, 600)
    assert max(len(made.webp), len(made.avif)) <= MAX_BYTES


def test_nothing_of_the_file_is_kept_but_its_colours() -> None:
    original = photo_with_exif()
    assert SECRET.encode() in original

    made = processed(io.BytesIO(original))

    for content in (made.webp, made.avif):
        assert not opened(content).getexif()
        assert not {"exif", "icc_profile", "xmp", "comment"} & set(opened(content).info)
        assert SECRET.encode() not in content
        assert b"Exif" not in content


@pytest.mark.parametrize(("orientation", "above"), [(1, "red"), (3, "blue")])
def test_a_picture_is_turned_as_the_camera_was_held(orientation: int, above: str) -> None:
    made = opened(processed(io.BytesIO(photo_with_exif(orientation))).webp).convert("RGB")

    red, _green, blue = made.getpixel((600, 40))  # type: ignore[misc]  # a picture in RGB
    assert ("red" if red > blue else "blue") == above


@pytest.mark.parametrize(
    ("kind", "mode"), [("PNG", "P"), ("PNG", "LA"), ("PNG", "RGBA"), ("JPEG", "CMYK"), ("JPEG", "L")]
)
def test_every_kind_of_colours_can_be_used(kind: str, mode: str) -> None:
    assert processed(io.BytesIO(photo(kind, mode=mode))).width == 1200


def test_what_is_transparent_becomes_white() -> None:
    file = io.BytesIO()
    Image.new("RGBA", (700, 400), (255, 0, 0, 0)).save(file, "PNG")

    made = opened(processed(file).webp).convert("RGB")

    assert min(made.getpixel((300, 150))) > 250  # type: ignore[arg-type]  # a picture in RGB


@pytest.mark.parametrize("profile", [ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes(), b"broken"])
def test_the_profile_of_a_camera_is_applied_or_left_out(profile: bytes) -> None:
    assert processed(io.BytesIO(photo(icc_profile=profile))).width == 1200


def test_noise_becomes_smaller_until_it_is_light() -> None:
    made = processed(io.BytesIO(noise()))

    assert made.width < 1200
    assert 0 < len(made.webp) <= MAX_BYTES
    assert len(made.avif) <= MAX_BYTES


def test_a_small_picture_is_not_made_larger() -> None:
    assert processed(io.BytesIO(photo(size=(700, 500)))).width == 600


def test_without_avif_there_is_webp(monkeypatch: pytest.MonkeyPatch) -> None:
    content = photo()
    monkeypatch.delitem(Image.SAVE, "AVIF")

    made = processed(io.BytesIO(content))

    assert made.webp
    assert not made.avif


@pytest.mark.parametrize("size", [(30_000, 30_000), (9_000, 9_000)])
def test_a_decompression_bomb_is_not_decoded(size: tuple[int, int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processing, "_flat", pytest.fail)

    with pytest.raises(UnusablePicture) as refused:
        processed(io.BytesIO(bomb(*size)))

    assert refused.value.code == "too-many-pixels"
    assert "50 million" in str(refused.value.text)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"GIF89a" + b"\0" * 50,
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"%PDF-1.7",
        b"\xff\xd8\xff\xe0" + b"\0" * 200,
        photo()[:2000],
        bomb(800, 600),
        photo("GIF"),
        photo("TIFF"),
        photo("BMP"),
    ],
)
def test_what_is_no_picture_for_the_web_is_refused(content: bytes) -> None:
    with pytest.raises(UnusablePicture) as refused:
        processed(io.BytesIO(content))

    assert refused.value.code == "no-picture"


@pytest.mark.parametrize("size", [(599, 900), (900, 299), (1, 1)])
def test_a_picture_that_would_be_blurred_is_refused(size: tuple[int, int]) -> None:
    with pytest.raises(UnusablePicture) as refused:
        processed(io.BytesIO(photo(size=size)))

    assert refused.value.code == "too-small"
    assert "600 by 300" in str(refused.value.text)
