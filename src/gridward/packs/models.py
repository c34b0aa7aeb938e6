"""Versions of packs as installed; what was started under a version keeps it."""

from __future__ import annotations

from django.db import models


class PackVersion(models.Model):
    """One version of one pack: draft → published → retired. `body` is the whole document as canonical JSON."""

    pack = models.TextField()
    version = models.TextField()
    state = models.TextField(default="published")
    title = models.TextField()  # JSON {"zh": …, "en": …}
    digest = models.CharField(max_length=64)
    body = models.TextField()
    installed_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["pack", "version"], name="packs_version_once"),
            models.UniqueConstraint(
                fields=["pack"], name="packs_one_published", condition=models.Q(state="published")
            ),
        ]
