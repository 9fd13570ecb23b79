"""Tells who sent a mail, as far as the receiving mail server knows (RFC 8601, specs/calendar.md 5.3)."""

from __future__ import annotations

import re
from enum import Enum
from itertools import islice
from typing import TYPE_CHECKING

from authres import AuthenticationResultsHeader
from authres.core import AuthResError

if TYPE_CHECKING:
    from collections.abc import Iterable

LEADING_COMMENTS = re.compile(r'(?:\s|\([^()]*\))*"?')
DMARC_FAIL = re.compile(r"\bdmarc\s*(?:/\s*\d+\s*)?=\s*fail\b", re.IGNORECASE)
POLICY = re.compile(r"\b(?:p|action|policy\.dmarc)\s*=\s*\"?([a-z]+)", re.IGNORECASE)
LENIENT = {"none", "pass"}
LONGEST_HEADER = 10_000
MAX_BRACKETS = 100  # the parser recurses once for each nested comment
MAX_HEADERS = 50  # our own server writes its own on top
SIGNED_BY = {"dkim": ("header.d", "header.i"), "spf": ("smtp.mailfrom", "smtp.helo")}


class Sender(Enum):
    VERIFIED = "VERIFIED"  # the domain of From vouches for it
    UNKNOWN = "UNKNOWN"  # no result: many domains publish no policy, so this is no sign of a forgery
    REFUSED = "REFUSED"  # the domain of From wants it refused


def judge(headers: Iterable[str], *, address: str, authserv_id: str) -> Sender:
    """Returns what our own mail server found out about the sender `address`.

    `headers`: all Authentication-Results, the newest first. Only the topmost one that carries our `authserv_id` counts,
    because anybody can write the others (RFC 8601 5); without an `authserv_id` none does. A DMARC failure is final: no
    SPF or DKIM result outvotes it. It refuses the mail unless the domain's policy is known to be lenient (`p=none`).
    """
    domain = address.rpartition("@")[2].lower()
    ours = next((header for header in islice(headers, MAX_HEADERS) if _is_written_by(authserv_id, header)), None)
    if ours is None or not domain:
        return Sender.UNKNOWN
    text = ours[:LONGEST_HEADER]
    if DMARC_FAIL.search(text):
        return Sender.UNKNOWN if _is_lenient(text) else Sender.REFUSED
    return Sender.VERIFIED if any(_vouches(result, domain) for result in _results(text)) else Sender.UNKNOWN


def is_aligned(signer: str, domain: str) -> bool:
    """Returns whether the domains are equal or one is below the other: relaxed alignment (RFC 7489 3.1), without a list
    of public suffixes.
    """
    if "." not in signer:
        return False
    return signer == domain or signer.endswith("." + domain) or domain.endswith("." + signer)


def _is_written_by(authserv_id: str, header: str) -> bool:
    """Returns whether the header begins with the name of the server that wrote it, perhaps followed by a version."""
    start = LEADING_COMMENTS.match(header[:LONGEST_HEADER])
    rest = header[start.end() if start else 0 :][: len(authserv_id) + 1].lower()
    return (
        bool(authserv_id) and rest.startswith(authserv_id.lower()) and not re.match(r"[\w.-]", rest[len(authserv_id) :])
    )


def _is_lenient(text: str) -> bool:
    """Servers write the policy in a comment, in `policy.dmarc`, or as `action` (Microsoft); authres drops comments."""
    policies = {policy.lower() for policy in POLICY.findall(text)}
    return bool(policies) and policies <= LENIENT


def _results(text: str) -> list[tuple[str, str, dict[str, str]]]:
    """Returns (method, result, properties) of each result; empty if the header does not follow RFC 8601."""
    if text.count("(") > MAX_BRACKETS:
        return []
    try:
        parsed = AuthenticationResultsHeader.parse(f"{AuthenticationResultsHeader.HEADER_FIELD_NAME}: {text}")
    except AuthResError:
        return []
    return [
        (result.method, result.result, {f"{each.type}.{each.name}": each.value for each in result.properties})
        for result in parsed.results
    ]


def _vouches(result: tuple[str, str, dict[str, str]], domain: str) -> bool:
    method, verdict, properties = result
    if verdict != "pass":
        return False
    if method == "dmarc":
        return _domain_of(properties, "header.from") in {"", domain}
    return is_aligned(_domain_of(properties, *SIGNED_BY.get(method, ())), domain)


def _domain_of(properties: dict[str, str], *names: str) -> str:
    """Returns the part after the last @: a quoted local part may contain another one (RFC 5321 4.1.2)."""
    found = next((properties[name] for name in names if properties.get(name)), "")
    return found.rpartition("@")[2].lower().rstrip(".")
