"""Dividing cases: the caseload as a weighted number, given, taken or given back; the inwoner hears the name once."""

from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from casework.models import Assignment, Case, CaseloadWeight, Grant, Letter, Person
from casework.selectors.caseload import caseloads_of, cases_to_divide, members_with_load, open_assignments
from casework.services.distribution import accept_case, give_back_case
from casework.services.handover import FIRST, FIRST_LETTER, LETTER, hand_over_case
from tests.factories import actor_of, age_grants, drive, make_case, make_gemeente, make_staff, make_team, run_outbox
from tests.werkplek.browsing import browser_of, words
from toegang.accounts.models import Absence, User
from toegang.core.lifecycle import Blocked

pytestmark = pytest.mark.django_db
DIVIDE = "/werkplek/team/verdelen/"


@pytest.fixture
def house():
    """A teamleider, two colleagues, and a case that nobody has."""
    gemeente = make_gemeente()
    team = make_team(gemeente)
    lies = make_staff("lies", team, roles=("teamleider",))
    anna, bram = make_staff("anna", team), make_staff("bram", team)
    case = make_case(actor_of(lies), become_contactpersoon=False).case
    return case, actor_of(lies), actor_of(anna), actor_of(bram)


def give(case, to, by):
    user = User.objects.get(pk=to.user_id)
    return hand_over_case(case_id=case.pk, user=user, seen=None, reason="Verdeeld", actor=by)


def load_of(actor):
    return caseloads_of([actor.user], actor.today)[actor.user_id]


def first_letters(case):
    return list(Letter.objects.filter(case=case, kind=FIRST_LETTER).values_list("subject", flat=True))


def test_the_weights_are_dated_rows_and_each_line_is_told(house):
    case, _, anna, bram = house
    give(case, anna, anna)
    assert (load_of(anna).points, load_of(anna).text, load_of(anna).cases) == (Decimal("1.5"), "1,5", 1)
    running = drive(make_case(anna, given_names="Piet").case, "uitvoering")
    Case.objects.filter(pk=case.pk).update(urgent=True, has_safety=True)
    Person.objects.filter(pk=case.person_id).update(interpreter="tolk")
    load = load_of(anna)
    assert running.status == "uitvoering" and load.points == Decimal("1.5") + 1 + Decimal("0.5") + Decimal(
        "0.25"
    ) + Decimal("0.5")
    assert "1 × zaak waarin hulp loopt (0,5)" in load.lines and "1 × spoed (1)" in load.lines
    assert load_of(bram).points == 0 and load_of(bram).lines == []
    CaseloadWeight.objects.filter(key="loopt").update(valid_until=anna.today.replace(year=2020))
    assert load_of(anna).points == Decimal("3.25")  # the row of another day no longer counts


def test_a_second_question_weighs_and_an_ended_one_does_not(house):
    case, lies, anna, _ = house
    give(case, anna, anna)
    make_case(anna, laws=("jeugd",))  # the same inwoner: the same case
    assert load_of(anna).counts["vraag"] == 1
    case.hulpvragen.update(status="beeindigd", ended_on=lies.today)
    assert load_of(anna).counts["vraag"] == 0


def test_a_shielded_case_counts_without_being_seen(house):
    case, _, anna, bram = house
    give(case, anna, anna)
    Case.objects.filter(pk=case.pk).update(shielded=True)
    assert not Case.objects.visible_to(bram).exists()
    assert caseloads_of([anna.user], bram.today)[anna.user_id].cases == 1


def test_who_takes_a_case_tells_the_inwoner_and_who_is_given_one_answers_first(house):
    case, lies, anna, _ = house
    run_outbox()  # the confirmation of receipt went without a name
    give(case, anna, lies)
    assert first_letters(case) == [] and open_assignments(anna).get().case == case
    accept_case(case_id=case.pk, actor=anna)
    assert first_letters(case) == [FIRST] and not open_assignments(anna).exists()
    run_outbox()
    letter = Letter.objects.get(kind=FIRST_LETTER)
    assert letter.document_id
    with pytest.raises(Blocked):
        accept_case(case_id=case.pk, actor=anna)
    assert first_letters(case) == [FIRST]


def test_no_second_letter_when_the_receipt_can_still_tell_the_name(house):
    case, _, anna, _ = house
    give(case, anna, anna)
    assert first_letters(case) == []


def test_given_back_it_waits_again_with_the_reason(house):
    case, lies, anna, bram = house
    give(case, anna, lies)
    with pytest.raises(Blocked):
        give_back_case(case_id=case.pk, reason="x", actor=bram)
    age_grants(case)
    give_back_case(case_id=case.pk, reason="Ik ken dit gezin", actor=anna)
    assert case.contactpersoon() is None
    (waiting,) = cases_to_divide(lies, limit=10)
    assert [(row.user.name, row.reason) for row in waiting.given_back] == [("Anna", "Ik ken dit gezin")]
    assert first_letters(case) == []
    give(case, bram, lies)
    with transaction.atomic(), pytest.raises(IntegrityError):
        Assignment.objects.create(gemeente=case.gemeente, case=case, user=anna.user, by=lies.user, on=lies.today)


