"""The overview of a case: who, what and when, and the steps that start there."""

from datetime import timedelta

import pytest
from django.urls import reverse

from casework.enums import CaseStatus, HulpvraagStatus
from casework.services import intake
from plans.models import Evaluatie
from tests.factories import (
    actor_of,
    drive,
    fresh,
    make_case,
    make_gemeente,
    make_staff,
    make_team,
)
from toegang.core.models import LogRow

pytestmark = pytest.mark.django_db
STEPS = ("case_contactpersoon", "case_step_back", "case_close", "case_reopen")
OF_HULPVRAAG = ("referral", "hand_over")


@pytest.fixture
def team():
    return make_team(make_gemeente())


@pytest.fixture
def worker(team, client):
    user = make_staff("sanne", team)
    client.force_login(user)
    return user


@pytest.fixture
def case(worker):
    return make_case(actor_of(worker)).case


@pytest.fixture
def colleague(team):
    return make_staff("karim", team)


def at(name, case, *more):
    return reverse(f"werkplek:{name}", args=[case.pk, *more])


def said(answer):
    return [str(message) for message in answer.context["messages"]]


# -- The page --------------------------------------------------------------------------------------------------


def test_the_overview_shows_who_what_and_when(client, case, worker):
    page = client.get(at("case", case))
    html = page.content.decode()
    assert "Bel en plan het gesprek" in html and "Het lukt thuis niet meer." in html
    assert "Hulp bij het huishouden (wmo)" in html and "12 april 1978" in html and "Dorpsweg 12" in html
    assert [name for name, _ in page.context["terms"]] == ["Wmo, Fatima Yıldız: onderzoek klaar"]
    look = LogRow.objects.filter(action="look", case_id=case.pk).get()
    assert (look.what, look.user_id) == ("Zaak bekeken: overzicht", worker.pk)


def test_the_number_is_masked_and_a_shielded_address_stays_hidden(client, worker):
    case = make_case(actor_of(worker), bsn="999993653").case
    type(case.person).objects.filter(pk=case.person_id).update(shielded=True)
    html = client.get(at("case", case)).content.decode()
    assert "••••• 3653" in html and "999993653" not in html
    assert "Adres afgeschermd" in html and "Dorpsweg" not in html


def test_hulpvragen_that_differ_show_their_own_step_and_term(client, worker):
    case = make_case(actor_of(worker), ("wmo", "pw")).case
    wmo, pw = case.hulpvragen.get(law="wmo"), case.hulpvragen.get(law="pw")
    intake.hand_over(hulpvraag_id=pw.pk, to="Werk en inkomen", actor=actor_of(worker))
    page = client.get(at("case", case))
    rows = {row["hulpvraag"].law: row for row in page.context["rows"]}
    assert rows["wmo"]["due"].on == wmo.deadlines.get(key="wmo_onderzoek").due_on
    assert (rows["pw"]["due"], rows["pw"]["hands_over"]) == (None, False)
    html = page.content.decode()
    assert "De hulpvragen (2)" in html and "Naar Werk en inkomen" in html
    assert html.count('class="tg-steps"') == 3  # one for each hulpvraag, and the header's


def test_hulpvragen_that_go_together_show_the_steps_once(client, worker):
    case = make_case(actor_of(worker), ("wmo", "jeugd")).case
    assert [name for name, _ in client.get(at("case", case)).context["journeys"]] == ["De zeven stappen"]


@pytest.mark.parametrize("laws", [("wmo",), ("wmo", "jeugd", "pw", "wgs")])
def test_one_and_many_hulpvragen_take_the_same_queries(client, worker, django_assert_num_queries, laws):
    case = make_case(actor_of(worker), laws).case
    client.get(at("case", case))
    with django_assert_num_queries(23):  # eleven of the frame
        client.get(at("case", case))


# -- Who may -----------------------------------------------------------------------------------------------------


def addresses(case):
    hulpvraag = case.hulpvragen.get().pk
    return [at(name, case) for name in STEPS] + [at(name, case, hulpvraag) for name in OF_HULPVRAAG]


