"""The mailbox over IMAP, with a real server."""

from __future__ import annotations

import shutil
import socket
import tempfile
from pathlib import Path
from urllib.parse import quote

import pytest
from django.core.management import call_command
from django.db import DataError, OperationalError
from imap_tools import MailBoxUnencrypted
from imap_tools.imap_utf7 import utf7_encode
from structlog.testing import capture_logs

from registrations import tasks
from registrations.adapters import imap
from registrations.enums import Status, Verdict
from registrations.models import InboundMail
from registrations.rules.inbox.incoming import LARGEST_MAIL
from registrations.services.inbox import inbound
from tests.factories import NOW, make_person, make_session
from tests.registrations.support import dovecot
from tests.registrations.support.inbox import human, invite_of, outlook, status_of
from tests.registrations.support.races import sign_up

pytestmark = pytest.mark.django_db
needs_dovecot = pytest.mark.skipif(bool(dovecot.why_not()), reason=dovecot.why_not() or "it is there")


@pytest.fixture(scope="module")
def server():
    """In a folder of its own with a short name, as sockets have short names, which others may enter."""
    folder = Path(tempfile.mkdtemp(prefix="imap-"))
    folder.chmod(0o755)
    with dovecot.running(folder) as running:
        yield running
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def mailbox(server, settings):
    """Empty, and set up as the one to read."""
    with server.opened() as client:
        for folder in ("Processed", "Failed"):
            client.delete(folder)
        client.uid("STORE", "1:*", "+FLAGS", r"(\Deleted)")
        client.expunge()
    settings.INBOUND_IMAP_URL = server.url
    return server


@needs_dovecot
def test_read_mailbox_takes_in_what_is_new_and_moves_it_away(mailbox, clock):
    seated = sign_up(make_session(), make_person())
    declined = b"Delivered-To: samen+token@example.org\r\n" + outlook(invite_of(seated), "DECLINED")
    mailbox.put(declined, human())

    assert imap.read_mailbox() == 2

    row = InboundMail.objects.get(verdict=Verdict.APPLIED)
    assert (row.recipient, bytes(row.raw)) == ("samen+token@example.org", declined)
    assert invite_of(seated).release_at is not None
    assert [mailbox.count(folder) for folder in ("INBOX", "Processed", "Failed")] == [(0, 0), (2, 0), (0, 0)]
    assert imap.read_mailbox() == 0


@needs_dovecot
def test_read_mailbox_puts_aside_what_cannot_be_read(mailbox, clock):
    mailbox.put(b"Content-Type: text/calendar; method=REPLY\r\n\r\nnonsense", human())

    tasks.read_mailbox()

    assert [mailbox.count(folder) for folder in ("INBOX", "Processed", "Failed")] == [(0, 0), (1, 0), (1, 0)]


