"""Tables of cases. The journal is the truth; every other column is a cache with one deriving function.

No foreign keys to other rooms: areas, units and subjects are named by their UUIDs.
"""

from __future__ import annotations

from django.db import models


class Category(models.Model):
    """A dictionary entry; key (dictionary, kind, code). Codes never change meaning, labels may."""

    dictionary = models.TextField()
    kind = models.TextField(default="matter")
    code = models.TextField()
    label = models.TextField()  # JSON {"zh": …, "en": …}
    workflow = models.TextField(default="plain")
    rows = models.TextField(default="[]")  # JSON list of standard rows
    scheme = models.TextField(default="")
    pack = models.TextField(default="")
    version = models.TextField(default="")
    retired = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["dictionary", "kind", "code"], name="cases_category_key")
        ]


class Workflow(models.Model):
    """How a kind of case passes the stages, as installed from a pack."""

    id = models.TextField(primary_key=True)
    body = models.TextField()
    pack = models.TextField(default="")
    version = models.TextField(default="")


class Calendar(models.Model):
    """A version of the working calendar; clocks keep the one they started with."""

    version = models.TextField(primary_key=True)
    body = models.TextField()
    created_at = models.DateTimeField()


class Serial(models.Model):
    """The last serial given under a case-number prefix; gap-free, so that a missing case is seen."""

    prefix = models.TextField(primary_key=True)
    last = models.IntegerField()


class Case(models.Model):
    """One case. Columns from `stage` to `reworks` are derived from the journal (rules/view.py: cached)."""

    id = models.UUIDField(primary_key=True)
    number = models.TextField(unique=True)
    category = models.IntegerField()
    source = models.TextField()
    foreign_key = models.TextField(null=True)
    scheme = models.TextField(default="")
    division = models.UUIDField(null=True)
    area = models.UUIDField(null=True)
    a1 = models.UUIDField(null=True)
    a2 = models.UUIDField(null=True)
    a3 = models.UUIDField(null=True)
    a4 = models.UUIDField(null=True)
    a5 = models.UUIDField(null=True)
    subject = models.UUIDField(null=True)
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    address = models.TextField(default="")
    text = models.TextField(default="")
    sealed = models.TextField(default="")
    recorded = models.TextField(default="")
    maker = models.UUIDField(null=True)
    stage = models.TextField()
    seq = models.IntegerField()
    outcome = models.TextField(null=True)
    unit = models.UUIDField(null=True)
    closed = models.BooleanField(default=False)
    opened_at = models.DateTimeField()
    filed_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    filing_due_at = models.DateTimeField(null=True)
    total_due_at = models.DateTimeField(null=True)
    unit_due_at = models.DateTimeField(null=True)
    next_due_at = models.DateTimeField(null=True)
    next_yellow_at = models.DateTimeField(null=True)
    late = models.BooleanField(default=False)
    turn = models.TextField(default="")
    returns = models.IntegerField(default=0)
    reworks = models.IntegerField(default=0)
    # When a closed list puts it: closed_at, or opened_at where the closing time is unknown (adopted).
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source", "foreign_key"],
                name="cases_case_foreign",
                condition=models.Q(foreign_key__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["ended_at", "id"], name="cases_case_ended", condition=models.Q(closed=True)),
            models.Index(
                fields=["unit", "ended_at", "id"],
                name="cases_case_unit_ended",
                condition=models.Q(closed=True),
            ),
            *(
                models.Index(
                    fields=[column, "ended_at", "id"],
                    name=f"cases_case_{column}_ended",
                    condition=models.Q(closed=True),
                )
                for column in ("category", "stage")
            ),
            *(
                models.Index(
                    fields=[f"a{n}", "ended_at", "id"],
                    name=f"cases_case_a{n}_ended",
                    condition=models.Q(closed=True) & models.Q(**{f"a{n}__isnull": False}),
                )
                for n in (1, 2, 3, 4, 5)
            ),
        ]


READ_ALONG = ("stage", "category", "turn")
"""At the end of an index of open work: two filters at once, and the inbox, are answered from the index alone."""


class Work(models.Model):
    """Open cases only: narrow, derived from Case, rebuildable; every desk list of open work reads this table.

    due_at is next_due_at with a far date for "none", so that key-set paging needs no null.
    """

    id = models.UUIDField(primary_key=True)
    due_at = models.DateTimeField()
    opened_at = models.DateTimeField()
    stage = models.TextField()
    category = models.IntegerField()
    unit = models.UUIDField(null=True)
    turn = models.TextField()
    a1 = models.UUIDField(null=True)
    a2 = models.UUIDField(null=True)
    a3 = models.UUIDField(null=True)
    a4 = models.UUIDField(null=True)
    a5 = models.UUIDField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["due_at", "id"], name="cases_work_due"),
            models.Index(fields=["opened_at", "id"], name="cases_work_opened"),
            models.Index(fields=["stage", "due_at", "id"], name="cases_work_stage"),
            models.Index(fields=["category", "due_at", "id", "stage", "turn"], name="cases_work_category"),
            models.Index(fields=["unit", "due_at", "id", *READ_ALONG], name="cases_work_unit"),
            *(
                models.Index(fields=[column, "opened_at", "id"], name=f"cases_work_{column}_ope")
                for column in ("stage", "category", "unit")
            ),
            *(
                models.Index(
                    fields=[f"a{n}", column, "id", *(READ_ALONG if column == "due_at" else ())],
                    name=f"cases_work_a{n}_{column[:3]}",
                    condition=models.Q(**{f"a{n}__isnull": False}),
                )
                for n in (1, 2, 3, 4, 5)
                for column in ("due_at", "opened_at")
            ),
        ]
