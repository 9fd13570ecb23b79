from __future__ import annotations


def test_robots_are_asked_to_leave_alone_what_is_somebodys_own(client):
    response = client.get("/robots.txt")

    lines = response.content.decode().splitlines()
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert lines[0] == "User-agent: *"
    assert {"Disallow: /feeds/my/", "Disallow: /my/", "Disallow: /give-back/"} <= set(lines)
    assert not any("Disallow: /events" in line or line == "Disallow: /feeds/" for line in lines)
