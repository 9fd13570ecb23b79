from project.celery import app as celery_app

# Loaded with Django in every process, so that whoever pokes the outbox reaches our broker.
__all__ = ["celery_app"]
