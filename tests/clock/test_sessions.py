"""What is left of sessions that are over goes, once a day; who is signed in stays."""

from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.test import Client

from tests import factories as make
from toegang.clock.tasks import tick
from toegang.core.models import OutboxRow

pytestmark = pytest.mark.django_db


def test_ended_sessions_are_cleared_once_a_day():
    worker = make.make_staff("sanne", make.make_team(make.make_gemeente()))
    living, over, lost = Client(), Client(), Client()
    for client in (living, over, lost):
        client.force_login(worker)
    yesterday = make.actor_of(None).now - timedelta(days=1)
    Session.objects.filter(session_key=over.session.session_key).update(expire_date=yesterday)
    Session.objects.filter(session_key=lost.session.session_key).delete()
    tick()
    tick()
    assert OutboxRow.objects.filter(kind="clear_sessions").count() == 1
    make.run_outbox()
    here = living.session.session_key
    assert [row.session_key for row in UserSession.objects.all()] == [here]
    assert [row.session_key for row in Session.objects.all()] == [here]
    assert living.get("/werkplek/").status_code == 200
