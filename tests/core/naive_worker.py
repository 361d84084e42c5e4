"""Negative control: letters as they are often made, straight from the broker's message with Celery's defaults."""

import os
from pathlib import Path

import django
from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "toegang.settings")
django.setup()

from django.conf import settings  # noqa: E402 (after the set-up, as every module of Django)

from casework.services import intake as intake  # noqa: E402 (registers what a sent letter moves)
from casework.services.letters import make_letter  # noqa: E402
from toegang.accounts.models import system_user  # noqa: E402
from toegang.core.access import acting_as  # noqa: E402

app = Celery("naive", broker="filesystem://", set_as_current=False)
app.conf.broker_transport_options = settings.CELERY_BROKER_TRANSPORT_OPTIONS
app.conf.worker_enable_remote_control = False
app.conf.task_ignore_result = True


@app.task
def make(letter_id: str, mark: str) -> None:
    """Make one letter; the message is gone before the work is done. The mark says that it began."""
    Path(mark).touch()
    with acting_as(system_user(), "brieven") as actor:
        make_letter(letter_id=letter_id, actor=actor)