def test_a_colleague_reads_and_does_nothing(client, case, colleague):
    client.force_login(colleague)
    overview = client.get(at("case", case)).content.decode()
    assert "Alleen de contactpersoon kan er iets in doen." in overview
    assert "Gesprek plannen" not in overview and "Zaak afsluiten" not in overview and "Doorzetten" not in overview
    for address in addresses(case):
        page = client.get(address)
        assert page.status_code == 200
        assert "<textarea" not in page.content.decode() and 'type="radio"' not in page.content.decode()
        refused = client.post(address, {"reason": "x"})
        if "heropenen" not in address:  # an open case says so to everybody
            assert refused.status_code == 403
            assert "Alleen de" in refused.content.decode()
    assert fresh(case).status == CaseStatus.MELDING


def test_a_stranger_finds_no_such_case(client, case):
    client.force_login(make_staff("mo", make_team(make_gemeente("Elders"), "Zuid")))
    for address in [at("case", case), *addresses(case)]:
        assert client.get(address).status_code == client.post(address).status_code == 404
    assert LogRow.objects.filter(case_id=case.pk, action="look").count() == 0


def test_a_hulpvraag_of_another_case_is_not_found(client, case, worker):
    other = make_case(actor_of(worker), given_names="Ander").case
    for name in OF_HULPVRAAG:
        assert client.get(at(name, case, other.hulpvragen.get().pk)).status_code == 404


# -- Contactpersoon --------------------------------------------------------------------------------------------


def test_the_contactpersoon_hands_the_case_to_a_colleague(client, case, colleague):
    typed = {"user": colleague.pk, "reason": "Verlof", "seen": case.contactpersoon().pk}
    answer = client.post(at("case_contactpersoon", case), typed, follow=True)
    assert said(answer) == ["Karim is nu de contactpersoon van deze zaak."]
    assert case.contactpersoon() == colleague
    again = client.post(at("case_contactpersoon", case), typed, follow=True)
    assert said(again)[-1] == "Karim is nu de contactpersoon van deze zaak."
    assert case.grants.filter(kind="contactpersoon").count() == 2


def test_a_case_without_contactpersoon_is_taken_by_who_looks(client, worker):
    case = make_case(actor_of(worker), become_contactpersoon=False).case
    page = client.get(at("case_contactpersoon", case))
    assert page.context["form"]["user"].value() == worker.pk
    client.post(at("case_contactpersoon", case), {"user": worker.pk, "reason": "Ik woon er vlakbij"})
    assert case.contactpersoon() == worker


def test_only_members_of_today_can_be_chosen(client, case, colleague, worker):
    stranger = make_staff("mo", make_team(make_gemeente("Elders"), "Zuid"))
    former = make_staff("oud", case.team)
    former.memberships.update(until=actor_of(worker).today - timedelta(days=1))
    offered = client.get(at("case_contactpersoon", case)).context["form"].fields["user"].queryset
    assert list(offered) == [colleague]
    for somebody in (stranger, former):
        answer = client.post(at("case_contactpersoon", case), {"user": somebody.pk, "reason": "x"})
        assert answer.context["form"].errors == {"user": ["Kies iemand die in het team van deze zaak werkt"]}
    assert case.contactpersoon() == worker


def test_the_contactpersoon_needs_a_name_and_a_reason(client, case):
    errors = client.post(at("case_contactpersoon", case)).context["form"].errors
    assert errors == {
        "user": ["Kies een antwoord: Wie wordt de contactpersoon?"],
        "reason": ["Vul dit in: Waarom?"],
    }


# -- A step back -----------------------------------------------------------------------------------------------


