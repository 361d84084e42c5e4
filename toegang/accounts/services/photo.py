"""The own photo: given of one's own will, replaced, and taken away at any time."""

from __future__ import annotations

from django.db import transaction

from toegang.accounts.models import Photo
from toegang.accounts.services.assignments import lock_user
from toegang.core.access import Actor
from toegang.core.images import square
from toegang.core.records import keep


@transaction.atomic
def set_photo(*, user_id: int, upload: bytes, actor: Actor) -> Photo:
    """Keep a square JPEG of what was sent, in place of an earlier one. Raises UnusableImage with a sentence.

    Decoding takes memory: nobody has two photos decoded at the same time.
    """
    user = lock_user(user_id)
    image = square(upload)
    Photo.objects.filter(user=user).delete()
    photo = Photo.objects.create(user=user, image=image)
    keep(user, by=actor, what="Foto toegevoegd")
    return photo


@transaction.atomic
def drop_photo(*, user_id: int, actor: Actor) -> None:
    """Take the photo away for good; the same twice is one."""
    user = lock_user(user_id)
    found, _ = Photo.objects.filter(user=user).delete()
    if found:
        keep(user, by=actor, what="Foto weggehaald")
