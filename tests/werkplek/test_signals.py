"""The pages of signals: nothing typed is lost, the source stays apart, and a yes makes a melding of it."""

import pytest
from django.utils.html import escape

from casework.enums import SignalStatus
from casework.models import Case, Melding, Person, Reason, Signal, SignalAttempt
from casework.services import signals
from tests.factories import actor_of, make_case, make_gemeente, make_staff, make_team
from tests.werkplek.browsing import browser_of, words
from tests.werkplek.test_melding import ADDRESS as MELDING
from tests.werkplek.test_melding import typed as typed_melding
from toegang.core.models import LogRow

pytestmark = pytest.mark.django_db
NEW = "/werkplek/signalen/nieuw/"


@pytest.fixture
def house():
    """Anna, Klaas who takes calls for the gemeente, and Bram of another team."""
    gemeente = make_gemeente()
    own, other = make_team(gemeente), make_team(gemeente, "Wijkteam Zuid")
    anna, bram = make_staff("anna", own), make_staff("bram", other)
    klaas = make_staff("klaas", None, roles=("klantcontact",), gemeente=gemeente)
    return own, actor_of(anna), actor_of(bram), actor_of(klaas)


def typed(own, actor, **other):
    ground = Reason.objects.valid_on(actor.today).filter(kind=signals.GROUNDS).first().label
    return {"kind": "zorgen", "seen": "De gordijnen blijven dicht.", "received_on": "vandaag", "ground": ground,
            "family_name": "O’Brien-de Vries", "given_names": "Ö", "street": "Dorpsweg", "house_number": "9",
            "postcode": "1234ab", "city": "Voorbeeldstad", "source_capacity": "buurvrouw", "source_name": "Riet Smit",
            "team": str(own.pk), "gemeente": str(own.gemeenten.get().pk)} | other  # fmt: skip


def at(signal, *rest):
    return "/".join(("/werkplek/signalen", str(signal.pk), *rest, ""))


@pytest.fixture
def signal(house):
    own, anna, *_ = house
    assert browser_of(anna.user).post(NEW, typed(own, anna)).status_code == 302
    return Signal.objects.get()


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"seen": ""}, "seen"),
        ({"kind": ""}, "kind"),
        ({"source_capacity": ""}, "source_capacity"),
        ({"ground": "iets"}, "ground"),
        ({"received_on": "morgen"}, "received_on"),
        ({"postcode": "0000"}, "postcode"),
        ({"seen": "x" * 20_001}, "seen"),
        ({"family_name": "", "house_number": ""}, "family_name"),
    ],
)
def test_a_wrong_answer_is_told_and_nothing_typed_is_lost(house, wrong, field):
    own, anna, *_ = house
    answer = browser_of(anna.user).post(NEW, typed(own, anna, **wrong))
    assert answer.status_code == 200 and list(answer.context["form"].errors) == [field]
    page = answer.content.decode()
    assert ("Fout: " in page and "Riet Smit" in page and "O’Brien-de Vries" in page) or field == "family_name"
    assert not Signal.objects.exists()


@pytest.mark.parametrize("name", ["محمد الأحمد", "O'Brien-de Vries", "Ö"])
def test_names_stay_as_they_are_typed(house, name):
    own, anna, *_ = house
    browser = browser_of(anna.user)
    browser.post(NEW, typed(own, anna, family_name=name, given_names=""))
    assert words(browser.get(at(Signal.objects.get()))).count(escape(name)) >= 2


def test_a_melding_of_which_the_inwoner_does_not_know_goes_on_as_a_signal(house):
    own, anna, *_ = house
    browser = browser_of(anna.user)
    facts = typed_melding(own, aware="nee", reporter_name="Jo de Bruin", reporter_capacity="huisbaas")
    answer = browser.post(MELDING, facts)
    form = answer.context["form"]
    assert form.initial["source_name"] == "Jo de Bruin" and form.initial["born"] == ["12", "4", "1978"]
    page = answer.content.decode()
    for kept in (
        "Fatima",
        "Yıldız",
        "1978",
        "1234ab",
        "Het lukt thuis niet meer.",
        "Hulp bij het huishouden",
        "huisbaas",
    ):
        assert kept in page, kept
    assert f'action="{NEW}"' in page
    assert not (Melding.objects.exists() or Signal.objects.exists())


def test_who_takes_calls_registers_it_and_sees_nothing_of_it(house, signal):
    own, _, _, klaas = house
    browser = browser_of(klaas.user)
    answer = browser.post(NEW, typed(own, klaas), follow=True)  # about the same person
    assert answer.redirect_chain[-1][0] == MELDING
    assert Signal.objects.filter(linked_to=signal).count() == 1
    assert "Het signaal is bewaard. Het team kijkt ernaar." in words(answer)  # nor that there was one
    for url in ("/werkplek/signalen/", at(signal), at(signal, "bron"), at(signal, "stap", "niet")):
        assert browser.get(url).status_code == 404


def test_the_page_shows_what_was_seen_and_never_by_whom(house, signal):
    _, anna, bram, _ = house
    browser = browser_of(anna.user)
    page = words(browser.get(at(signal)))
    assert "De gordijnen blijven dicht." in page and "Riet" not in page and "Dorpsweg 9" in page
    looks = LogRow.objects.filter(object_id=str(signal.pk), action="look")
    assert list(looks.values_list("what", flat=True)) == ["Signaal bekeken: overzicht"]
    assert "Riet Smit, buurvrouw" in words(browser.get(at(signal, "bron")))
    assert looks.filter(what="Bron van een signaal bekeken").count() == 1
    assert words(browser.get("/werkplek/signalen/")).count("O’Brien-de Vries") == 1
    assert "Signalen van uw team (1)" in words(browser.get("/werkplek/"))
    assert browser_of(bram.user).get(at(signal)).status_code == 404
    assert "O’Brien" not in words(browser_of(bram.user).get("/werkplek/signalen/"))


