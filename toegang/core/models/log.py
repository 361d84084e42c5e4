"""The read-and-write log: append only, enforced by the database."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.functions import TransactionNow
from django.db import models


class LogRow(models.Model):
    """Who did or saw what, of which case, why and from where (BIO2 8.15.01). Written by core.audit only.

    The application's role may only insert and read; triggers refuse the rest to everybody.
    """

    at = models.DateTimeField(db_default=TransactionNow())
    action = models.CharField(max_length=20)  # look, list, step, write, download, refused, login
    result = models.CharField(max_length=20, default="ok")
    user_id = models.BigIntegerField(null=True)
    user_name = models.CharField(max_length=150, blank=True)
    actor_kind = models.CharField(max_length=20)
    on_behalf_of = models.UUIDField(null=True)
    gemeente_id = models.BigIntegerField(null=True)
    case_id = models.UUIDField(null=True)
    case_ids = ArrayField(models.UUIDField(), default=list)
    object_type = models.CharField(max_length=40, blank=True)
    object_id = models.CharField(max_length=40, blank=True)
    what = models.CharField(max_length=200, blank=True)
    detail = models.TextField(blank=True)
    purpose = models.CharField(max_length=40)
    origin = models.CharField(max_length=60, blank=True)
    request_id = models.UUIDField(default=uuid.uuid4)

    class Meta:
        indexes = [
            models.Index(
                "case_id",
                models.F("at").desc(),
                name="log_of_case",
                condition=models.Q(case_id__isnull=False),
            ),
            models.Index("user_id", models.F("at").desc(), name="log_of_user"),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.object_type} {self.object_id}"
