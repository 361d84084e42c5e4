"""No burgerservicenummer stands in plain text anywhere: every column of every table, the session, mail and log."""

import logging
import time

import pytest
from django.contrib.sessions.models import Session
from django.core import mail
from django.db import connection
from django.urls import reverse

from casework.models import Case
from tests.factories import actor_of, age_grants, drive, make_gemeente, make_resident, make_staff, make_team, run_outbox
from tests.werkplek.test_melding import ADDRESS, typed
from toegang.accounts.sessions import KEY

NUMBER, OTHER = "999993653", "999990019"
TABLES = """
SELECT format('%I.%I', n.nspname, c.relname) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast') AND c.relkind IN ('r', 'm') ORDER BY 1
"""

pytestmark = pytest.mark.django_db


def holding(*numbers):
    """(number of tables, the tables with one of the numbers in any column)."""
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
        cursor.execute(TABLES)
        tables = [name for (name,) in cursor.fetchall()]
        found = set()
        for table in tables:
            cursor.execute(f"SELECT count(*) FROM {table} t WHERE t::text ~ %s", ["|".join(numbers)])
            found |= {table} if cursor.fetchone()[0] else set()
        cursor.execute("SET ROLE toegang_task")
    return len(tables), found


def test_no_number_is_stored_or_sent_in_plain_text(client, caplog):
    caplog.set_level(logging.DEBUG)
    team = make_team(make_gemeente())
    worker = make_staff("sanne", team)
    client.force_login(worker)
    second = {"law_2": "jeugd", "need_2": "School", "whose_2": "ander", "other_given_names": "Deniz",
              "other_family_name": "Yıldız", "other_bsn": OTHER}  # fmt: skip
    answers = [client.post(ADDRESS, typed(team, bsn=NUMBER, **second), follow=True)]
    case = Case.objects.get()
    age_grants(case)
    person = reverse("werkplek:person_bsn", args=[case.pk, case.person_id])
    assert b"999 993 653" in client.post(person).content
    client.post(ADDRESS, typed(team, bsn=NUMBER, born_jaar="1950"))  # a clash
    client.post(ADDRESS, typed(team, bsn=NUMBER, words=""))  # an error of the form
    make_resident(drive(case, "verslag"), actor_of(worker))
    run_outbox()
    answers += [client.get(reverse("werkplek:case", args=[case.pk])), client.get(reverse("werkplek:worklist"))]

    session = client.session
    session[KEY] = {**session[KEY], "began": time.time() - 3600 * 24}
    session.save()
    client.post(ADDRESS, typed(team, bsn=NUMBER, **second))  # the session has ended: what was typed is kept

    tables, found = holding(NUMBER, OTHER)
    assert (tables > 60, found) == (True, set())
    kept = [str(row.get_decoded()) for row in Session.objects.all()]
    assert any("sealed" in text for text in kept)
    told = [*kept, caplog.text, *(f"{m.subject} {m.body}" for m in mail.outbox)]
    told += [
        f"{answer.content.decode()} {answer.redirect_chain if hasattr(answer, 'redirect_chain') else ''}"
        for answer in answers
    ]
    assert [text for text in told for number in (NUMBER, OTHER) if number in text] == []


def test_a_number_in_plain_text_is_found():
    gemeente = make_gemeente()
    gemeente.verordening_wmo = f"Verordening {NUMBER}"
    gemeente.save()
    assert holding(NUMBER, OTHER)[1] == {"public.accounts_gemeente"}
