"""The page of who works along, the hand-over of all cases of a colleague, and absence."""

from datetime import timedelta

import pytest
from django.urls import reverse

from casework.models import Case, Grant, Handover
from tests.casework.test_sharing import make_partner
from tests.factories import (
    actor_of,
    age_grants,
    drive,
    make_case,
    make_gemeente,
    make_resident,
    make_staff,
    make_team,
    run_outbox,
    write_plan,
)
from tests.housemates import add_housemate
from toegang.accounts.models import Absence

pytestmark = pytest.mark.django_db
GIVEN = {"reason": "Advies", "last_day": "31-12-2099"}


@pytest.fixture
def house(client):
    """A case with its contactpersoon, who is signed in, and a colleague."""
    team = make_team(make_gemeente())
    anna, bram = make_staff("anna", team), make_staff("bram", team)
    client.force_login(anna)
    return make_case(actor_of(anna)).case, anna, bram


def at(name, *args):
    return reverse(f"werkplek:{name}", args=args)


def test_a_colleague_works_along_and_stops_again(house, client):
    case, _, bram = house
    sent = {"kind": "consult", "user": bram.pk, **GIVEN}
    for _ in range(2):
        assert client.post(at("access_give", case.pk), sent).url == at("case_access", case.pk)
    grant = Grant.objects.get(user=bram)
    shown = client.get(at("case_access", case.pk)).content.decode()
    assert "Bram" in shown and "tot en met 31 december 2099" in shown and "Waarom: Advies" in shown
    age_grants(case)
    end = at("access_end", case.pk, grant.pk)
    assert client.post(end, {"reason": ""}).status_code == 200
    assert client.post(end, {"reason": "Klaar"}).status_code == 302
    page = client.get(at("case_access", case.pk))
    assert ([row.who for row in page.context["present"]], [row.who for row in page.context["ended"]]) == (
        ["Anna"], ["Bram"],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"kind": "consult", "last_day": ""}, "Vul de laatste dag in, bijvoorbeeld 4-12-2026"),
        ({"kind": "consult", "last_day": "1-1-2020"}, "De laatste dag is op zijn vroegst vandaag"),
        ({"kind": "consult", "reason": ""}, "Vul dit in: Waarom?"),
        ({"kind": "toetsing"}, "Kies een van de antwoorden"),
        ({"kind": "bezwaar"}, "Dat vraagt een andere rol"),
    ],
)
def test_what_is_wrong_is_told_and_nothing_is_given(house, client, sent, sentence):
    case, _, bram = house
    answer = client.post(at("access_give", case.pk), {"user": bram.pk, **GIVEN, **sent})
    assert sentence in answer.content.decode()
    assert not Grant.objects.filter(user=bram).exists()


def test_a_reader_and_a_ketenpartner_are_given_what_was_chosen(house, client):
    case, anna, _ = house
    case = drive(case, "plan")
    action = write_plan(case, actor_of(anna)).goals.get().actions.get()
    make_resident(case, actor_of(anna))
    mother = add_housemate(case, "Aisha", actor_of(anna))
    karin = make_partner(case, "karin")
    today = actor_of(anna).today
    given = {"reason": "Gevraagd", "last_day": f"{today + timedelta(days=30)}"}
    sent = {"kind": "meelezer", "reader": mother.pk, "person": case.person.pk, "parts": ["plan"], **given}
    assert client.post(at("access_reader", case.pk), {**sent, "person": mother.pk}).status_code == 200
    assert client.post(at("access_reader", case.pk), sent).status_code == 302
    asked = {"user": karin.pk, "part": "afspraken", **given}
    assert "Kies ten minste één afspraak" in client.post(at("access_partner", case.pk), asked).content.decode()
    assert client.post(at("access_partner", case.pk), {**asked, "actions": [action.pk]}).status_code == 302
    action.refresh_from_db()
    held = set(Grant.objects.exclude(kind__in=["contactpersoon", "inwoner"]).values_list("user__name", "kind"))
    assert (held, action.partner) == ({("Aisha", "meelezer"), ("Karin", "ketenpartner")}, karin.ketenpartner)


def count_grants(case, colleagues):
    for n in range(colleagues):
        user = make_staff(f"c{n}", case.team)
        Grant.objects.create(
            gemeente=case.gemeente, case=case, user=user, user_kind="medewerker", kind="consult", reason="x",
            validity=("2024-01-01", None),
        )  # fmt: skip