def test_a_hand_over_ends_what_was_asked(house):
    case, lies, anna, bram = house
    give(case, anna, lies)
    bram_user, anna_user = User.objects.get(pk=bram.user_id), anna.user_id
    hand_over_case(case_id=case.pk, user=bram_user, seen=anna_user, reason="Druk", actor=lies)
    found = Assignment.objects.get(user=anna.user_id)
    assert (found.accepted, found.reason) == (False, "Overgedragen aan Bram")
    assert not open_assignments(anna).exists() and open_assignments(bram).get().case == case
    assert not Letter.objects.filter(kind=LETTER).exists()  # who never had one, gets no other


def test_a_shielded_case_is_not_given_back(house):
    case, lies, anna, _ = house
    give(case, anna, lies)
    Case.objects.filter(pk=case.pk).update(shielded=True)
    with pytest.raises(Blocked):
        give_back_case(case_id=case.pk, reason="Te druk", actor=anna)
    assert Grant.objects.filter(case=case, kind="contactpersoon", validity__upper_inf=True).exists()


def test_a_receipt_that_is_made_and_not_yet_sent_is_made_again_with_the_name(house):
    case, _, anna, _ = house
    Person.objects.update(letter_channel="papier")
    case.letters.update(channel="papier")
    run_outbox()
    receipt = case.letters.get(kind="ontvangstbevestiging")
    assert receipt.document_id and receipt.sent_on is None
    give(case, anna, anna)
    receipt.refresh_from_db()
    assert receipt.document_id is None and first_letters(case) == []  # it is on its way again, with the name


def test_who_is_away_stands_last_and_urgent_first(house):
    case, lies, anna, bram = house
    Absence.objects.create(user=anna.user, registered_by=anna.user, since=lies.today, until=lies.today, reason="ziek")
    assert [member.user.name for member in members_with_load([anna.user, bram.user], lies.today)] == ["Bram", "Anna"]
    late = make_case(lies, become_contactpersoon=False, given_names="Piet", family_name="Spoed").case
    Case.objects.filter(pk=late.pk).update(urgent=True)
    assert [found.pk for found in cases_to_divide(lies, limit=10)] == [late.pk, case.pk]


def test_the_page_divides_and_the_colleague_answers(house):
    case, lies, anna, bram = house
    lead, colleague = browser_of(lies.user), browser_of(anna.user)
    page = words(lead.get(DIVIDE))
    days = (lies.today - case.opened_on).days
    assert "Fatima" in page and f"wacht {days} dagen" in page and "Anna (0)" in page
    field = f"case_{case.pk.hex}"
    empty = lead.post(DIVIDE, {field: ""})
    assert "Kies bij ten minste één zaak" in words(empty)
    assert "Fout: " in lead.post(DIVIDE, {field: "999999"}).content.decode()
    done = lead.post(DIVIDE, {field: anna.user_id}, follow=True)
    assert f"Toegewezen: {case.reference} aan Anna." in words(done) and "Alle meldingen zijn verdeeld" in words(done)
    assert "Aan u toegewezen (1)" in words(colleague.get("/werkplek/"))
    age_grants(case)
    url = f"/werkplek/zaak/{case.pk}/teruggeven/"
    assert browser_of(bram.user).post(url, {"reason": "x"}).status_code == 403
    assert "Fout: " in colleague.post(url, {"reason": ""}).content.decode()
    assert colleague.post(url, {"reason": "Te druk"}).url == "/werkplek/"
    assert "Teruggegeven door Anna: Te druk" in words(lead.get(DIVIDE))
    lead.post(DIVIDE, {field: anna.user_id})
    age_grants(case)
    taken = colleague.post(f"/werkplek/zaak/{case.pk}/aannemen/", follow=True)
    assert "U hebt de zaak aangenomen" in words(taken)
    assert "Aan u toegewezen" not in words(colleague.get("/werkplek/"))


def test_two_who_divide_at_once_give_a_case_once(house):
    case, lies, anna, bram = house
    give(case, anna, lies)
    with pytest.raises(Blocked):
        give(case, bram, lies)
    assert Grant.objects.valid_now().filter(case=case, kind="contactpersoon").count() == 1


def test_nobody_of_another_team_divides(house):
    case, _, anna, _ = house
    stranger = actor_of(make_staff("vera", make_team(case.gemeente, "Wijkteam Zuid")))
    with pytest.raises(PermissionDenied):
        give(case, anna, stranger)
    assert case.reference not in words(browser_of(stranger.user).get(DIVIDE))


def test_the_page_takes_the_same_queries_for_one_and_for_many(house):
    _, lies, anna, bram = house

    def asked():
        with CaptureQueriesContext(connection) as queries:
            cases = cases_to_divide(lies, limit=100)
            seen = [(row.person.name, list(row.hulpvragen.all()), row.given_back) for row in cases]
            loads = members_with_load([anna.user, bram.user], lies.today)
        return len(queries), len(seen), len(loads)

    one = asked()
    for number in range(8):
        make_case(lies, become_contactpersoon=False, given_names=f"Wacht{number}", family_name=f"N{number}")
    give(make_case(lies, become_contactpersoon=False, given_names="Van Anna").case, anna, anna)
    many = asked()
    assert one[0] == many[0] and (one[1], many[1]) == (1, 9), (one, many)
