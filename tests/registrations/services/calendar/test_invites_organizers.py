"""Who invites, with or without an address per invitation (specs/calendar.md R21 to R26), and CLASS (R16)."""

from __future__ import annotations

import re
from uuid import UUID, uuid4

import pytest

from project.accounts.enums import RoleKind
from project.outbox.models import Message
from registrations import ical
from registrations.enums import InviteState, Verdict
from registrations.models import InboundMail, Invite
from registrations.services.inbox import forwarding
from registrations.tasks import invite_hosts
from tests.factories import give_role, make_person, make_session
from tests.registrations.support.calendar import rules
from tests.registrations.support.calendar.acts import DAY, cancel_session, move, sign_up
from tests.registrations.support.inbox import PROGRAMS, human, invite_of, outcome, outlook, post
from tests.registrations.support.mails import make_secret_session

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
CONTACT = "contact@example.org"


@pytest.fixture
def _with_token(settings):
    settings.ICAL_ORGANIZER_TOKEN = True


def senders_of(received):
    """From of each mail, and the ORGANIZER as three readers understood it."""
    froms = [rules.parsed(envelope)["From"].addresses[0].addr_spec for envelope in received.envelopes]
    return froms, [event["organizer"]["address"].removeprefix("mailto:") for event in received.events]


@pytest.mark.usefixtures("_with_token")
def test_from_and_organizer_carry_the_token_for_the_life_of_a_uid(letters):
    session, person = make_session(), make_person()
    seat = sign_up(session, person)
    token = invite_of(seat).uid.hex[:12]
    move(session, DAY)
    cancel_session(session)

    froms, organizers = senders_of(letters())

    assert froms == organizers == [f"samen+{token}@example.org"] * 3


@pytest.mark.parametrize("own", ["samen@example.org", "events+samen@example.org"])
def test_the_own_address_is_known_with_and_without_a_token(settings, own):
    settings.MAIL_FROM, settings.ICAL_ORGANIZER_TOKEN = own, True
    addresses = [
        own,
        own.upper(),
        ical.organizer_of(str(uuid4())),
        "events@example.org",
        own.replace("samen", "samens"),
    ]

    assert [forwarding.is_ours(address) for address in addresses] == [True, True, True, False, False]


@pytest.mark.usefixtures("_with_token")
def test_each_invitation_has_an_address_of_its_own_that_does_not_tell_the_uid(letters):
    session = make_session()
    for _ in range(2):
        sign_up(session, make_person())
    give_role(make_person(), RoleKind.HOST, session=session)
    invite_hosts()

    froms, organizers = senders_of(letters())

    assert sorted(froms) == sorted(organizers)
    assert len(set(froms)) == 3
    for uid in Invite.objects.values_list("uid", flat=True):
        assert uid.hex[12:] not in "".join(froms)


def test_without_the_setting_there_is_one_address_for_all(letters):
    for _ in range(2):
        sign_up(make_session(), make_person())

    froms, organizers = senders_of(letters())

    assert set(froms) == set(organizers) == {"samen@example.org"}


@pytest.mark.usefixtures("_with_token")
def test_mails_without_an_entry_come_from_the_house(letters):
    """What waits has none, and a discreet seat has none that an address could tell of."""
    full, person = make_session(capacity=0), make_person()
    sign_up(full, person)
    secret = make_secret_session()
    sign_up(secret, make_person())
    move(secret, DAY)
    cancel_session(secret)

    froms, organizers = senders_of(letters())

    assert (set(froms), organizers) == ({"samen@example.org"}, [])
    assert len(froms) == 3  # the move and the cancellation leave as one


@pytest.mark.usefixtures("_with_token")
def test_a_download_names_the_house(client):
    session = make_session()

    content = client.get(f"/sessions/{session.key}/appointment.ics").content

    [line] = [line for line in rules.lines_of(content) if line.startswith("ORGANIZER")]
    assert line.endswith(":mailto:samen@example.org")


@pytest.mark.usefixtures("_with_token")
def test_nobody_is_invited_by_their_own_address_with_a_token_either(letters, settings):
    """R26."""
    sign_up(make_session(), make_person(email=settings.MAIL_FROM))

    assert letters().contents == []


