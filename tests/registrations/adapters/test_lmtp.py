"""Mail over LMTP, as Postfix hands it over, and from a pipe."""

from __future__ import annotations

import asyncio
import io
import os
import smtplib
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError, connections

from registrations.adapters import lmtp
from registrations.enums import Status, Verdict
from registrations.models import InboundMail
from registrations.rules.inbox.incoming import LARGEST_MAIL
from registrations.services.inbox import inbound
from tests.factories import make_person, make_session
from tests.registrations.support.inbox import human, invite_of, outlook, status_of
from tests.registrations.support.races import sign_up

# --- LMTP ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def receiver():
    """On a socket file, served in a thread of its own."""
    began, stop = threading.Event(), threading.Event()

    async def serve(path):
        server = await lmtp.serve(path=path)
        began.set()
        while not stop.is_set():  # noqa: ASYNC110 - set from another thread
            await asyncio.sleep(0.02)
        server.close()
        await server.wait_closed()

    with tempfile.TemporaryDirectory(prefix="lmtp-") as folder:
        path = str(Path(folder) / "socket")
        thread = threading.Thread(target=lambda: asyncio.run(serve(path)))
        thread.start()
        assert began.wait(timeout=10)
        yield path
        stop.set()
        thread.join(timeout=10)


def deliver(path, raw, *recipients, sender="ann@example.org"):
    """Speaks LMTP by hand, as the library reads one answer only; answers one for each recipient."""
    with smtplib.LMTP(path) as client:
        client.ehlo_or_helo_if_needed()
        client.mail(sender)
        for recipient in recipients:
            client.rcpt(recipient)
        client.putcmd("data")
        assert client.getreply()[0] == 354
        client.send(raw.replace(b"\r\n.", b"\r\n..") + b"\r\n.\r\n")
        return [client.getreply()[0] for _ in recipients]


@pytest.fixture
def _postgresql(transactional_db):
    yield
    connections.close_all()


@pytest.mark.postgresql
@pytest.mark.usefixtures("_postgresql")
def test_lmtp_answers_for_each_recipient_and_stores_each(receiver):
    seated = sign_up(make_session(), make_person())
    raw = outlook(invite_of(seated), "DECLINED")

    answers = deliver(receiver, raw, "samen@example.org", "samen+token@example.org")

    rows = InboundMail.objects.order_by("pk")
    assert answers == [250, 250]
    assert [row.recipient for row in rows] == ["samen@example.org", "samen+token@example.org"]
    assert {row.auth["envelope_from"] for row in rows} == {"ann@example.org"}
    assert bytes(rows[0].raw).strip() == raw.strip()


@pytest.mark.postgresql
@pytest.mark.usefixtures("_postgresql")
def test_lmtp_of_a_bounce_has_an_empty_sender(receiver):
    deliver(receiver, human(), "samen@example.org", sender="")

    assert InboundMail.objects.get().auth == {"envelope_from": ""}


@pytest.mark.postgresql
@pytest.mark.usefixtures("_postgresql")
def test_lmtp_with_the_database_away_asks_to_try_again(receiver, monkeypatch):
    def fail(**_):
        raise OperationalError

    monkeypatch.setattr(inbound, "take_in", fail)

    assert deliver(receiver, human(), "samen@example.org", "other@example.org") == [451, 451]
    assert not InboundMail.objects.exists()


def test_lmtp_refuses_what_is_too_large_before_it_is_sent(receiver):
    with smtplib.LMTP(receiver) as client:
        client.ehlo_or_helo_if_needed()
        code, _ = client.mail("ann@example.org", [f"SIZE={LARGEST_MAIL + 1}"])

    assert code == 552


@pytest.mark.parametrize("options", [{}, {"socket": "/tmp/never", "port": 24}])  # noqa: S108 - refused before
def test_receive_mail_wants_one_place_to_listen_on(options):
    with pytest.raises(CommandError):
        call_command("receive_mail", **options)


def test_receive_mail_listens_until_it_is_stopped(monkeypatch):
    heard = []

    async def until_stopped(server):
        heard.append(server.sockets[0].getsockname()[0])

    monkeypatch.setattr(asyncio.base_events.Server, "serve_forever", until_stopped)
    monkeypatch.setattr(lmtp, "serve", lambda **where: lmtp_on_any_port(where))

    call_command("receive_mail", port=24)

    assert heard == ["127.0.0.1"]


async def lmtp_on_any_port(where, serve=lmtp.serve):
    assert where == {"path": "", "port": 24}
    return await serve()


# --- Pipe ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def pipe(monkeypatch):
    def put(raw, **environment):
        for name in ("SENDER", "RECIPIENT", "ORIGINAL_RECIPIENT"):
            monkeypatch.delenv(name, raising=False)
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(raw)))
        call_command("inbound_mail")

    return put


@pytest.mark.django_db
def test_inbound_mail_takes_in_one_mail_and_says_what_became_of_it(pipe, capsys, clock):
    seated = sign_up(make_session(), make_person())

    pipe(outlook(invite_of(seated), "DECLINED"))

    assert capsys.readouterr().out == "APPLIED releasing\n"
    assert invite_of(seated).release_at is not None
    assert InboundMail.objects.get().auth == {}


@pytest.mark.django_db
def test_inbound_mail_knows_the_envelope_as_postfix_says_it(pipe, capsys):
    pipe(human(), SENDER="", ORIGINAL_RECIPIENT="samen+x@example.org", RECIPIENT="samen@example.org")

    row = InboundMail.objects.get()
    assert (row.recipient, row.auth) == ("samen+x@example.org", {"envelope_from": ""})
    assert capsys.readouterr().out == "IGNORED no-sender\n"


@pytest.mark.django_db
def test_inbound_mail_of_a_mail_that_cannot_be_read_is_taken_in_all_the_same(pipe, capsys):
    pipe(b"\xff" * 1000 + b"\r\nContent-Type: text/calendar\r\n\r\n")

    assert InboundMail.objects.get().verdict in {Verdict.FAILED, Verdict.RECORDED}


@pytest.mark.django_db
def test_inbound_mail_with_the_database_away_asks_to_try_again(pipe, monkeypatch):
    def fail(**_):
        raise OperationalError

    seated = sign_up(make_session(), make_person())
    monkeypatch.setattr(inbound, "take_in", fail)

    with pytest.raises(SystemExit) as ended:
        pipe(outlook(invite_of(seated), "DECLINED"))

    assert ended.value.code == 75
    assert status_of(seated) == Status.CONFIRMED


@pytest.mark.slow
def test_inbound_mail_as_a_process_without_any_database_asks_to_try_again():
    nowhere = {"DATABASE_URL": "postgres://nobody@127.0.0.1:9/nothing", "DATABASE_POOL": "1"}
    ended = subprocess.run(
        [sys.executable, "manage.py", "inbound_mail"],
        env=os.environ | nowhere,
        input=human(),
        capture_output=True,
        check=False,
    )

    assert ended.returncode == 75
    assert b"Traceback" not in ended.stderr
