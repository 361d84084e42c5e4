"""The worker and the clock: one Celery application."""

import os
from pathlib import Path
from typing import Any

from celery import Celery
from celery.signals import worker_process_init
from django.conf import settings

from toegang.core import pdf

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "toegang.settings")

app = Celery("toegang")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.autodiscover_tasks(["toegang.core"], related_name="outbox")
app.set_default()

for folder in ("queue", "control"):
    if app.conf.broker_url and app.conf.broker_url.startswith("filesystem:"):
        Path(settings.BROKER_FOLDER, folder).mkdir(parents=True, exist_ok=True, mode=0o700)


@worker_process_init.connect
def _warm(**_: Any) -> None:
    """Load fonts and style sheet once per worker process: it halves the time of a letter."""
    pdf.warm_up()
