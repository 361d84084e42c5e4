"""The web process."""

import os

from django.core.wsgi import get_wsgi_application

# Without this import a task that the web process publishes goes to Celery's default broker and is lost.
from toegang import celery as celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "toegang.settings")
application = get_wsgi_application()