@needs_dovecot
def test_read_mailbox_does_not_even_fetch_all_of_what_is_too_large(mailbox, clock):
    mailbox.put(b"Subject: x\r\n\r\n" + b"x" * 78 + (b"\r\n" + b"x" * 78) * (LARGEST_MAIL // 80 + 1000))

    imap.read_mailbox()

    row = InboundMail.objects.get()
    assert (row.verdict, row.reason, len(row.raw)) == (Verdict.FAILED, "too-large", inbound.KEPT_OF_TOO_LARGE)


@needs_dovecot
def test_a_mail_that_was_stored_before_the_poller_died_is_the_same(mailbox, clock):
    raw = human()
    inbound.take_in(raw=raw, recipient="", envelope_from=None, now=NOW)
    mailbox.put(raw)

    imap.read_mailbox()

    assert InboundMail.objects.count() == 1
    assert mailbox.count("Processed") == (1, 0)


@needs_dovecot
def test_with_the_database_away_the_mail_stays_unread(mailbox, clock, monkeypatch):
    def fail(**_):
        raise OperationalError

    mailbox.put(human())
    with monkeypatch.context() as trouble:
        trouble.setattr(inbound, "take_in", fail)
        assert imap.read_mailbox() == 0

    assert mailbox.count("INBOX") == (1, 1)
    assert imap.read_mailbox() == 1


@needs_dovecot
def test_trouble_with_one_mail_does_not_stop_the_next(mailbox, clock, monkeypatch):
    def fail_once(**mail):
        if b"poison" in mail["raw"]:
            raise DataError("a word of the sender")
        return take_in(**mail)

    take_in = inbound.take_in
    mailbox.put(human("poison"), human("food"))
    monkeypatch.setattr(inbound, "take_in", fail_once)

    with capture_logs() as logs:
        assert imap.read_mailbox() == 1

    assert "a word" not in str(logs)
    assert [mailbox.count(folder) for folder in ("INBOX", "Processed")] == [(1, 1), (1, 0)]


@needs_dovecot
def test_a_recipient_with_strange_bytes_is_read_like_any_other(mailbox, clock):
    mailbox.put(b"Delivered-To: sa\x01men@exam\xffple.org\r\n" + human())

    assert imap.read_mailbox() == 1


@needs_dovecot
def test_a_server_without_move_gets_copies(mailbox, clock, monkeypatch):
    login = MailBoxUnencrypted.login

    def without_move(box, *names, **folder):
        answer = login(box, *names, **folder)
        box.client.capabilities = tuple(name for name in box.client.capabilities if name != "MOVE")
        return answer

    monkeypatch.setattr(MailBoxUnencrypted, "login", without_move)
    mailbox.put(human())

    assert imap.read_mailbox() == 1

    assert [mailbox.count(folder) for folder in ("INBOX", "Processed")] == [(0, 0), (1, 0)]


@needs_dovecot
@pytest.mark.parametrize("name", ["Réponses", "返信", "Antwoorden & vragen", 'a "quoted" name'])
def test_a_folder_may_have_any_name(mailbox, settings, clock, name):
    encoded = b'"' + utf7_encode(name).replace(b'"', rb"\"") + b'"'
    with mailbox.opened() as client:
        client.create(encoded)
        client.append(encoded, "", "", human())
    settings.INBOUND_IMAP_URL = mailbox.url.removesuffix("INBOX") + quote(name)

    with capture_logs() as logs:
        assert imap.read_mailbox() == 1

    assert [line["event"] for line in logs] == ["inbound_mail"]
    assert mailbox.count("Processed") == (1, 0)


@needs_dovecot
@pytest.mark.parametrize("change", [("open%2F", "wrong%2F"), ("/INBOX", "/No%20such%20folder")])
def test_a_wrong_word_or_folder_is_logged_without_it(mailbox, settings, change):
    settings.INBOUND_IMAP_URL = mailbox.url.replace(*change)

    with capture_logs() as logs:
        assert imap.read_mailbox() == 0

    assert [line["event"] for line in logs] == ["mailbox_trouble"]
    assert not {"secret", "people", "wrong", "folder"} & set(str(logs).replace("'", " ").split())


@needs_dovecot
def test_a_folder_that_cannot_be_made_leaves_a_line_and_nothing_is_lost(mailbox, clock, monkeypatch):
    monkeypatch.setattr(imap, "DONE", "no/../folder")
    mailbox.put(human())

    with capture_logs() as logs:
        assert imap.read_mailbox() == 1

    assert "mailbox_not_tidied" in [line["event"] for line in logs]
    assert mailbox.count("INBOX") == (1, 0)
    assert imap.read_mailbox() == 0


def test_without_a_mailbox_nothing_is_read(settings, capsys):
    settings.INBOUND_IMAP_URL = ""

    call_command("read_mailbox")

    assert capsys.readouterr().out == "0 emails taken in\n"


def test_a_server_that_is_away_is_logged(settings):
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    settings.INBOUND_IMAP_URL = f"imaps://people:secret@127.0.0.1:{port}"

    with capture_logs() as logs:
        assert imap.read_mailbox() == 0

    assert logs == [{"event": "mailbox_trouble", "error": "ConnectionRefusedError", "log_level": "warning"}]


def test_a_seat_survives_a_mailbox_that_is_away(settings, clock):
    settings.INBOUND_IMAP_URL = "imap://127.0.0.1:1"
    seated = sign_up(make_session(), make_person())

    tasks.read_mailbox()

    assert status_of(seated) == Status.CONFIRMED
