"""The Celery app. Broker, schedule and limits are settings that start with `CELERY_`; tasks are in each app's
`tasks`.
"""

import os
from typing import Any

from celery import Celery
from celery.signals import worker_init
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings")

app = Celery("samen")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_init.connect
def step_aside(**_: Any) -> None:
    """Lowers the priority of the worker and its threads, so that in a rush it only uses the CPU that the web server
    leaves free.
    """
    os.nice(settings.WORKER_NICENESS)
