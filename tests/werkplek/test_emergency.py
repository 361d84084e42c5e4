"""The pages of noodtoegang: asked by number, seen with a banner, ended, judged, and the rules set."""

import re
import time
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from casework.models import AccessRules, Case, EmergencyAccess, Grant, Reason
from casework.services.letters import order_letter
from tests.casework.test_emergency import PAST, WHY, age, shapes, take
from tests.factories import actor_of, make_case, make_gemeente, make_staff, make_team, run_outbox
from tests.werkplek.browsing import browser_of, words
from toegang.accounts.models import RoleAssignment
from toegang.accounts.sessions import KEY
from toegang.core.models import LogRow

pytestmark = pytest.mark.django_db
ASK, REVIEWS, RULES = "/werkplek/noodtoegang/", "/werkplek/noodtoegang/beoordelen/", "/werkplek/noodtoegang/regels/"


@pytest.fixture
def house(client):
    """A case of Els; Bram of another team is at the browser."""
    noord = make_gemeente()
    els = make_staff("els", make_team(noord))
    bram = make_staff("bram", make_team(noord, "Wijkteam Zuid"))
    client.force_login(bram)
    return make_case(actor_of(els)).case, els, bram


def typed(case, **other):
    category = Reason.objects.filter(kind="noodtoegang").order_by("pk")[0].pk
    return {"reference": case.reference, "category": category, "reason": WHY, **other}


def bare(answer, *typed):
    """The page without what differs by itself: tokens, the clock of the session and what was typed."""
    text = re.sub(r'(csrfmiddlewaretoken" value|data-idle|data-whole)="[^"]+"', "", answer.content.decode())
    for each in typed:
        text = text.replace(each, "…")
    return text


def test_the_case_opens_with_a_banner_and_nothing_can_be_done_in_it(client, house):
    case, _, _ = house
    page = f"/werkplek/zaak/{case.pk}/"
    assert client.get(page).status_code == 404
    answer = client.post(ASK, typed(case, reference=f" {case.reference.lower()} "))
    assert (answer.status_code, answer.url) == (302, page)
    shown = client.get(page)
    until = EmergencyAccess.objects.get().ends_at.astimezone(actor_of(None).now.tzinfo)
    assert f"Noodtoegang tot {until:%H:%M}. Alles wat u bekijkt wordt vastgelegd en beoordeeld." in words(shown)
    assert "Fatima" in words(shown) and shown.context["may_handle"] is False
    assert client.post(f"{page}terug/", {"step": "x", "reason": "x"}).status_code == 403
    assert client.get(f"{page}veiligheid/").status_code == 404
    assert ("look", case.pk) in LogRow.objects.values_list("action", "case_id")


def test_letters_are_read_and_not_posted(client, house):
    case, els, bram = house
    facts = {"kind": "uitnodiging", "subject": "Uitnodiging", "channel": "papier", "by": actor_of(els)}
    letter = order_letter(case=case, addressee=case.person, **facts)
    run_outbox()
    take(case, bram)
    assert client.get(f"/werkplek/brief/{letter.pk}/").status_code == 200
    assert "Uitnodiging" not in words(client.get("/werkplek/afdrukken/"))
    for act in ("gepost", "opnieuw"):
        url = f"/werkplek/afdrukken/{letter.pk}/{act}/"
        assert client.post(url, {f"brief-{letter.pk}-posted_on": "vandaag"}).status_code == 404
    letter.refresh_from_db()
    assert letter.sent_on is None
    assert "Fatima" in words(browser_of(els).get("/werkplek/afdrukken/"))


def test_who_sees_the_case_by_right_has_no_banner(house):
    case, els, bram = house
    take(case, bram)
    shown = browser_of(els).get(f"/werkplek/zaak/{case.pk}/")
    assert shown.status_code == 200 and "Nu beëindigen" not in words(shown)


