from __future__ import annotations

from django.db import models


class CacheEntry(models.Model):
    """An entry of the cache while Redis is away. Django's `DatabaseCache` reads and writes it and needs these columns
    (`project.web.failover_cache`).
    """

    cache_key = models.CharField(max_length=255, primary_key=True)
    value = models.TextField()
    expires = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return "cache entry"
