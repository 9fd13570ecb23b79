"""Mails as the calendar programs really send them, and what takes them in."""

from __future__ import annotations

import base64
import quopri
from datetime import timedelta
from itertools import count

from django.conf import settings

from project.outbox.models import Message
from registrations.enums import Action, InviteState, Status
from registrations.models import InboundMail, Invite, Registration, RegistrationLog
from registrations.services.attending import declines
from registrations.services.inbox import inbound
from registrations.services.seats.audit import audit_seats
from tests.factories import NOW, make_people, make_session
from tests.registrations.support.races import sign_up

HEAD = "BEGIN:VCALENDAR\r\nPRODID:{prodid}\r\nVERSION:2.0\r\nMETHOD:{method}\r\n"
_number = count(1)


def entry(invite, partstat, **said):
    """A VEVENT as a program answers; `said` overrides: uid, attendee, sequence, stamp (minutes after ten to nine, so up
    to 10 is the past), comment, organizer, more.
    """
    stamp = NOW + timedelta(minutes=said.get("stamp", 1) - 10)
    uid, sequence = said.get("uid", invite.uid), said.get("sequence", invite.sequence)
    lines = [
        "BEGIN:VEVENT",
        f"UID:{uid}",
        f"ATTENDEE;PARTSTAT={partstat}{said.get('parameters', '')}:mailto:{said.get('attendee', invite.address)}",
        *([f"ORGANIZER;CN=Samen:mailto:{said['organizer']}"] if said.get("organizer") else []),
        *([f"COMMENT;LANGUAGE=en-US:{said['comment']}"] if said.get("comment") else []),
        *([f"SEQUENCE:{sequence}"] if sequence is not None else []),
        f"DTSTAMP:{stamp:%Y%m%dT%H%M%SZ}",
        "DTSTART;TZID=W. Europe Standard Time:20260312T100000",
        "DTEND;TZID=W. Europe Standard Time:20260312T120000",
        *said.get("more", ()),
        "END:VEVENT",
    ]
    return "".join(f"{line}\r\n" for line in lines)


def calendar(*entries, method="REPLY", prodid="Microsoft Exchange Server 2010"):
    return HEAD.format(prodid=prodid, method=method) + "".join(entries) + "END:VCALENDAR\r\n"


def mail(body_headers, body, *, sender, subject="Declined: something", **more):
    """`more`: headers, with underscores for hyphens."""
    headers = {
        "From": f"Somebody <{sender}>",
        "To": f"Samen <{settings.MAIL_FROM}>",
        "Subject": subject,
        "Date": "Mon, 02 Mar 2026 10:01:00 +0100",
        "Message-ID": f"<answer-{next(_number)}@mail.example>",
        "MIME-Version": "1.0",
    }
    headers |= {name.replace("_", "-"): value for name, value in more.items()} | body_headers
    return ("".join(f"{name}: {value}\r\n" for name, value in headers.items()) + f"\r\n{body}").encode()


def outlook(invite, partstat, *, sender=None, headers=None, **said):
    """No ORGANIZER, base64, an alternative of words and calendar, `method=REPLY` in the header
    (specs/calendar.md 5.1).
    """
    encoded = base64.encodebytes(calendar(entry(invite, partstat, **said)).encode()).decode().replace("\n", "\r\n")
    body = (
        '--_000_OUT_\r\nContent-Type: text/plain; charset="iso-8859-1"\r\n'
        "Content-Transfer-Encoding: quoted-printable\r\n\r\n\r\n"
        '--_000_OUT_\r\nContent-Type: text/calendar; charset="utf-8"; method=REPLY\r\n'
        f"Content-Transfer-Encoding: base64\r\n\r\n{encoded}\r\n--_000_OUT_--\r\n"
    )
    kind = {"Content-Type": 'multipart/alternative; boundary="_000_OUT_"', "Content-Language": "en-US"}
    return mail(kind | {"Thread-Index": "AQHb"}, body, sender=sender or invite.address, **(headers or {}))


def gmail(invite, partstat, *, sender=None, headers=None, **said):
    """Quoted-printable, ORGANIZER, X-NUM-GUESTS on the attendee, lower-case words, and the same again as
    `invite.ics`.
    """
    text = calendar(
        entry(
            invite,
            partstat,
            organizer=settings.MAIL_FROM,
            parameters=";CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;CN=Somebody;X-NUM-GUESTS=0",
            **said,
        ),
        prodid="-//Google Inc//Google Calendar 70.9054//EN",
    )
    printable = quopri.encodestring(text.encode()).decode()
    body = (
        "--outer\r\nContent-Type: multipart/alternative; boundary=inner\r\n\r\n"
        '--inner\r\nContent-Type: text/plain; charset="UTF-8"; format=flowed; delsp=yes\r\n\r\n'
        "Somebody has answered.\r\n"
        '--inner\r\nContent-Type: text/html; charset="UTF-8"\r\n\r\n<p>Somebody has answered.</p>\r\n'
        '--inner\r\nContent-Type: text/calendar; charset="UTF-8"; method=REPLY\r\n'
        f"Content-Transfer-Encoding: quoted-printable\r\n\r\n{printable}\r\n--inner--\r\n"
        '--outer\r\nContent-Type: application/ics; name="invite.ics"\r\n'
        'Content-Disposition: attachment; filename="invite.ics"\r\n'
        f"Content-Transfer-Encoding: base64\r\n\r\n{base64.encodebytes(text.encode()).decode()}\r\n--outer--\r\n"
    )
    kind = {
        "Content-Type": 'multipart/mixed; boundary="outer"',
        "Sender": "Google Calendar <calendar-notification@google.com>",
    }
    return mail(kind, body, sender=sender or invite.address, **(headers or {}))