def test_after_the_end_the_case_is_a_wrong_address_at_once(client, house):
    case, _, bram = house
    page = f"/werkplek/zaak/{case.pk}/"
    client.post(ASK, typed(case))
    assert client.get(page).status_code == 200
    Grant.objects.filter(user=bram).update(validity=PAST)
    gone = client.get(page)
    assert (gone.status_code, gone.content) == (404, client.get("/bestaat-niet/").content)


def test_the_button_ends_it(client, house):
    case, els, bram = house
    take(case, bram)
    age(EmergencyAccess.objects.get())
    end = f"/werkplek/zaak/{case.pk}/noodtoegang/beeindigen/"
    assert browser_of(els).post(end).status_code == 404
    assert client.get(f"/werkplek/zaak/{case.pk}/").status_code == 200
    for _ in range(2):
        answer = client.post(end, follow=True)
        assert answer.status_code == 200 and "Uw noodtoegang is beëindigd." in words(answer)
    assert client.get(f"/werkplek/zaak/{case.pk}/").status_code == 404


def test_unknown_foreign_and_closed_long_ago_give_the_same_page_by_the_same_queries(client, house):
    case, els, _ = house
    elders = make_gemeente("Elders")
    foreign = make_case(actor_of(make_staff("mo", make_team(elders, "Elders"))), given_names="Verweg").case
    old = make_case(actor_of(els), given_names="Oud").case
    long_ago = actor_of(els).today - timedelta(days=366)
    Case.objects.filter(pk=old.pk).update(status="afgesloten", close_reason="x", closed_on=long_ago)
    Case.objects.filter(pk=foreign.pk).update(reference="ZD-2026-99999")
    pages, asked = [], []
    for reference in ("ZD-2026-88888", "ZD-2026-99999", old.reference):
        with CaptureQueriesContext(connection) as queries:
            answer = client.post(ASK, typed(case, reference=reference))
        assert answer.status_code == 200
        assert "Wij vinden geen zaak met dit nummer waarvoor u noodtoegang kunt krijgen" in words(answer)
        assert WHY in words(answer) and "Verweg" not in words(answer) and "Oud" not in words(answer)
        pages.append(bare(answer, reference))
        asked.append(shapes(queries))
    assert pages == [pages[0]] * 3
    assert asked == [asked[0]] * 3
    rows = LogRow.objects.filter(action="emergency").values_list("result", "case_id", "gemeente_id", "detail")
    assert list(rows) == [
        ("missed", None, case.gemeente_id, reference) for reference in ("ZD-2026-88888", "ZD-2026-99999", old.reference)
    ]


def test_above_the_number_of_the_day_a_sentence_and_a_log_row(client, house):
    case, els, bram = house
    AccessRules.objects.update(a_day=1)
    take(make_case(actor_of(els), given_names="Piet").case, bram)
    answers = [client.post(ASK, typed(case, reference=each)) for each in (case.reference, "ZD-2026-88888")]
    for answer in answers:
        assert "U kunt op één dag één keer noodtoegang krijgen. Bel uw teamleider." in words(answer)
    assert bare(answers[0], case.reference) == bare(answers[1], "ZD-2026-88888")
    assert LogRow.objects.filter(action="emergency", result="refused", user_id=bram.pk).count() == 2
    assert not Grant.objects.filter(case=case, user=bram).exists()


def test_what_is_wrong_is_told_at_the_field_and_nothing_is_given(client, house):
    _case, _, _ = house
    answer = client.post(ASK, {"reference": "Yıldız", "reason": "te kort"})
    assert answer.context["form"].errors == {
        "reference": ["Vul een zaaknummer in, bijvoorbeeld ZD-2026-00012"],
        "category": ["Kies een antwoord: Waarom hebt u noodtoegang nodig?"],
        "reason": ["Vertel iets meer: gebruik minstens 20 tekens"],
    }
    assert "te kort" in words(answer)
    assert not EmergencyAccess.objects.exists() and not LogRow.objects.filter(action="emergency").exists()


