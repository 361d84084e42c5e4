"""The photo that a medewerker may give of oneself."""

from __future__ import annotations

import uuid

from django.contrib.postgres.functions import TransactionNow
from django.db import models

from toegang.accounts.models.user import User


class Photo(models.Model):
    """A photo for the inwoners whom the user helps: a JPEG of our own making.

    Without history: what is taken away, or replaced, is nowhere any more.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.OneToOneField(User, models.CASCADE, related_name="photo")
    image = models.BinaryField()
    made_at = models.DateTimeField(db_default=TransactionNow())

    def __str__(self) -> str:
        return f"Foto van {self.user}"
