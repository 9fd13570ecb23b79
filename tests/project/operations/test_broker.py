import stat
from pathlib import Path

import pytest
from redis import Redis

from project.operations.services import broker, processes


def test_start_serves_only_its_owner_through_a_socket(tmp_path: Path) -> None:
    process, url = broker.start(directory=tmp_path)

    try:
        socket = Path(url.removeprefix("redis+socket://"))
        with Redis(unix_socket_path=str(socket)) as client:
            assert client.ping()
            assert client.config_get("port") == {"port": "0"}
        assert stat.S_IMODE(socket.stat().st_mode) == 0o700
    finally:
        processes.stop(process=process)
    assert process.returncode == 0


def test_start_refuses_a_folder_it_cannot_use(tmp_path: Path) -> None:
    too_long = tmp_path / ("a-very-long-name-" * 10)[:107]
    too_long.mkdir()

    with pytest.raises(broker.UnableToStartBroker, match="did not start"):
        broker.start(directory=too_long)