def test_a_step_back_is_one_step_also_when_clicked_twice(client, case):
    case = drive(case, "plan")
    page = client.get(at("case_step_back", case))
    assert [value for value, _ in page.context["form"].fields["step"].choices] == [
        "return_to_analysis", "return_to_conversation",
    ]  # fmt: skip
    facts = {"step": "return_to_analysis", "reason": "Er kwam iets bij"}
    answer = client.post(at("case_step_back", case), facts, follow=True)
    assert said(answer) == ["U ging een stap terug. De stand is nu: Vraaganalyse."]
    again = client.post(at("case_step_back", case), facts)
    assert again.context["form"].errors == {"step": ["Deze stap kan niet meer: de stand is nu ‘Vraaganalyse’"]}
    assert fresh(case).status == CaseStatus.VRAAGANALYSE
    row = LogRow.objects.filter(case_id=case.pk, object_type="case.return_to_analysis").get()
    assert row.detail == "Er kwam iets bij"


@pytest.mark.parametrize(
    ("wrong", "field", "sentence"),
    [
        ({"reason": " "}, "reason", "Vul dit in: Waarom gaat u terug?"),
        ({"step": ""}, "step", "Kies een antwoord: Naar welke stap gaat u terug?"),
        ({"step": "close"}, "step", "Deze stap kan niet meer: de stand is nu ‘Plan van aanpak’"),
    ],
)
def test_a_step_back_needs_a_step_and_a_reason(client, case, wrong, field, sentence):
    case = drive(case, "plan")
    answer = client.post(at("case_step_back", case), {"step": "return_to_analysis", "reason": "Nodig", **wrong})
    assert answer.context["form"].errors == {field: [sentence]}
    assert fresh(case).status == CaseStatus.PLAN


def test_where_no_step_back_is_the_page_says_so(client, case):
    assert "Vanuit deze stand kunt u niet terug." in client.get(at("case_step_back", case)).content.decode()


# -- The end ---------------------------------------------------------------------------------------------------


def test_closing_names_what_stops_and_ends_it(client, worker):
    case = make_case(actor_of(worker), ("wmo", "pw")).case
    intake.hand_over(hulpvraag_id=case.hulpvragen.get(law="pw").pk, to="Werk", actor=actor_of(worker))
    page = client.get(at("case_close", case))
    assert [h.law for h in page.context["ending"]] == ["wmo"]
    assert ("opgelost_informatie", "Opgelost met informatie of advies") in page.context["form"].fields["reason"].choices
    answer = client.post(at("case_close", case), {"reason": "opgelost_informatie"}, follow=True)
    assert said(answer) == ["De zaak is afgesloten."]
    closed = fresh(case)
    assert (closed.status, closed.close_reason) == (CaseStatus.AFGESLOTEN, "opgelost_informatie")
    assert set(case.hulpvragen.values_list("status", flat=True)) == {
        HulpvraagStatus.BEEINDIGD,
        HulpvraagStatus.DOORGEZET,
    }
    again = client.post(at("case_close", case), {"reason": "opgelost_informatie"}, follow=True)
    assert said(again)[-1] == "Deze zaak is al afgesloten."


@pytest.mark.parametrize(
    ("reason", "sentence"),
    [("", "Kies een antwoord: Waarom sluit u de zaak af?"), ("zomaar", "Kies een van de antwoorden")],
)
def test_closing_needs_a_reason_of_the_list(client, case, reason, sentence):
    assert client.post(at("case_close", case), {"reason": reason}).context["form"].errors == {"reason": [sentence]}
    assert fresh(case).status == CaseStatus.MELDING


@pytest.mark.parametrize(("at_plan", "status"), [("nee", CaseStatus.MELDING), ("ja", CaseStatus.PLAN)])
def test_a_closed_case_is_opened_again_once(client, case, at_plan, status):
    case = drive(case, "afgesloten")
    facts = {"at_plan": at_plan, "reason": "Het ging weer mis"}
    assert said(client.post(at("case_reopen", case), facts, follow=True)) == ["De zaak is weer open."]
    assert fresh(case).status == status
    assert said(client.post(at("case_reopen", case), facts, follow=True))[-1] == "Deze zaak is al open."
    assert LogRow.objects.filter(case_id=case.pk, object_type__startswith="case.reopen").count() == 1


def test_a_reopened_case_asks_for_the_new_melding(client, case, worker):
    case = drive(case, "afgesloten")
    client.post(at("case_reopen", case), {"at_plan": "nee", "reason": "Het ging weer mis"})
    found = client.get(at("case", case)).context["next"]
    assert (found.title, found.url) == ("Leg de nieuwe melding vast", reverse("werkplek:melding_new"))