@pytest.mark.usefixtures("_with_token")
@pytest.mark.parametrize("program", PROGRAMS)
def test_an_answer_to_the_address_of_an_invitation_counts(letters, program):
    seat = sign_up(make_session(), make_person())
    [address] = senders_of(letters())[1]
    raw = PROGRAMS[program](invite_of(seat), "DECLINED").replace(b"samen@example.org", address.encode())

    row = post(raw, recipient=address)

    assert outcome(row) == (Verdict.APPLIED, "releasing")
    assert invite_of(seat).state == InviteState.ACTIVE
    assert invite_of(seat).release_at


@pytest.mark.usefixtures("_with_token")
def test_an_address_alone_is_no_answer_and_another_uid_is_not_believed(letters):
    """The UID decides; whoever knows only the address changes nothing."""
    seat, other = (sign_up(make_session(), make_person()) for _ in range(2))
    address = ical.organizer_of(str(invite_of(seat).uid))

    rows = [
        post(human("I decline."), recipient=address),
        post(outlook(invite_of(seat), "DECLINED", uid=uuid4()), recipient=address),
        post(outlook(invite_of(other), "DECLINED", attendee=invite_of(seat).address), recipient=address),
    ]

    assert [row.verdict for row in rows] == [Verdict.RECORDED, Verdict.IGNORED, Verdict.ASKED]
    assert {invite_of(each).release_at for each in (seat, other)} == {None}


@pytest.mark.parametrize("is_on", [True, False])
def test_words_that_lost_the_calendar_part_are_known_by_the_address(letters, settings, is_on):
    """R25: on the way in it is always understood, as the setting may have been on before."""
    settings.ICAL_ORGANIZER_TOKEN, settings.INBOUND_FORWARD_TO = True, CONTACT
    seat = sign_up(make_session(), make_person())
    sign_up(make_session(), make_person())
    letters()
    address = ical.organizer_of(str(invite_of(seat).uid))
    settings.ICAL_ORGANIZER_TOKEN = is_on

    row = post(human("I cannot come after all."), recipient=address.upper())

    assert (outcome(row), row.invite) == ((Verdict.FORWARDED, "person"), invite_of(seat))
    forwarded = [envelope for envelope in letters().envelopes if envelope.rcpt_tos == [CONTACT]]
    assert f"/organise/sessions/{seat.session.key}/" in rules.text_of(forwarded[-1])


@pytest.mark.parametrize(
    "recipient",
    [
        "samen@example.org",
        "samen+people@example.org",
        "samen+{token}@elsewhere.example",
        "other+{token}@example.org",
        "samen+{short}@example.org",
        "samen+{token}0@example.org",
        "samen+______000000@example.org",
        "samen+{{{token}}}@example.org",
        "+@",
        "",
        "\x00",
        "samen+000000000000@example.org",
    ],
)
def test_other_addresses_name_no_invitation(recipient):
    seat = sign_up(make_session(), make_person())
    token = invite_of(seat).uid.hex[:12]

    row = post(human(), recipient=recipient.format(token=token, short=token[:11]))

    assert (outcome(row), row.invite) == ((Verdict.RECORDED, "person"), None)


def test_two_invitations_behind_one_address_name_neither():
    seats = [sign_up(make_session(), make_person()) for _ in range(2)]
    twin = UUID(hex=invite_of(seats[0]).uid.hex[:12] + invite_of(seats[1]).uid.hex[12:])
    Invite.objects.filter(registration=seats[1]).update(uid=twin)

    row = post(human(), recipient=f"samen+{twin.hex[:12]}@example.org")

    assert row.invite is None
    assert InboundMail.objects.count() == 1


# --- CLASS


def class_of(content):
    return re.findall(r"^CLASS:(\w+)\r$", content.decode(), re.MULTILINE)


def test_invitations_are_public_unless_the_house_says_otherwise(letters):
    sign_up(make_session(), make_person())

    assert [class_of(content) for content in letters().contents] == [["PUBLIC"]]


def test_a_house_can_make_all_invitations_private(letters, settings, client):
    """Updates and cancellations too; what is public anyhow stays so (R16)."""
    settings.ICAL_CLASS = "PRIVATE"
    session = make_session()
    sign_up(session, make_person())
    move(session, DAY)
    cancel_session(session)

    received = letters()

    assert [class_of(content) for content in received.contents] == [["PRIVATE"]] * 3
    assert len(received.story) == 3
    download = client.get(f"/sessions/{make_session().key}/appointment.ics").content
    assert class_of(download) == ["PUBLIC"]
    assert set(class_of(client.get("/feeds/events.ics").content)) == {"PUBLIC"}
    assert Message.objects.filter(status="SENT").count() == 3