def test_a_trail_and_an_end(house, signal):
    _, anna, *_ = house
    browser = browser_of(anna.user)
    assert browser.post(at(signal, "oppakken"), follow=True).status_code == 200
    facts = {"on": "vandaag", "way": "huisbezoek", "result": "wil_niet", "text": "Zij deed niet open."}
    wrong = browser.post(at(signal, "poging"), facts | {"way": ""})
    assert "Zij deed niet open." in wrong.content.decode() and not SignalAttempt.objects.exists()
    for _ in range(2):
        assert browser.post(at(signal, "poging"), facts).url == at(signal)
    page = words(browser.get(at(signal)))
    assert "Pogingen (1)" in page and "Zij deed niet open." in page and "Volgt dit op Anna" in page
    reason = Reason.objects.filter(kind=signals.NOT_FOLLOWED).first().label
    late = browser.post(at(signal, "stap", "niet"), {"reason": ""})
    assert "Fout: " in late.content.decode()
    done = browser.post(at(signal, "stap", "niet"), {"reason": reason, "why": ""}, follow=True)
    assert reason in words(done) and "Toch verder gaan" in words(done)
    assert "O’Brien" in words(browser.get("/werkplek/signalen/?stand=afgerond"))
    twice = browser.post(at(signal, "stap", "niet"), {"reason": reason, "why": ""})
    assert twice.status_code == 200 and "Deze stap kan niet meer" in words(twice)


@pytest.mark.parametrize(
    "step", ["zaak", "eerder", "team", "losmaken", "overdragen", "uitkomst", "bewaren", "niet", "heropenen"]
)
def test_each_step_has_its_page(house, signal, step):
    _, anna, *_ = house
    browser = browser_of(anna.user)
    assert browser.get(at(signal, "stap", step)).status_code == 200
    empty = browser.post(at(signal, "stap", step), {})
    assert empty.status_code == 200 and "Fout: " in empty.content.decode()
    assert browser.get(at(signal, "stap", "anders")).status_code == 404


def test_a_yes_makes_a_melding_of_it_without_its_source(house, signal):
    own, anna, *_ = house
    browser = browser_of(anna.user)
    url = f"{MELDING}?signaal={signal.pk}"
    form = browser.get(url).context["form"]
    assert form.initial["family_name"] == "O’Brien-de Vries" and "reporter_name" not in form.fields
    facts = typed_melding(own, family_name="O’Brien-de Vries", given_names="Ö")
    for name in ("route", "reporter_name", "reporter_capacity"):
        facts.pop(name, None)
    wrong = browser.post(url, facts | {"aware": "veilig"})
    assert list(wrong.context["form"].errors) == ["why_now"] and not Case.objects.exists()
    answer = browser.post(url, facts)
    signal.refresh_from_db()
    case = Case.objects.get()
    assert answer.url == f"/werkplek/zaak/{case.pk}/"
    assert (signal.status, signal.case_id, signal.end_reason) == (SignalStatus.MELDING, case.pk, "De inwoner zei ja")
    melding = Melding.objects.get()
    assert (melding.route, melding.reporter_name, melding.received_on) == ("signaal", "", anna.today)
    page = words(browser.get(answer.url))
    assert "na een signaal" in page and "Riet" not in page and "Signaal van" in page
    assert "Naar de zaak" in words(browser.get(at(signal)))
    assert browser.get(url).status_code == 404  # it ended
    again = browser.post(url, facts)
    assert "Deze stap kan niet meer" in words(again) and "Het lukt thuis niet meer." in again.content.decode()
    assert Melding.objects.count() == 1  # nothing of it was kept
    assert Person.objects.count() == 1


def test_safety_makes_a_melding_without_a_yes(house, signal):
    own, anna, *_ = house
    facts = typed_melding(own, aware="veilig", why_now="Er is een kind in huis.")
    browser_of(anna.user).post(f"{MELDING}?signaal={signal.pk}", facts)
    signal.refresh_from_db()
    assert (signal.status, signal.end_reason) == (SignalStatus.MELDING, "Veiligheid: Er is een kind in huis.")


def test_a_signal_of_another_team_becomes_no_melding(house, signal):
    _, _, bram, _ = house
    assert browser_of(bram.user).get(f"{MELDING}?signaal={signal.pk}").status_code == 404
    assert browser_of(bram.user).get(f"{MELDING}?signaal=1%27").status_code == 200  # no key: an ordinary melding


def test_a_signal_joins_the_case_of_the_household(house, signal):
    _, anna, *_ = house
    case = make_case(anna).case
    browser = browser_of(anna.user)
    wrong = browser.post(at(signal, "stap", "zaak"), {"reference": "ZD-1999-00001", "why": "Zelfde huis"})
    assert "U ziet geen open zaak met dit nummer" in words(wrong) and "Zelfde huis" in wrong.content.decode()
    done = browser.post(at(signal, "stap", "zaak"), {"reference": case.reference, "why": "Zelfde huis"}, follow=True)
    assert "Samengevoegd op" in words(done)
    assert "Signaal van" in words(browser.get(f"/werkplek/zaak/{case.pk}/"))
