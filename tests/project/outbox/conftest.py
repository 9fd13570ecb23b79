from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from aiosmtpd.controller import Controller

from tests import houses
from tests.project.outbox.support import workers
from tests.project.outbox.support.postoffice import PostOffice

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_django.fixtures import Settings

    from tests.project.outbox.support.workers import Yard


@pytest.fixture
def post_office(settings: Settings) -> Iterator[PostOffice]:
    office = PostOffice()
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", houses.free_port()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    server = Controller(office, hostname=settings.EMAIL_HOST, port=settings.EMAIL_PORT)
    server.start()
    yield office
    server.stop()


@pytest.fixture
def yard() -> Iterator[Yard]:
    with workers.opened() as yard:
        yield yard
