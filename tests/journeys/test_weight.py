"""What a first visit costs somebody on a train (quality.md, "Speed and size")."""

from __future__ import annotations

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.slow]
MAX_REQUESTS = 8
MAX_BYTES = 60_000


@pytest.mark.parametrize(
    "path", ["/events/mindlab/", "/events/active-bystander/", "/accounts/login/", "/", "/?view=series", "/feedback/"]
)
def test_a_first_visit_is_light(visit, path) -> None:
    visitor = visit("en")
    asked: list[str] = []
    sizes: dict[str, float] = {}
    network = visitor.context.new_cdp_session(visitor.page)
    network.on("Network.requestWillBeSent", lambda event: asked.append(event["requestId"]))
    network.on("Network.loadingFinished", lambda event: sizes.update({event["requestId"]: event["encodedDataLength"]}))
    network.send("Network.enable")
    network.send("Network.setCacheDisabled", {"cacheDisabled": True})

    visitor.open(path)
    visitor.page.wait_for_load_state("networkidle")

    assert set(sizes) == set(asked)
    assert len(asked) <= MAX_REQUESTS
    assert 10_000 < sum(sizes.values()) <= MAX_BYTES
