"""What the web server loads: the WSGI application, behind limits on request bodies (`project.web.bodies`)."""

from django.conf import settings

from project.web.bodies import FORM_OVERHEAD, BoundedApplication
from project.wsgi import application as wsgi

application = BoundedApplication(
    wsgi,
    largest=settings.DATA_UPLOAD_MAX_MEMORY_SIZE + FORM_OVERHEAD,
    larger={settings.UPLOAD_PATH: settings.UPLOAD_MAX_SIZE + FORM_OVERHEAD},
)