def apple(invite, partstat, *, headers=None, **said):
    """From another account of the same person, `method` in lower case, ORGANIZER in capitals."""
    text = calendar(
        entry(invite, partstat, organizer=settings.MAIL_FROM.upper(), parameters=';CN="Some Body"', **said),
        method="reply",
        prodid="-//Apple Inc.//macOS 15.3//EN",
    )
    kind = {"Content-Type": "text/calendar; charset=utf-8; method=reply", "Content-Transfer-Encoding": "8bit"}
    return mail(kind, text, sender="somebody.else@icloud.example", **(headers or {}))


def thunderbird(invite, partstat, *, sender=None, headers=None, **said):
    """7bit, in a multipart/mixed, the address with angle brackets left out."""
    text = calendar(
        entry(invite, partstat, organizer=settings.MAIL_FROM, parameters=";CN=Somebody;RSVP=TRUE", **said),
        prodid="-//Mozilla.org/NONSGML Mozilla Calendar V1.1//EN",
    )
    body = (
        '--tb\r\nContent-Type: multipart/alternative; boundary="ta"\r\n\r\n'
        "--ta\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 7bit\r\n\r\n"
        "Somebody declines.\r\n"
        "--ta\r\nContent-Type: text/calendar; charset=utf-8; method=REPLY\r\n"
        f"Content-Transfer-Encoding: 7bit\r\n\r\n{text}\r\n--ta--\r\n"
        "--tb--\r\n"
    )
    return mail(
        {"Content-Type": 'multipart/mixed; boundary="tb"'}, body, sender=sender or invite.address, **(headers or {})
    )


PROGRAMS = {"outlook": outlook, "gmail": gmail, "apple": apple, "thunderbird": thunderbird}


def human(text="Dear people, I will be ten minutes late.", *, sender="somebody@example.org", **headers):
    return mail({"Content-Type": "text/plain; charset=utf-8"}, text, sender=sender, subject="Re: Confirmed", **headers)


def delivery_report(message_id, *, action="failed", returned="message/rfc822"):
    body = (
        "--dsn\r\nContent-Type: text/plain\r\n\r\nYour message could not be delivered.\r\n"
        "--dsn\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n"
        f"Final-Recipient: rfc822; gone@example.org\r\nAction: {action}\r\nStatus: 5.1.1\r\n\r\n"
        f"--dsn\r\nContent-Type: {returned}\r\n\r\n"
        f"Message-ID: {message_id}\r\nSubject: Confirmed\r\n\r\nHello\r\n--dsn--\r\n"
    )
    kind = {
        "Content-Type": 'multipart/report; report-type=delivery-status; boundary="dsn"',
        "Auto-Submitted": "auto-replied",
    }
    return mail(kind | {"Return-Path": "<>"}, body, sender="mailer-daemon@mx.example", subject="Undelivered Mail")


def post(raw, *, now=NOW, recipient="samen@example.org", envelope_from=None):
    """Takes a mail in and reads it; answers the row."""
    row = inbound.take_in(raw=raw, recipient=recipient, envelope_from=envelope_from, now=now)
    inbound.process(inbound_id=row.pk, now=now)
    return InboundMail.objects.get(pk=row.pk)


def outcome(row):
    return (row.verdict, row.reason)


def invite_of(registration):
    return Invite.objects.filter(registration=registration).order_by("-pk").first()


def log_of(registration):
    return list(RegistrationLog.objects.filter(registration=registration).values_list("action", flat=True))


def status_of(registration):
    return Registration.objects.get(pk=registration.pk).status


LATER = NOW + declines.GRACE


def kinds():
    return list(Message.objects.order_by("pk").values_list("kind", flat=True))


def tick(now):
    """The scheduler's task."""
    for invite_id in declines.seats_to_free(now):
        declines.free_declined_seat(invite_id=invite_id, now=now)


def as_ever(seated, waiting):
    """Nothing has changed hands."""
    assert (status_of(seated), status_of(waiting)) == (Status.CONFIRMED, Status.WAITLISTED)
    assert invite_of(seated).release_at is None
    assert invite_of(seated).state == InviteState.ACTIVE
    assert log_of(seated) == [Action.CONFIRMED]
    assert audit_seats(now=NOW) == {}


def make_party():
    """A full session: one seat, and one person waiting; their mails are gone."""
    session = make_session(capacity=1)
    seated, waiting = (sign_up(session, person) for person in make_people(2))
    Message.objects.all().delete()
    return session, seated, waiting


def take_in(raw, **more):
    values = {"recipient": "samen@example.org", "envelope_from": None, "now": NOW} | more
    return inbound.take_in(raw=raw, **values)
