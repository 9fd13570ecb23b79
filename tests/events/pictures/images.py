"""Pictures as people upload them."""

from __future__ import annotations

import io
import struct
import zlib
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from events.models import Event
from events.services.pictures.changing import PictureChange, change_picture
from events.services.pictures.processing import processed

ORIENTATION, CAMERA, PLACE = 0x0112, 0x010F, 0x8825
SECRET = "Camera of somebody"


def photo(kind: str = "JPEG", size: tuple[int, int] = (1400, 900), mode: str = "RGB", **options: Any) -> bytes:
    """Upper half red, lower half blue."""
    image = Image.new("RGB", size, "red")
    image.paste("blue", (0, size[1] // 2, *size))
    file = io.BytesIO()
    image.convert(mode).save(file, kind, **options)
    return file.getvalue()


def photo_with_exif(orientation: int = 1) -> bytes:
    exif = Image.Exif()
    exif[ORIENTATION], exif[CAMERA] = orientation, SECRET
    exif.get_ifd(PLACE)[2] = (51.0, 59.0, 30.0)
    return photo(exif=exif, comment=SECRET.encode())


def noise(size: tuple[int, int] = (1300, 800)) -> bytes:
    file = io.BytesIO()
    Image.effect_noise(size, 120).convert("RGB").save(file, "PNG", compress_level=1)
    return file.getvalue()


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few bytes that says that it is as large as this."""

    def chunk(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 99)) + chunk(b"IEND", b"")


def upload(content: bytes | None = None, name: str = "photo.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, photo() if content is None else content)


def give_picture(event: Event, content: bytes | None = None, **described: str) -> Event:
    described = {"alt_en": "Two people on a stage", "alt_nl": "Twee mensen op een podium"} | described
    change_picture(event, PictureChange(picture=processed(io.BytesIO(content or photo())), **described))  # type: ignore[arg-type]  # only texts are described
    return Event.objects.get(pk=event.pk)