def test_who_works_for_two_gemeenten_says_which(client, house):
    case, _, bram = house
    elders = make_gemeente("Elders")
    team = make_team(elders, "Elders")
    foreign = make_case(actor_of(make_staff("mo", team)), given_names="Verweg").case
    assert foreign.reference == case.reference  # each gemeente counts for itself
    bram.memberships.get().team.gemeenten.add(elders)
    RoleAssignment.objects.create(user=bram, gemeente=elders, role_id="wijkteamlid", since="2020-01-01")
    asked = client.post(ASK, typed(case))
    assert asked.context["form"].errors == {"gemeente": ["Kies een antwoord: In welke gemeente?"]}
    assert client.post(ASK, typed(case, gemeente=elders.pk)).url == f"/werkplek/zaak/{foreign.pk}/"
    assert EmergencyAccess.objects.get().gemeente == elders


def test_it_asks_again_who_is_there(client, house):
    case, _, _ = house
    session = client.session
    session[KEY] = {**session[KEY], "proved": time.time() - 600}
    session.save()
    for answer in (client.get(ASK), client.post(ASK, typed(case))):
        assert answer.status_code in {302, 403}
    assert not EmergencyAccess.objects.exists()


def test_without_a_team_the_page_says_why(house):
    answer = browser_of(make_staff("los", gemeente=house[0].gemeente)).get(ASK)
    assert answer.status_code == 403 and "U zit in geen wijkteam." in words(answer)


@pytest.fixture
def lies(house):
    return make_staff("lies", house[0].team, roles=("teamleider",))


@pytest.fixture
def fay(house):
    return make_staff("fay", roles=("privacy",), gemeente=house[0].gemeente)


def test_the_list_tells_who_when_and_why_but_nothing_of_the_case(house, lies, fay):
    case, _, bram = house
    for user in (lies, fay):
        assert "Er is geen noodtoegang die op een oordeel wacht." in words(browser_of(user).get(REVIEWS))
    take(case, bram)
    browser_of(bram).get(f"/werkplek/zaak/{case.pk}/")
    for user in (lies, fay):
        page = words(browser_of(user).get(REVIEWS))
        assert f"Bram, zaak {case.reference}" in page and "1 keer iets geopend" in page
        assert "Te laat" not in page and "Fatima" not in page
    row = LogRow.objects.filter(action="list", user_id=fay.pk).latest("id")
    assert (row.what, row.case_ids) == ("Lijst noodtoegang", [case.pk])
    assert browser_of(fay).get(f"/werkplek/zaak/{case.pk}/").status_code == 404
    assert browser_of(bram).get(REVIEWS).status_code == 404


def test_what_waits_too_long_is_told(house, lies):
    take(house[0], house[2])
    EmergencyAccess.objects.update(review_by=actor_of(lies).today - timedelta(days=1))
    assert "Te laat" in words(browser_of(lies).get(REVIEWS))


def test_a_mark_is_given_with_words_where_they_are_needed(house, fay):
    case, _, bram = house
    take(case, bram)
    browser, access = browser_of(fay), EmergencyAccess.objects.get()
    page = f"{REVIEWS}{access.pk}/"
    shown = words(browser.get(page))
    assert WHY in shown and "Fatima" not in shown
    wrong = browser.post(page, {"verdict": "niet_terecht"})
    assert wrong.context["form"].errors == {"note": ["Leg uit waarom u dit kiest"]}
    assert "Kies een antwoord: Was de noodtoegang terecht?" in words(browser.post(page, {}))
    assert browser.post(page, {"verdict": "navragen", "note": "Ik bel Bram"}).url == REVIEWS
    assert "Eerst navragen" in words(browser.get(REVIEWS)) and "Al beoordeeld" not in words(browser.get(REVIEWS))
    assert browser.post(page, {"verdict": "terecht"}).status_code == 302
    again = browser.post(page, {"verdict": "niet_terecht", "note": "Toch niet"})
    assert "Fay heeft dit al beoordeeld: terecht." in words(again)
    assert "Al beoordeeld (1)" in words(browser.get(REVIEWS))
    access.refresh_from_db()
    assert (access.verdict, access.reviewed_by) == ("terecht", fay)


