from django.conf import settings
from django.core.wsgi import get_wsgi_application

from project.web.bodies import BoundedApplication

application = BoundedApplication(get_wsgi_application(), largest=settings.DATA_UPLOAD_MAX_MEMORY_SIZE)
