"""For hosts that only speak ASGI. `project.wsgi` is the measured and tested way: our views are not async."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings")

application = get_asgi_application()
