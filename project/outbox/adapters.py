from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone

from project.deployment.private_files import FILE, make_private

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.core.mail import EmailMessage


class EmlFileBackend(BaseEmailBackend):
    """Writes each mail to a file `.eml`, named so that files sort in the order of sending (contract.md, "The demo
    programme").
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.folder = Path(settings.EMAIL_FILE_PATH)

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        make_private(self.folder)
        for mail in email_messages:
            self._write(mail.message().as_bytes())
        return len(email_messages)

    def _write(self, raw: bytes) -> None:
        """Writes to a hidden file first and renames it, so that no half-written mail is ever visible."""
        name = f"{timezone.now():%Y%m%dT%H%M%S.%f}"
        draft = self.folder / f".{name}"
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, FILE), "wb") as file:
            file.write(raw)
        draft.rename(self.folder / f"{name}.eml")
