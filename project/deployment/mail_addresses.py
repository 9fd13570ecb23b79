"""Checks the settings that are mail addresses or domains when the process starts: a wrong one would silently break
every mail.
"""

from __future__ import annotations

import re
from email.errors import HeaderParseError
from email.headerregistry import Address, AddressHeader
from typing import TYPE_CHECKING

from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.validators import DomainNameValidator, validate_email

if TYPE_CHECKING:
    from collections.abc import Iterable

UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]")


def mailbox(setting: str, value: str) -> tuple[str, str]:
    """Returns the name and the address of `value`, which is `samen@example.org` or `"Samen" <samen@example.org>` (RFC
    5322 3.4).

    The name is empty where none is given. Raises `ImproperlyConfigured` for anything but exactly one ASCII address.
    """
    parsed = _only_address(value)
    if parsed is None or not _is_address(parsed.addr_spec):
        raise ImproperlyConfigured(f"{setting} must be one email address, such as samen@example.org")
    return parsed.display_name, parsed.addr_spec


def address(setting: str, value: str) -> str:
    """As `mailbox`, but returns the address only; an empty value stays empty."""
    return mailbox(setting, value)[1] if value else ""


def name(setting: str, value: str) -> str:
    """Returns a sender's name, stripped. Raises `ImproperlyConfigured` for line breaks and control characters, which
    must not get into a header.
    """
    if UNPRINTABLE.search(value):
        raise ImproperlyConfigured(f"{setting} must be one line of plain text")
    return value.strip()


def domains(setting: str, values: Iterable[str]) -> list[str]:
    """Returns mail domains in lower case; `@example.org` means `example.org`. Raises `ImproperlyConfigured` for
    anything else.
    """
    found = [value.strip().removeprefix("@").lower() for value in values if value.strip()]
    for domain in found:
        try:
            DomainNameValidator(accept_idna=False)(domain)
        except ValidationError:
            raise ImproperlyConfigured(
                f"{setting} must be email domains, such as example.org, with commas between"
            ) from None
    return found


def _only_address(value: str) -> Address | None:
    if UNPRINTABLE.search(value):
        return None
    header: dict[str, object] = {"defects": []}
    try:
        AddressHeader.parse(value, header)
    except (HeaderParseError, IndexError):
        return None
    groups = header["groups"]
    if not isinstance(groups, list) or header["defects"] or len(groups) != 1 or groups[0].display_name is not None:
        return None
    found: Address = groups[0].addresses[0]
    return found


def _is_address(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return text.isascii()
