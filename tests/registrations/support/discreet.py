"""A discreet event of which everything would give it away, its whole life, and all that leaves the house meanwhile."""

from __future__ import annotations

import base64
import json
import quopri
import re
from email import message_from_bytes
from email.policy import default
from urllib.parse import quote

import redis
from django.conf import settings

from events.enums import SeatScope
from project.accounts.enums import RoleKind
from project.outbox.services import delivery
from tests.factories import NOW, give_role, make_event, make_person, make_session, make_venue

# Every word that stands anywhere in it, odd enough to be found in nothing else.
SECRETS = tuple(
    f"{word}quux"
    for word in ("Zephyrelle", "Zondvloed", "Ortolanus", "Vlinderas", "Kwispelma", "Jubelwolk", "Glimworm", "Duizendp")
)
TITLE_EN, TITLE_NL, SUMMARY, NOTE, OWN_TITLE, ROOM, JOIN, REASON = SECRETS
HEAD = re.compile(r"<main\b.*?</main>", re.DOTALL)


def make_secret_event(**overrides):
    texts = {f"{name}_{language}": SUMMARY for name in ("summary", "description") for language in ("en", "nl")}
    texts |= {
        f"{name}_{language}": NOTE
        for name in ("content_note", "bring", "aftercare", "questions")
        for language in ("en", "nl")
    }
    names = {"slug": "k7q2m9x4", "title_en": TITLE_EN, "title_nl": TITLE_NL, "is_discreet": True}
    event = make_event(**(texts | names | {"seat_scope": SeatScope.SESSION} | overrides))
    event.coordinators.set([give_role(make_person(), RoleKind.COORDINATOR) for _ in range(2)])
    return event


def make_secret_date(event, **overrides):
    venue = make_venue(name=ROOM, room=ROOM, address=ROOM, directions_en=ROOM, directions_nl=ROOM)
    own = {"title_en": OWN_TITLE, "title_nl": OWN_TITLE, "join_url": f"https://meet.example/{JOIN}", "venue": venue}
    return make_session(event=event, **(own | overrides))


def told_in(text):
    """Which of the words stand in it, whatever their case, and also as an address on the web would spell them."""
    spelled = text.lower()
    return [secret for secret in SECRETS if secret.lower() in spelled or quote(secret).lower() in spelled]


def told_in_mail(raw):
    """In the bytes, in each decoded header and part, and in what a careless decoder would make of them."""
    mail = message_from_bytes(raw, policy=default)
    decoded = [f"{name}: {value}" for name, value in mail.items()]
    for part in mail.walk():
        if not part.is_multipart():
            decoded += [str(part.items()), _read(part)]
    careless = [raw.decode("utf-8", "replace"), quopri.decodestring(raw).decode("utf-8", "replace")]
    return told_in("\n".join([*decoded, *careless]))


def _read(part):
    content = part.get_content()
    return content if isinstance(content, str) else content.decode("utf-8", "replace")


def told_around(response):
    """In the headers of an answer and around its contents: title, description, addresses, breadcrumbs of search
    engines.
    """
    page = HEAD.sub("", response.content.decode()) if response["Content-Type"].startswith("text/html") else ""
    return told_in(f"{page}\n{dict(response.items())}\n{response.cookies}")


def addresses_in(response):
    """Everything a browser could keep in its history or send on."""
    return re.findall(r'(?:href|action|src)="([^"]*)"', response.content.decode())


def tasks():
    """The arguments of everything that was handed to the workers, as they stand in the broker."""
    with redis.Redis.from_url(settings.CACHE_URL) as broker:
        bodies = [json.loads(entry) for entry in broker.lrange("celery", 0, -1)]
    return [f"{entry['headers']}{base64.b64decode(entry['body']).decode()}" for entry in bodies]


class Post:
    """A real mail server, and all that ever reached it."""

    def __init__(self, mailbox):
        self.mailbox = mailbox

    def deliver(self, now=NOW):
        delivery.deliver_due(now=now)

    @property
    def mails(self):
        return [envelope.content for envelope in self.mailbox.envelopes]

    @property
    def parsed(self):
        return [message_from_bytes(raw, policy=default) for raw in self.mails]
