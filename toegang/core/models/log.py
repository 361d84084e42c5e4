"""The read-and-write log: append only, enforced by the database."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.functions import TransactionNow
from django.db import models


class TransactionNumber(models.Func):
    """The number of the transaction that writes; it grows for as long as the cluster lives."""

    template = "pg_current_xact_id()::text::bigint"
    output_field = models.BigIntegerField()


class ClusterNumber(models.Func):
    """Which cluster writes: after a restore into a new one, transactions are counted anew."""

    function = "core_log_cluster"
    output_field = models.BigIntegerField()


class LogRow(models.Model):
    """Who did or saw what, of which case, on which ground, why and from where (BIO2 8.15.01, NEN 7513).

    Written by core.audit only, in partitions of a month. The application's role may only insert and read;
    triggers refuse the rest to everybody.
    """

    at = models.DateTimeField(db_default=TransactionNow())
    action = models.CharField(max_length=20)  # look, list, step, write, download, refused, login
    result = models.CharField(max_length=20, default="ok")
    user_id = models.BigIntegerField(null=True)
    user_name = models.CharField(max_length=150, blank=True)
    actor_kind = models.CharField(max_length=20)
    roles = ArrayField(models.CharField(max_length=40), default=list)  # held at that moment
    on_behalf_of = models.UUIDField(null=True)
    gemeente_id = models.BigIntegerField(null=True)
    case_id = models.UUIDField(null=True)
    case_ids = ArrayField(models.UUIDField(), default=list)
    object_type = models.CharField(max_length=40, blank=True)
    object_id = models.CharField(max_length=40, blank=True)
    basis = models.CharField(max_length=20, blank=True)  # "team", or the kind of the grant
    grant_id = models.BigIntegerField(null=True)
    fields = ArrayField(models.CharField(max_length=40), default=list)  # the groups of data that were shown
    what = models.CharField(max_length=200, blank=True)
    detail = models.TextField(blank=True)
    purpose = models.CharField(max_length=40)
    origin = models.CharField(max_length=60, blank=True)
    request_id = models.UUIDField(default=uuid.uuid4)
    tx = models.BigIntegerField(db_default=TransactionNumber())
    cluster = models.BigIntegerField(db_default=ClusterNumber())

    class Meta:
        indexes = [
            models.Index(
                "case_id",
                models.F("at").desc(),
                name="log_of_case",
                condition=models.Q(case_id__isnull=False),
            ),
            models.Index("user_id", models.F("at").desc(), name="log_of_user"),
            models.Index("gemeente_id", models.F("at").desc(), name="log_of_gemeente"),
            models.Index(fields=["cluster", "tx", "id"], name="log_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.object_type} {self.object_id}"


class LogSeal(models.Model):
    """A batch of log rows as it was: hashed, and chained to the batch before. Written by core.logbook only.

    It holds what verify_log needs to name the row that was touched, and stays when old partitions are dropped.
    """

    number = models.BigIntegerField(primary_key=True)
    sealed_at = models.DateTimeField()
    cluster = models.BigIntegerField()
    after_tx = models.BigIntegerField()  # the batch begins behind this place ...
    after_id = models.BigIntegerField()
    upto_tx = models.BigIntegerField()  # ... and ends with this one
    upto_id = models.BigIntegerField()
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    columns = ArrayField(models.CharField(max_length=63))  # a column that comes later is not in an old hash
    rows = models.PositiveIntegerField()
    ids = ArrayField(models.BigIntegerField())
    marks = models.BinaryField()  # the first bytes of the hash of each row: they point, the root proves
    root = models.CharField(max_length=64)
    chain = models.CharField(max_length=64)

    class Meta:
        ordering = ["number"]

    def __str__(self) -> str:
        return f"Zegel {self.number}: {self.rows} regels"
