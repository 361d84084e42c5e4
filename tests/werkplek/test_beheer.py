"""The functioneel beheerder sees the reference data with its periods; nobody else does."""

from datetime import date

import pytest

from tests.factories import make_gemeente, make_staff, make_team
from toegang.core.models import ClosingDay, LetterText, TermRule

pytestmark = pytest.mark.django_db
ADDRESS = "/werkplek/beheer/"


def test_the_beheerder_reads_terms_closing_days_and_texts(client):
    client.force_login(make_staff("bea", roles=("beheerder",), gemeente=make_gemeente()))
    rule = TermRule.objects.create(key="wmo_proef", law="jeugd", days=9, source="Een bron", valid_from=date(2019, 1, 1))
    TermRule.objects.filter(pk=rule.pk).update(valid_until=date(2020, 2, 3))
    page = client.get(ADDRESS)
    html = page.content.decode()
    assert "vanaf 1-1-2019</span> tot en met 3-2-2020" in html and "9 dagen" in html and "Een bron" in html
    assert "Wmo proef</th>" in html and ">Jeugdwet</td>" in html and "wmo_" not in html
    counts = {name: len(page.context[name]) for name in ("terms", "closing_days", "letter_texts")}
    assert counts == {
        "terms": TermRule.objects.count(),
        "closing_days": ClosingDay.objects.count(),
        "letter_texts": LetterText.objects.count(),
    }
    assert all(counts.values())
    assert "<form method" not in html.split("<main")[1]


@pytest.mark.parametrize("role", ["wijkteamlid", "teamleider", "toetser", "manager"])
def test_other_roles_find_no_such_page(client, role):
    client.force_login(make_staff("iemand", make_team(make_gemeente()), (role,)))
    assert client.get(ADDRESS).status_code == 404
