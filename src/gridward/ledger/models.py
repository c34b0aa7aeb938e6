"""Tables of the ledgers: definitions with their versions, and subjects with one canonical JSON file each."""

from __future__ import annotations

from django.db import models


class Ledger(models.Model):
    """A register of one kind of subject. `body` is the definition in force (canonical JSON)."""

    code = models.TextField(primary_key=True)
    label = models.TextField()  # JSON {"zh": …, "en": …}
    scheme = models.TextField(default="")
    pack = models.TextField(default="")
    version = models.TextField()
    body = models.TextField()
    last_serial = models.IntegerField(default=0)
    created_at = models.DateTimeField()


class LedgerVersion(models.Model):
    """A definition that was in force: subjects name the version under which they were last written."""

    ledger = models.TextField()
    version = models.TextField()
    body = models.TextField()
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ledger", "version"], name="ledger_version_once")]


class Subject(models.Model):
    """One entry of a ledger with one file. `fields` is canonical JSON; personal values are in `sealed` only."""

    id = models.UUIDField(primary_key=True)
    ledger = models.TextField()
    number = models.TextField()
    key = models.TextField(null=True)
    name = models.TextField()
    name_folded = models.TextField()
    scheme = models.TextField(default="")
    area = models.UUIDField(null=True)
    a1 = models.UUIDField(null=True)
    a2 = models.UUIDField(null=True)
    a3 = models.UUIDField(null=True)
    a4 = models.UUIDField(null=True)
    a5 = models.UUIDField(null=True)
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    address = models.TextField(default="")
    by_hand = models.BooleanField(default=False)  # the home was named by a person, not found from the point
    parent = models.UUIDField(null=True)
    fields = models.TextField(default="{}")
    sealed = models.TextField(default="")
    have = models.IntegerField(default=0)
    wanted = models.IntegerField(default=0)
    version = models.TextField(default="")
    seq = models.IntegerField(default=1)
    source = models.TextField(default="")
    verified_on = models.DateField(null=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    ended_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ledger", "number"], name="ledger_subject_number"),
            models.UniqueConstraint(
                fields=["ledger", "key"], name="ledger_subject_key", condition=models.Q(key__isnull=False)
            ),
        ]
        indexes = [
            models.Index(fields=["ledger", "name_folded", "id"], name="ledger_subject_name"),
            models.Index(
                fields=["parent"], name="ledger_subject_parent", condition=models.Q(parent__isnull=False)
            ),
            *(
                models.Index(
                    fields=["ledger", f"a{n}", "name_folded", "id"],
                    name=f"ledger_subject_a{n}",
                    condition=models.Q(**{f"a{n}__isnull": False}),
                )
                for n in (1, 2, 3, 4, 5)
            ),
        ]


class BlindIndex(models.Model):
    """A keyed fingerprint of a sealed value, by which it is found without being opened."""

    subject = models.UUIDField()
    ledger = models.TextField()
    field = models.TextField()
    digest = models.CharField(max_length=32)

    class Meta:
        indexes = [models.Index(fields=["ledger", "field", "digest"], name="ledger_blind")]
        constraints = [models.UniqueConstraint(fields=["subject", "field"], name="ledger_blind_once")]
