"""The pages of the veiligheidsdossier and of shielding, as those who may, and those who may not, get them."""

import pytest

from casework.enums import GrantKind
from casework.models import Case, Grant, Reason, SafetyRecord
from casework.services.grants import begin_grant
from casework.services.shielding import shield_case
from tests.casework.test_safety import CANARY, SOURCE, TEXT, WHY, add
from tests.factories import actor_of, age_grants, fresh, make_case, make_gemeente, make_resident, make_staff, make_team
from tests.werkplek.browsing import browser_of, fill, words
from toegang.core.models import LogRow

pytestmark = pytest.mark.django_db
BADGE = "Veiligheid: overleg met de contactpersoon"


@pytest.fixture
def house():
    """A case of Anna with colleague Bram, teamleider Lies and aandachtsfunctionaris Aline."""
    team = make_team(make_gemeente())
    anna, bram = make_staff("anna", team), make_staff("bram", team)
    lies = make_staff("lies", team, roles=("teamleider",))
    aline = make_staff("aline", roles=("aandacht",), gemeente=team.gemeenten.get())
    return make_case(actor_of(anna)).case, anna, bram, lies, aline


def urls(case):
    return f"/werkplek/zaak/{case.pk}/", f"/werkplek/zaak/{case.pk}/veiligheid/"


def test_the_contactpersoon_adds_and_corrects(house):
    case, anna, *_ = house
    page, safety = urls(case)
    browser = browser_of(anna)
    assert f'href="{safety}"' in browser.get(page).content.decode()
    assert "Er staat nog niets in dit dossier." in words(browser.get(safety))
    wrong = browser.post(safety, {"text": "", "source": SOURCE})
    assert set(wrong.context["form"].errors) == {"person", "law", "text"} and SOURCE in wrong.content.decode()
    facts = {"person": case.person_id, "law": "wmo", "text": TEXT, "source": SOURCE}
    assert browser.post(safety, facts).url == safety
    shown = words(browser.get(safety))
    assert TEXT in shown and f"Bron, nooit afdrukken: {SOURCE}" in shown
    record = SafetyRecord.objects.get()
    correct = f"{safety}{record.pk}/"
    first = fill(browser, correct, "version", text="Kanarie 2", reason=WHY)
    second = fill(browser, correct, "version", text="Kanarie 3", reason=WHY)
    assert first().url == safety
    late = second()
    assert late.status_code == 409 and "Kanarie 2" in words(late) and "Kanarie 3" in words(late)
    assert "verbeterd, versie 2" in words(browser.get(safety))


def test_each_look_names_the_compartment_and_tells_nothing_of_it(house):
    case, anna, *_ = house
    record = add(case, anna)
    _, safety = urls(case)
    before = LogRow.objects.latest("id").pk
    for url in (safety, f"{safety}{record.pk}/", f"{safety}toegang/"):
        assert browser_of(anna).get(url).status_code == 200
    rows = LogRow.objects.filter(pk__gt=before, case_id=case.pk).values_list("action", "object_type", "what", "detail")
    assert list(rows) == [("look", "safetyrecord", "Zaak bekeken: veiligheidsdossier", "")] * 3


@pytest.mark.parametrize("filled", [True, False])
def test_everybody_else_gets_the_ordinary_404(house, filled):
    case, anna, bram, lies, aline = house
    fatima = make_resident(case, actor_of(anna))
    begin_grant(case=case, user=bram, kind=GrantKind.TWEEDE, reason="Test", by=actor_of(anna))
    record = add(case, anna) if filled else None
    nowhere = browser_of(anna).get("/bestaat-niet/").content
    _, safety = urls(case)
    addresses = [safety, f"{safety}toegang/", f"{safety}{record.pk if record else case.pk}/", f"{safety}toegang/1/"]
    for user in (bram, lies, aline, fatima):
        for url in addresses:
            for answer in (browser_of(user).get(url), browser_of(user).post(url, {"text": "x"})):
                assert (answer.status_code, answer.content) == (404, nowhere), (user, url)
    assert not LogRow.objects.filter(action="look", object_type="safetyrecord").exists()


def test_colleagues_see_one_sentence_and_the_portaal_none(house):
    case, anna, bram, lies, _ = house
    fatima = make_resident(case, actor_of(anna))
    page, _ = urls(case)
    assert BADGE not in words(browser_of(bram).get(page))
    add(case, anna)
    for user in (bram, lies):
        shown = browser_of(user).get(page)
        assert BADGE in words(shown) and CANARY not in shown.content.decode()
        assert "/veiligheid/" not in shown.content.decode()
    assert "/veiligheid/" in browser_of(anna).get(page).content.decode()
    for url in ("/mijn/", f"/mijn/zaak/{case.pk}/"):
        shown = browser_of(fatima).get(url)
        assert shown.status_code == 200
        assert "eiligheid" not in words(shown) and CANARY not in shown.content.decode()


