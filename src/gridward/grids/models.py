"""Tables of places. A `Shape` is what an area was from one day to another; an `Area` is what it is now.

No geometry types of the database are used: polygons are WKB, found by an index in memory
(queries/locator.py). Canonical JSON texts (`fields`, `expected`, `strip`) hold text, integers and booleans
only.
"""

from __future__ import annotations

from django.db import models

CURRENT = models.Q(valid_to__isnull=True)


class Scheme(models.Model):
    """A division of the territory with 1 to 5 levels. The administrative one carries the rights of the
    others.
    """

    code = models.TextField(primary_key=True)
    label_zh = models.TextField()
    label_en = models.TextField(default="")
    pack = models.TextField(default="")
    is_admin = models.BooleanField(default=False)
    created_at = models.DateTimeField()


class Level(models.Model):
    """A level of a scheme; rank 1 is the top."""

    scheme = models.ForeignKey(Scheme, on_delete=models.PROTECT, related_name="levels")
    rank = models.IntegerField()
    code = models.TextField()
    label_zh = models.TextField()
    label_en = models.TextField(default="")
    unit_kinds = models.TextField(default="[]")
    kind = models.TextField(default="territorial")
    coverage = models.TextField(default="required")
    overlaps = models.TextField(default="forbidden")
    tolerance_m2 = models.FloatField(default=1.0)
    fields = models.TextField(default="[]")
    expected = models.TextField(default="{}")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["scheme", "rank"], name="grids_level_rank"),
            models.UniqueConstraint(fields=["scheme", "code"], name="grids_level_code"),
            models.CheckConstraint(condition=models.Q(rank__gte=1, rank__lte=5), name="grids_level_five"),
        ]


class Division(models.Model):
    """A dated version of the areas of one level, below some parents or (parents = []) as a whole."""

    id = models.UUIDField(primary_key=True)
    scheme = models.ForeignKey(Scheme, on_delete=models.PROTECT)
    rank = models.IntegerField()
    state = models.TextField()
    source = models.TextField(default="drawn")
    parents = models.TextField(default="[]")
    tolerance_m2 = models.FloatField()
    accept_m2 = models.FloatField(default=0.0)
    declared = models.TextField(default="[]")
    accepted = models.TextField(default="[]")
    report = models.TextField(default="{}")
    reason = models.TextField(default="")
    valid_from = models.DateField(null=True)
    drafted_by = models.TextField()
    drafted_at = models.DateTimeField()
    submitted_by = models.TextField(default="")
    submitted_at = models.DateTimeField(null=True)
    decided_by = models.TextField(default="")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["scheme", "rank", "state"], name="grids_division_level")]


class Draft(models.Model):
    """One area of a division that is not yet in force."""

    division = models.ForeignKey(Division, on_delete=models.CASCADE, related_name="drafts")
    code = models.TextField()
    name = models.TextField()
    parent_code = models.TextField(default="")
    wkb = models.BinaryField(null=True)
    from_codes = models.TextField(default="[]")
    kind = models.TextField(default="")
    boundary = models.TextField(default="")
    strip = models.TextField(default="{}")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["division", "code"], name="grids_draft_code")]


class Area(models.Model):
    """A node of a scheme. name, parent and a1…a5 repeat its newest shape (derived by bulk.latest_columns)."""

    id = models.UUIDField(primary_key=True)
    scheme = models.ForeignKey(Scheme, on_delete=models.PROTECT)
    rank = models.IntegerField()
    code = models.TextField()
    name = models.TextField()
    parent = models.UUIDField(null=True)
    a1 = models.UUIDField(null=True)
    a2 = models.UUIDField(null=True)
    a3 = models.UUIDField(null=True)
    a4 = models.UUIDField(null=True)
    a5 = models.UUIDField(null=True)
    kind = models.TextField(default="")
    fields = models.TextField(default="{}")
    expected = models.TextField(default="{}")
    boundary = models.TextField(default="")
    strip = models.TextField(default="{}")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["scheme", "rank", "code"], name="grids_area_code", condition=CURRENT
            ),
        ]
        indexes = [models.Index(fields=["parent"], name="grids_area_parent")]


class Shape(models.Model):
    """What an area was from `valid_from` (inclusive) to `valid_to` (exclusive): boundary, name and ancestors.

    wkb is WGS 84 and normalised, null for areas without a polygon; the box is west, south, east, north.
    """

    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="shapes")
    division = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="shapes")
    name = models.TextField()
    parent = models.UUIDField(null=True)
    a1 = models.UUIDField(null=True)
    a2 = models.UUIDField(null=True)
    a3 = models.UUIDField(null=True)
    a4 = models.UUIDField(null=True)
    a5 = models.UUIDField(null=True)
    wkb = models.BinaryField(null=True)
    west = models.FloatField(null=True)
    south = models.FloatField(null=True)
    east = models.FloatField(null=True)
    north = models.FloatField(null=True)
    label_lon = models.FloatField(null=True)
    label_lat = models.FloatField(null=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["area"], name="grids_shape_current", condition=CURRENT),
            models.CheckConstraint(
                condition=models.Q(valid_to__isnull=True) | models.Q(valid_to__gt=models.F("valid_from")),
                name="grids_shape_dates",
            ),
        ]
        indexes = [models.Index(fields=["parent"], name="grids_shape_parent")]


class Lineage(models.Model):
    """Ground that went from one area to another; shares 0…1 of the old and the new, null without polygons."""

    old = models.UUIDField()
    new = models.UUIDField()
    kind = models.TextField()
    share_old = models.FloatField(null=True)
    share_new = models.FloatField(null=True)
    at = models.DateField()
    division = models.ForeignKey(Division, on_delete=models.PROTECT)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["division", "old", "new"], name="grids_lineage_once")]
        indexes = [
            models.Index(fields=["old"], name="grids_lineage_old"),
            models.Index(fields=["new"], name="grids_lineage_new"),
        ]


class NodeLink(models.Model):
    """Two areas of different schemes that are one node; the lower id stands first."""

    area = models.UUIDField()
    other = models.UUIDField()
    since = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["area", "other"], name="grids_node_once")]
        indexes = [models.Index(fields=["other"], name="grids_node_other")]