def test_another_team_another_gemeente_and_the_own_act_are_no_page(house, lies):
    case, _, bram = house
    take(case, bram)
    page = f"{REVIEWS}{EmergencyAccess.objects.get().pk}/"
    RoleAssignment.objects.create(user=bram, gemeente=case.gemeente, role_id="privacy", since="2020-01-01")
    zoe = make_staff("zoe", bram.memberships.get().team, roles=("teamleider",))
    far = make_staff("ver", roles=("privacy",), gemeente=make_gemeente("Elders"))
    codes = {user.name: browser_of(user).get(page).status_code for user in (bram, zoe, far, lies)}
    assert codes == {"Bram": 404, "Zoe": 404, "Ver": 404, "Lies": 200}
    assert browser_of(bram).post(page, {"verdict": "terecht"}).status_code == 404


@pytest.mark.parametrize("count", [1, 50])
def test_one_and_many_rows_take_the_same_queries(house, fay, django_assert_num_queries, count):
    case, _els, bram = house
    take(case, bram)
    first = EmergencyAccess.objects.get()
    for n in range(1, count):
        period = (f"2024-01-01 {n // 60:02d}:{n % 60:02d}", f"2024-01-01 {n // 60:02d}:{n % 60:02d}:30")
        facts = {"gemeente": case.gemeente, "case": case, "user": bram}
        grant = Grant.objects.create(user_kind="medewerker", kind="noodtoegang", reason=WHY, validity=period, **facts)
        names = [f.attname for f in EmergencyAccess._meta.concrete_fields if f.attname not in {"id", "grant_id"}]
        EmergencyAccess.objects.create(grant=grant, **{name: getattr(first, name) for name in names})
    browser = browser_of(fay)
    browser.get(REVIEWS)
    with django_assert_num_queries(12):  # eleven of the frame
        answer = browser.get(REVIEWS)
    assert len(answer.context["waiting"]) == count


def test_the_privacy_officer_sets_the_delay_and_the_beheerder_the_rest(house, fay):
    case, _, _ = house
    ben = make_staff("ben", roles=("beheerder",), gemeente=case.gemeente)
    page = f"{RULES}{case.gemeente_id}/"
    shown = words(browser_of(fay).get(RULES))
    assert "Voorbeeldstad 60 3 365 5 30 14 25" in shown
    assert set(browser_of(fay).get(page).context["form"].fields) == {"version", "shown_after_days", "outside_looks"}
    fields = {"version", "minutes", "a_day", "closed_days", "review_days", "lookups_an_hour"}
    assert set(browser_of(ben).get(page).context["form"].fields) == fields
    delay = {"version": 0, "shown_after_days": 0, "outside_looks": 30, "minutes": 5}
    assert browser_of(fay).post(page, delay).url == RULES
    mine = {"minutes": 45, "a_day": 2, "closed_days": 0, "review_days": 3, "lookups_an_hour": 20}
    stale = browser_of(ben).post(page, {"version": 0, **mine})
    assert stale.status_code == 409 and "Fay" in words(stale)
    browser_of(ben).post(page, {"version": 1, **mine})
    rules = AccessRules.objects.get(gemeente=case.gemeente)
    names = ("minutes", "a_day", "closed_days", "review_days", "lookups_an_hour", "shown_after_days")
    assert [getattr(rules, name) for name in names] == [45, 2, 0, 3, 20, 0]
    assert "minuten: 60 → 45" in words(browser_of(fay).get(page))
    wrong = browser_of(ben).post(page, {"version": 2, **mine, "minutes": "veel", "a_day": 0})
    assert wrong.context["form"].errors == {
        "minutes": ["Vul een heel getal in, zonder punten of letters"],
        "a_day": ["Vul een getal in vanaf 1"],
    }


def test_rules_of_another_gemeente_are_no_page(house, fay):
    elders = make_gemeente("Elders")
    assert browser_of(fay).get(f"{RULES}{elders.pk}/").status_code == 404
    assert "Elders" not in words(browser_of(fay).get(RULES))
    assert browser_of(house[1]).get(RULES).status_code == 404
