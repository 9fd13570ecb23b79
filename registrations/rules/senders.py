"""Who sent a mail, as far as the receiving mail server knows (RFC 8601, specs/calendar.md 5.3).

Read here and not with a package: the one there is loses the comments, in which servers say the DMARC policy, refuses what Microsoft
writes, and runs out of stack on nested brackets.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from itertools import islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

RESULT = re.compile(r"\s*([a-z0-9-]+)(?:\s*/\s*\d+)?\s*=\s*([a-z]+)", re.IGNORECASE)
PROPERTY = re.compile(r"(?<![a-z0-9.-])([a-z0-9.-]+)\s*=\s*(\"[^\"]*\"|[^\s;]+)", re.IGNORECASE)
STRICT = {"reject", "quarantine", "oreject"}  # the last is Microsoft's word for a reject that it overrides
LONGEST_HEADER = 10_000
MOST_HEADERS = 50  # our own server writes its own on top


class Sender(Enum):
    VERIFIED = "VERIFIED"  # the domain of From vouches for it
    UNKNOWN = "UNKNOWN"  # no result: many domains publish nothing, so that is no sign of a forgery
    REFUSED = "REFUSED"  # the domain of From wants it refused


@dataclass(frozen=True)
class _Result:
    method: str
    result: str
    properties: dict[str, str]
    comment: str

    def domain(self, *names: str) -> str:
        found = next((self.properties[name] for name in names if self.properties.get(name)), "")
        return found.strip('"').rpartition("@")[2].lower().rstrip(".")


def judge(headers: Iterable[str], *, address: str, authserv_id: str) -> Sender:
    """`headers`: all Authentication-Results, the newest first. Only the topmost of our own mail server counts, as anybody can write the
    others; without `authserv_id` none does.
    """
    domain = address.rpartition("@")[2].lower()
    sections = (list(_sections(header[:LONGEST_HEADER])) for header in islice(headers, MOST_HEADERS))
    ours = next((found for name, *found in sections if authserv_id and _is_called(name, authserv_id)), None)
    if not ours or not domain:
        return Sender.UNKNOWN
    results = [result for section in ours if (result := _result(*section))]
    if any(_is_refused(result) for result in results):
        return Sender.REFUSED
    return Sender.VERIFIED if any(_vouches(result, domain) for result in results) else Sender.UNKNOWN


def _vouches(result: _Result, domain: str) -> bool:
    if result.result != "pass":
        return False
    if result.method == "dmarc":
        return result.domain("header.from") in {"", domain}
    signed_by = {"dkim": ("header.d", "header.i"), "spf": ("smtp.mailfrom", "smtp.helo")}
    return is_aligned(result.domain(*signed_by.get(result.method, ())), domain)


def _is_refused(result: _Result) -> bool:
    if (result.method, result.result) != ("dmarc", "fail"):
        return False
    policy = re.search(r"\bp=([a-z]+)", result.comment)
    said = [result.properties.get(name, "").lower() for name in ("policy.dmarc", "action")]
    return bool(STRICT & {*said, policy[1] if policy else ""})


def is_aligned(signer: str, domain: str) -> bool:
    """The same domain, or one below the other: relaxed alignment (RFC 7489 3.1), without a list of public suffixes."""
    if "." not in signer:
        return False
    return signer == domain or signer.endswith("." + domain) or domain.endswith("." + signer)


def _is_called(section: tuple[str, str], authserv_id: str) -> bool:
    """The first section names the server that wrote the header, and may give a version after it."""
    return section[0].lower().split()[:1] == [authserv_id.lower()]


def _result(text: str, comment: str) -> _Result | None:
    said = RESULT.match(text)
    if said is None:
        return None
    properties = {key.lower(): value for key, value in PROPERTY.findall(text[said.end() :])}
    return _Result(said[1].lower(), said[2].lower(), properties, comment.lower())


def _sections(header: str) -> Iterator[tuple[str, str]]:
    """What stands between the semicolons, and the comments in it, which may be nested."""
    text, comment = "", ""
    depth, is_quoted = 0, False
    for letter in header:
        if letter == '"' and depth == 0:
            is_quoted = not is_quoted
        if not is_quoted and letter in "()":
            depth = max(0, depth + (1 if letter == "(" else -1))
            comment += " "
        elif depth:
            comment += letter
        elif letter == ";" and not is_quoted:
            yield text, comment
            text, comment = "", ""
        else:
            text += letter
    yield text, comment
