"""The JSON API at `/api/v1/`: the operations of the apps, one way of signing in, one shape of problems, one
reference.
"""

from __future__ import annotations

from project.api import problems
from project.api.authentication import BrowserSession
from project.api.interface import Interface
from registrations.api import router as registrations

DESCRIPTION = """What is on, who may come, and your own seats, as JSON.

Reading the catalogue needs no account. For your own registrations, send the cookie of a browser session; an operation \
that changes something also needs a token in the header `X-CSRFToken`, which is in every form of this site as \
`csrfmiddlewaretoken`. Tokens for programs (`Authorization: Bearer`) do not exist yet.

Times are ISO 8601 with the offset of the session's own time zone. Texts come in the language of `Accept-Language`, \
English or Dutch. Lists have `items` and `count`, and take `limit` and `offset`. Every refusal is a problem (RFC 9457) \
with a stable `code`."""

api = Interface(title="Samen", version="1", description=DESCRIPTION, urls_namespace="api", auth=BrowserSession())
api.add_router("", registrations)
problems.answer_with_problems(api)