@pytest.mark.parametrize("colleagues", [1, 50])
def test_the_page_asks_the_same_few_queries(house, client, colleagues, django_assert_num_queries):
    count_grants(house[0], colleagues)
    client.get(at("case_access", house[0].pk))
    with django_assert_num_queries(22):
        assert len(client.get(at("case_access", house[0].pk)).context["present"]) == colleagues + 1


@pytest.fixture
def leaver(house, client):
    """Anna leaves with three cases, one of them shielded; the teamleider is signed in."""
    case, anna, bram = house
    second = make_case(actor_of(anna), given_names="Piet").case
    hidden = make_case(actor_of(anna), given_names="Geheim").case
    Case.objects.filter(pk=hidden.pk).update(shielded=True)
    client.force_login(make_staff("tess", case.team, roles=("teamleider",)))
    return anna, bram, [case, second], hidden


def test_all_cases_of_a_leaver_go_over_and_a_shielded_one_is_not_seen(leaver, client):
    anna, bram, cases, hidden = leaver
    listed = client.get(at("team_hand_over"))
    assert [(who.name, who.cases) for who in listed.context["people"]] == [("Anna", 2)]
    url = at("team_hand_over_of", anna.pk)
    shown = client.get(url).content.decode()
    assert all(case.reference in shown for case in cases) and hidden.reference not in shown
    for _ in range(2):
        client.post(url, {"everyone": bram.pk, "reason": "Gaat weg"})
    assert [case.contactpersoon() for case in (*cases, hidden)] == [bram, bram, anna]
    assert Handover.objects.count() == 2
    run_outbox()


def test_what_cannot_go_stays_with_the_reason_and_pressing_again_goes_on(leaver, client):
    anna, bram, (first, second), _ = leaver
    els = make_staff("els", make_team(first.gemeente, "Zuid"))
    url, reason = at("team_hand_over_of", anna.pk), {"reason": "Gaat weg"}
    page = client.get(url)
    one, two = (page.context["form"].name_of(case) for case in (first, second))
    assert client.post(url, {one: els.pk, **reason}).status_code == 200  # not to be chosen
    bram.role_assignments.update(role="toetser")
    cato = make_staff("cato", first.team)
    answer = client.post(url, {one: cato.pk, two: bram.pk, **reason})
    assert answer.status_code == 200  # bram may not be chosen any more, and nothing went
    assert first.contactpersoon() == anna
    client.post(url, {one: cato.pk, **reason})
    client.post(url, {"everyone": cato.pk, **reason})
    assert [case.contactpersoon() for case in (first, second)] == [cato, cato]


def test_absence_is_registered_shown_and_ended(house, client):
    case, anna, bram = house
    today = actor_of(anna).today
    sent = {"user": anna.pk, "since": "vandaag", "until": f"{today + timedelta(days=4)}", "reason": "verlof"}
    assert "Kies wie de zaken overneemt" in client.post(at("absences"), sent).content.decode()
    for _ in range(2):
        assert client.post(at("absences"), {**sent, "cover": bram.pk}).status_code == 302
    absence = Absence.objects.get()
    run_outbox()
    assert "Nu afwezig" in client.get(at("absences")).content.decode()
    client.force_login(bram)
    assert "U vervangt een collega" in client.get(at("worklist")).content.decode()
    assert client.post(at("absence_end", absence.pk)).status_code == 404
    client.force_login(anna)
    assert client.get(at("absence_end", absence.pk)).status_code == 405
    age_grants(case)
    assert client.post(at("absence_end", absence.pk)).status_code == 302
    run_outbox()
    assert not Grant.objects.valid_now().filter(user=bram).exists()


def test_the_new_contactpersoon_reads_what_there_is_to_know(house, client):
    case, anna, bram = house
    url = at("case_contactpersoon", case.pk)
    sent = {"user": bram.pk, "reason": "Andere wijk", "note": "Bel na tien uur.", "seen": anna.pk}
    assert client.post(url, sent).status_code == 302
    client.force_login(bram)
    assert "Bel na tien uur." in client.get(at("case_access", case.pk)).content.decode()


def test_who_hands_over_a_shielded_case_no_longer_sees_it(house, client):
    """Also behind the wall of the database: in between nobody but the worker sees the case."""
    case, anna, bram = house
    Case.objects.filter(pk=case.pk).update(shielded=True)
    url = at("case_contactpersoon", case.pk)
    answer = client.post(url, {"user": bram.pk, "reason": "Andere wijk", "note": "", "seen": anna.pk}, follow=True)
    assert (answer.status_code, answer.redirect_chain) == (200, [(at("worklist"), 302)])
    assert case.contactpersoon() == bram
    assert client.get(at("case", case.pk)).status_code == 404
