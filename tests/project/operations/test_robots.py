from __future__ import annotations

from urllib.robotparser import RobotFileParser

import pytest


def test_robots_are_asked_to_leave_alone_what_is_somebodys_own(client):
    response = client.get("/robots.txt")

    lines = response.content.decode().splitlines()
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert lines[0] == "User-agent: *"
    assert {"Disallow: /my/", "Disallow: /give-back/"} <= set(lines)
    assert not any("Disallow: /events" in line or line == "Disallow: /feeds/" for line in lines)


@pytest.mark.parametrize(
    ("path", "may"),
    [("/feeds/my/secret.ics", True), ("/feeds/events.ics", True), ("/my/calendar/", False), ("/my/", False)],
)
def test_calendar_services_may_fetch_the_personal_feed(client, path, may):
    robots = RobotFileParser()
    robots.parse(client.get("/robots.txt").content.decode().splitlines())

    assert robots.can_fetch("Google-Calendar-Importer", path) is may
