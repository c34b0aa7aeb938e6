"""Tables of the logbook. Entries are append-only: triggers on both databases refuse anything else."""

from __future__ import annotations

from django.db import models


class Entry(models.Model):
    """One line of a hash-chained stream; `body` is canonical JSON text and the truth."""

    stream = models.TextField()
    seq = models.IntegerField()
    move = models.TextField()
    actor = models.TextField()
    at = models.DateTimeField()
    prev_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)
    body = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["stream", "seq"], name="logbook_entry_stream_seq")]


class Head(models.Model):
    """Where each stream stands; written with each entry, so that a cut tail is found."""

    stream = models.TextField(primary_key=True)
    seq = models.IntegerField()
    hash = models.CharField(max_length=64)


class Fact(models.Model):
    """What happened, for other rooms; written in the action's transaction, delivered after it."""

    kind = models.TextField()
    stream = models.TextField()
    at = models.DateTimeField()
    body = models.TextField()
    done = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["id"], name="logbook_fact_open", condition=models.Q(done=False))]


class Delivery(models.Model):
    """One handler's work on one fact: unique, so that an effect happens once."""

    fact = models.ForeignKey(Fact, on_delete=models.CASCADE, related_name="deliveries")
    handler = models.TextField()
    done_at = models.DateTimeField(null=True)
    attempts = models.IntegerField(default=0)
    next_try_at = models.DateTimeField(null=True)
    error = models.TextField(default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["fact", "handler"], name="logbook_delivery_once")]


class Receipt(models.Model):
    """The stored answer to an operation from outside: the same id and body again gets the same answer."""

    op = models.UUIDField(primary_key=True)
    digest = models.CharField(max_length=64)
    status = models.IntegerField()
    answer = models.TextField()
    at = models.DateTimeField()


class SealKey(models.Model):
    """A data key of one owner (a stream), wrapped by the ring's current generation; null = destroyed."""

    owner = models.TextField(primary_key=True)
    generation = models.IntegerField()
    wrapped = models.TextField(null=True)
    created_at = models.DateTimeField()
    destroyed_at = models.DateTimeField(null=True)


class Stamp(models.Model):
    """A counter that moves when something cached by processes changed (grids, packs, calendar)."""

    name = models.TextField(primary_key=True)
    value = models.BigIntegerField(default=0)


class Setting(models.Model):
    """Settings of the jurisdiction that officers may change (name, time zone, calendar), versioned by stamp."""

    name = models.TextField(primary_key=True)
    value = models.TextField()
    changed_at = models.DateTimeField()


class Blob(models.Model):
    """A file by the hash of its bytes; the bytes lie in blobs/ab/cd/<sha256>."""

    sha256 = models.CharField(max_length=64, primary_key=True)
    size = models.BigIntegerField()
    mime = models.TextField()
    stored_at = models.DateTimeField()
    by = models.UUIDField(null=True)