def test_reopening_needs_a_place_and_a_reason(client, case):
    case = drive(case, "afgesloten")
    assert client.post(at("case_reopen", case)).context["form"].errors == {
        "at_plan": ["Kies een antwoord: Waar gaat de zaak verder?"],
        "reason": ["Vul dit in: Waarom opent u de zaak weer?"],
    }


# -- A referral, another desk ----------------------------------------------------------------------------------


@pytest.fixture
def referred(worker):
    return make_case(actor_of(worker), ("jeugd",), referrer="huisarts").case


def days(actor, start, evaluation):
    found = [actor.today + timedelta(days=start), actor.today + timedelta(days=evaluation)]
    return dict(zip(("starts_on", "evaluation_on"), [f"{d.day}-{d.month}-{d.year}" for d in found], strict=True))


def test_a_confirmed_referral_starts_the_help_and_plans_its_evaluation(client, referred, worker):
    hulpvraag, actor = referred.hulpvragen.get(), actor_of(worker)
    facts = {"provider": "Jeugd Dichtbij", **days(actor, 0, 90)}
    answer = client.post(at("referral", referred, hulpvraag.pk), facts, follow=True)
    assert said(answer) == ["De verwijzing is bevestigd. Jeugd Dichtbij geeft de hulp."]
    hulpvraag.refresh_from_db()
    assert (hulpvraag.status, hulpvraag.referred_to) == (HulpvraagStatus.LOOPT, "Jeugd Dichtbij")
    assert fresh(referred).status == CaseStatus.UITVOERING
    assert Evaluatie.objects.get(case=referred).due_on == actor.today + timedelta(days=90)
    again = client.post(at("referral", referred, hulpvraag.pk), facts)
    assert again.context["form"].non_field_errors() == ["Deze stap kan niet meer: de stand is nu ‘Hulp loopt’."]
    assert "Deze verwijzing is al bevestigd." in client.get(at("referral", referred, hulpvraag.pk)).content.decode()


@pytest.mark.parametrize(
    ("start", "evaluation", "errors"),
    [
        (400, 500, {"starts_on": ["Deze datum ligt meer dan een jaar van vandaag. Kijk het jaar na"]}),
        (-10, -5, {"evaluation_on": ["Deze datum is al voorbij. Kies een dag die nog komt"]}),
        (5, 5, {"evaluation_on": ["De evaluatie komt na de start van de hulp. Kies een latere dag"]}),
    ],
)
def test_the_days_of_a_referral_must_fit(client, referred, start, evaluation, errors):
    facts = {"provider": "Jeugd Dichtbij", **days(actor_of(None), start, evaluation)}
    answer = client.post(at("referral", referred, referred.hulpvragen.get().pk), facts)
    assert answer.context["form"].errors == errors
    assert referred.hulpvragen.get().status == HulpvraagStatus.VERWEZEN


def test_a_question_goes_to_another_desk_once(client, worker):
    case = make_case(actor_of(worker), ("pw",)).case
    address = at("hand_over", case, case.hulpvragen.get().pk)
    assert list(client.post(address, {}).context["form"].errors) == ["desk", "contact", "agreed_by", "agreed_on"]
    facts = {"desk": "Werk en inkomen", "contact": "Jo", "agreed_by": "zijzelf", "agreed_on": "vandaag"}
    answer = client.post(address, facts, follow=True)
    assert said(answer) == ["De vraag is doorgezet naar Werk en inkomen."]
    found = case.hulpvragen.get()
    assert (found.status, found.handed_to) == (HulpvraagStatus.DOORGEZET, "Werk en inkomen")
    again = client.post(address, facts | {"desk": "Schuldhulp"})
    assert again.context["form"].non_field_errors() == ["Deze stap kan niet meer: de stand is nu ‘Doorgezet’."]
    assert case.hulpvragen.get().handed_to == "Werk en inkomen"