def test_somebody_gets_it_until_it_is_ended(house):
    case, anna, _bram, _, aline = house
    record = add(case, anna)
    page, safety = urls(case)
    browser = browser_of(anna)
    wrong = browser.post(f"{safety}toegang/", {"user": aline.pk, "reason": WHY, "last_day": "1-1-2024"})
    assert "De laatste dag is al voorbij. Kies een dag die nog komt." in words(wrong)
    assert browser.post(f"{safety}toegang/", {"user": aline.pk, "reason": WHY, "last_day": ""}).url == safety
    hers = browser_of(aline)
    assert TEXT in words(hers.get(safety)) and WHY not in words(hers.get(safety))
    assert hers.get(f"{safety}toegang/").status_code == 404
    assert hers.post(safety, {"person": case.person_id, "law": "jeugd", "text": "Kanarie 9"}).url == safety
    grant = Grant.objects.get(kind=GrantKind.VEILIGHEID)
    age_grants(case)
    end = f"{safety}toegang/{grant.pk}/"
    assert browser.post(end, {}).context["form"].errors == {"reason": ["Vul dit in: Waarom?"]}
    assert browser.post(end, {"reason": "Het overleg is klaar"}).url == safety
    assert hers.get(safety).status_code == hers.get(page).status_code == 404
    assert record in SafetyRecord.objects.all()


def test_a_record_or_grant_of_another_case_is_not_reached(house):
    case, anna, bram, *_ = house
    other = make_case(actor_of(bram), given_names="Piet").case
    foreign = add(other, bram)
    begin_grant(case=other, user=anna, kind=GrantKind.VEILIGHEID, reason="x", by=actor_of(bram))
    grant = Grant.objects.get(kind=GrantKind.VEILIGHEID)
    _, safety = urls(case)
    for url in (f"{safety}{foreign.pk}/", f"{safety}toegang/{grant.pk}/"):
        assert browser_of(anna).get(url).status_code == 404


def category(key):
    return Reason.objects.get(kind="afscherming", key=key).pk


@pytest.mark.parametrize(("who", "back"), [(1, "/werkplek/zaak/{}/"), (3, "/werkplek/team/")])
def test_a_case_is_shielded_and_open_again(house, who, back):
    case, anna, bram, lies, _ = house
    page, _ = urls(case)
    shield = f"{page}afschermen/"
    browser = browser_of(house[who])
    assert f'href="{shield}"' in browser.get(page).content.decode()
    wrong = browser.post(shield, {"reason": "De brief ligt in de kluis"})
    assert wrong.context["form"].errors == {"category": ["Kies een antwoord: Waarom schermt u deze zaak af?"]}
    answer = browser.post(shield, {"category": category("geheim_adres"), "reason": "De brief ligt in de kluis"})
    assert answer.url == back.format(case.pk)
    assert LogRow.objects.get(what="Zaak afgeschermd").detail == (
        "Het adres van de inwoner is geheim: De brief ligt in de kluis"
    )
    assert "Afgeschermde zaak" in words(browser_of(anna).get(page))
    for user in (bram, lies):
        assert browser_of(user).get(page).status_code == browser_of(user).get(shield).status_code == 404
        for url in ("/werkplek/", "/werkplek/team/"):
            shown = browser_of(user).get(url).content.decode()
            assert case.reference not in shown and "Fatima" not in shown
    assert browser_of(anna).post(shield, {"reason": "Het mag weer"}).url == page
    assert not fresh(case).shielded and browser_of(bram).get(page).status_code == 200


def test_a_colleague_reads_why_not_and_may_not_send(house):
    case, _anna, bram, *_ = house
    shield = f"{urls(case)[0]}afschermen/"
    assert "Alleen de contactpersoon of de teamleider schermt een zaak af." in words(browser_of(bram).get(shield))
    sent = {"category": category("anders"), "reason": "x"}
    assert browser_of(bram).post(shield, sent).status_code == 403
    assert not fresh(case).shielded


def test_without_contactpersoon_it_is_refused_with_a_sentence(house):
    _case, anna, _, lies, _ = house
    alone = make_case(actor_of(anna), given_names="Piet", become_contactpersoon=False).case
    sent = {"category": category("anders"), "reason": "x"}
    answer = browser_of(lies).post(f"{urls(alone)[0]}afschermen/", sent)
    assert "Kies eerst een contactpersoon." in words(answer) and not fresh(alone).shielded


def test_a_melding_for_somebody_with_a_shielded_case_tells_nothing(house):
    """Who takes the melding gets a case of its own, as for somebody who is not known."""
    case, anna, bram, *_ = house
    shield_case(case_id=case.pk, reason="x", actor=actor_of(anna))
    again = make_case(actor_of(bram), given_names="Fatima")
    assert again.new_case and set(Case.objects.visible_to(actor_of(bram))) == {again.case} != {case}
    shown = words(browser_of(bram).get("/werkplek/"))
    assert again.case.reference in shown and case.reference not in shown
