from project.celery import app as celery_app

# Loaded with Django in every process, so that `current_app.send_task` reaches our broker.
__all__ = ["celery_app"]
