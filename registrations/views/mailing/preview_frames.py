"""How a mail is shown on a page: only its HTML, in a frame that allows styles and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from csp.constants import NONE, SELF, UNSAFE_INLINE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpRequest

# No scripts, no requests, and only our own pages may frame it.
MAIL_POLICY = {
    "default-src": [NONE],
    "style-src": [UNSAFE_INLINE],
    "img-src": ["data:"],
    "frame-ancestors": [SELF],
    "sandbox": [""],
}
DRAFT = "mail_draft"


def keep_draft(request: HttpRequest, of: object, said: Mapping[str, Any]) -> None:
    """Stores what the frames of the page in this response will show. The session keeps only the newest draft; no URL
    contains a word of it.
    """
    request.session[DRAFT] = {"of": str(of), "said": dict(said)}


def draft_of(request: HttpRequest, of: object) -> dict[str, Any] | None:
    draft = request.session.get(DRAFT)
    return draft["said"] if draft and draft["of"] == str(of) and "draft" in request.GET else None
