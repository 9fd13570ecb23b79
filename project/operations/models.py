from __future__ import annotations

from django.db import models


class CacheEntry(models.Model):
    """What is cached while Redis is away. Django's cache for databases reads and writes it (`project.web.failover_cache`), and wants these three columns."""

    cache_key = models.CharField(max_length=255, primary_key=True)
    value = models.TextField()
    expires = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return "cache entry"
