"""The web application with the lock on the event taken out, served by real workers: the control of the rush through
HTTP.
"""

from __future__ import annotations

from project import asgi
from registrations.services import lock

application = asgi.application
lock._locked = lambda event: event.order_by()
