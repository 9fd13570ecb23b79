"""Makes a picture that somebody uploads safe and light: it is decoded and encoded anew, so that nothing of the file is
kept but its colours.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING

from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageCms, ImageOps

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from django_stubs_ext import StrOrPromise

KINDS_OF_FILE = ("JPEG", "PNG", "WEBP", "AVIF")
MAX_BYTES = 40_000
MAX_PIXELS = 50_000_000  # more than any phone takes; decoded, they are 200 MB at most
LEAST_WIDTH, LEAST_HEIGHT = 600, 300
SIZES = ((1200, 600), (900, 450), (600, 300))
QUALITIES = (78, 66, 54, 42, 30)
LAST_QUALITY = 5  # of the smallest size; even noise fits then
EYE_LINE = (0.5, 0.4)  # what is cut off: people's faces are above the middle


class UnusablePicture(Exception):
    """`code` is stable, and `text` may be shown."""

    def __init__(self, code: str, text: StrOrPromise) -> None:
        self.code, self.text = code, text
        super().__init__(code)


@dataclass(frozen=True)
class Processed:
    """The same picture twice. `avif` is empty if this Pillow cannot write it, or not as light."""

    webp: bytes
    avif: bytes
    width: int
    height: int


def processed(file: IO[bytes]) -> Processed:
    """Returns the picture upright, twice as wide as high, in at most 40 kB, and without metadata.

    Raises `UnusablePicture`: `no-picture`, `too-many-pixels`, `too-small`.
    """
    picture = _decoded(file)
    for size in SIZES:
        if size[0] > picture.width and size != SIZES[-1]:
            continue
        cut = ImageOps.fit(picture, size, Image.Resampling.LANCZOS, centering=EYE_LINE)
        if webp := _light(cut, "WEBP", QUALITIES if size != SIZES[-1] else (*QUALITIES, LAST_QUALITY)):
            return Processed(webp=webp, avif=_light(cut, "AVIF", QUALITIES), width=size[0], height=size[1])
    raise AssertionError("Even noise is light enough in the smallest size.")  # pragma: no cover  # see LAST_QUALITY


def _decoded(file: IO[bytes]) -> Image.Image:
    try:
        with Image.open(file, formats=KINDS_OF_FILE) as opened:
            _refuse_too_many_pixels(opened.width * opened.height)  # before anything is decoded
            if opened.format == "JPEG":
                opened.draft("RGB", (2 * SIZES[0][0], 2 * SIZES[0][0]))  # decodes no more than is needed
            return _large_enough(_flat(ImageOps.exif_transpose(opened)))
    except UnusablePicture:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _too_many_pixels() from None
    except Exception:  # noqa: BLE001  # decoders raise whatever they like about broken files
        text = _("We cannot read this as a picture. Choose a JPEG, PNG, WebP or AVIF file.")
        raise UnusablePicture("no-picture", text) from None


def _large_enough(picture: Image.Image) -> Image.Image:
    if picture.width < LEAST_WIDTH or picture.height < LEAST_HEIGHT:
        text = _("This picture is too small. Choose one that is at least %(width)d by %(height)d pixels.")
        raise UnusablePicture("too-small", text % {"width": LEAST_WIDTH, "height": LEAST_HEIGHT})
    return picture


def _refuse_too_many_pixels(number: int) -> None:
    if number > MAX_PIXELS:
        raise _too_many_pixels()


def _too_many_pixels() -> UnusablePicture:
    text = _("This picture has too many pixels. Choose one with at most %(number)d million.")
    return UnusablePicture("too-many-pixels", text % {"number": MAX_PIXELS // 1_000_000})


def _flat(picture: Image.Image) -> Image.Image:
    """In the colours of the web, and on white where it is transparent. Metadata does not come along."""
    profile = picture.info.get("icc_profile")
    if picture.mode in {"RGBA", "LA", "PA"} or "transparency" in picture.info:
        picture = picture.convert("RGBA")
        ground = Image.new("RGBA", picture.size, "white")
        picture = Image.alpha_composite(ground, picture)
    elif profile and picture.mode in {"RGB", "CMYK"}:
        picture = _in_srgb(picture, profile)
    flat = Image.new("RGB", picture.size)
    flat.paste(picture.convert("RGB"))
    return flat


def _in_srgb(picture: Image.Image, profile: bytes) -> Image.Image:
    """Phones use wider colours, which would look pale without their profile. A profile that is broken is left out."""
    try:
        wide, narrow = ImageCms.ImageCmsProfile(io.BytesIO(profile)), ImageCms.createProfile("sRGB")
        return ImageCms.profileToProfile(picture, wide, narrow, outputMode="RGB") or picture
    except (ImageCms.PyCMSError, OSError, ValueError):
        return picture


def _light(picture: Image.Image, kind: str, qualities: Sequence[int]) -> bytes:
    """Returns the best encoding that is light enough, or b"" if none is."""
    return next((content for content in _encodings(picture, kind, qualities) if len(content) <= MAX_BYTES), b"")


def _encodings(picture: Image.Image, kind: str, qualities: Sequence[int]) -> Iterator[bytes]:
    Image.init()
    if kind not in Image.SAVE:
        return
    for quality in qualities:
        content = io.BytesIO()
        picture.save(content, kind, quality=quality, **({"method": 4} if kind == "WEBP" else {"speed": 8}))
        yield content.getvalue()
