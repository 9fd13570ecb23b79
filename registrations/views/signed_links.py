"""Resolves the signed links in mails."""

from __future__ import annotations

import structlog
from django.core import signing
from django.http import Http404
from django.shortcuts import get_object_or_404

from registrations.emails.links import key_in
from registrations.models import Registration

log = structlog.get_logger(__name__)


def signed_key(token: str, *, salt: str) -> str:
    """Returns the key in the link. A forged link, or one made for another action, is logged and raises 404."""
    try:
        return key_in(token, salt=salt)
    except signing.BadSignature as forged:
        log.warning("token_refused", made_for=salt)
        raise Http404 from forged


def open_registration(token: str, *, salt: str) -> Registration:
    """For links that discreet sessions do not have: their pages open only after signing in (contract.md, "Pages")."""
    related = ("session__event", "session__venue", "attendee")
    linked = Registration.objects.select_related(*related).exclude(session__event__is_discreet=True)
    return get_object_or_404(linked, key=signed_key(token, salt=salt))
