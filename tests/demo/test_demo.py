"""The invented gemeente: every state of the journey, every login, letters really made, nothing made twice."""

import io
from datetime import date

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from stdnum.nl import bsn as elfproef

from casework.enums import CaseStatus
from casework.models import Case, Hulpvraag, Letter, Person
from decisions.models import Beschikking, Contribution, UrgentDecision
from plans.models import Evaluatie, Plan
from toegang.accounts.models import Photo, RoleAssignment, User
from toegang.clock.tasks import tick
from toegang.core import documents
from toegang.core.access import actor_for
from toegang.core.models import OutboxRow
from toegang.demo import stories
from toegang.demo.data import MANDATES, STAFF, assume_tariff
from toegang.demo.faces import FACES
from toegang.demo.people import PEOPLE
from toegang.demo.persons import in_test_range
from toegang.demo.stories import UnfinishedWorkError, make_demo
from toegang.demo.walk import outbox_in_process

PASSWORD = "een-wachtwoord-voor-de-demo"
SMALL = {"joke", "henk"}

pytestmark = pytest.mark.django_db(transaction=True)


def of(key):
    """The invented person with this key."""
    bsn = next(invented.bsn for invented in PEOPLE if invented.key == key)
    return Person.objects.with_bsn(bsn).get()


def case_of(key):
    return Case.objects.get(person=of(key))


def call_demo(*options):
    out = io.StringIO()
    call_command("demo", *options, stdout=out)
    return out.getvalue()


def visible(username):
    return set(Case.objects.visible_to(actor_for(User.objects.get(username=username), "test")))


def test_the_whole_demo_has_every_state_and_its_special_cases():
    made = make_demo(password=PASSWORD)
    assert (
        (made.cases, made.people) == (19, len(PEOPLE)) == (Case.objects.count(), Person.objects.count() - 1)
    )  # a double
    assert set(Case.objects.values_list("status", flat=True)) == set(CaseStatus.values)
    assert set(Hulpvraag.objects.values_list("status", flat=True)) == {
        "gemeld", "verwezen", "onderzoek", "verslag", "aanvraag", "loopt", "zonder_besluit",
    }  # fmt: skip
    assert set(Plan.objects.values_list("status", flat=True)) == {"concept", "gedeeld", "akkoord"}
    _letters_are_real()
    _faces_are_kept()
    _special_cases()
    _clock_reminds_of_one_evaluation()
    _teams_see_their_own()
    Photo.objects.filter(user__username="collega").delete()
    assert make_demo(password=PASSWORD).cases == 0
    assert Photo.objects.count() == len(FACES) - 1  # what was taken away stays away


def _faces_are_kept():
    found = {photo.user.username: bytes(photo.image[:3]) for photo in Photo.objects.select_related("user")}
    assert found == dict.fromkeys(FACES, b"\xff\xd8\xff")


def _letters_are_real():
    assert not OutboxRow.objects.exclude(state="done").exists()
    assert not Letter.objects.filter(document=None).exists()
    for letter in Letter.objects.select_related("document"):
        assert documents.read(letter.document).startswith(b"%PDF")
    on_the_print_list = Letter.objects.filter(sent_on=None).values_list("kind", "channel", "case__person__given_names")
    assert set(on_the_print_list) == {
        ("ontvangstbevestiging", "papier", "Elisabeth"),
        ("ontvangstbevestiging", "papier", "Hendrik"),
        ("uitnodiging", "papier", "Margaretha"),
        ("beschikking", "papier", "Gerrit"),
    }


def _special_cases():
    family = {h.law: h.status for h in case_of("linda").hulpvragen.all()}
    assert (case_of("linda").status, family) == ("uitvoering", {"wmo": "loopt", "jeugd": "onderzoek"})
    assert case_of("iris").hulpvragen.get().status == "verwezen"
    assert Beschikking.objects.get(case=case_of("maria")).status == "ter_toetsing"
    sent_back = Beschikking.objects.get(case=case_of("ronald"))
    assert sent_back.status == "concept" and "formulierenbrigade" in sent_back.remarks
    assert Beschikking.objects.get(case=case_of("gerrit")).status == "in_verzending"
    numbers = [
        set(m.objects.exclude(number="").values_list("number", flat=True)) for m in (Beschikking, UrgentDecision)
    ]
    year = actor_for(None, "test").today.year
    assert set.union(*numbers) == {f"B-{year}-{n:05d}" for n in (1, 2, 3, 4)}  # one series, without a gap
    assert case_of("henk").contactpersoon() is None
    assert Case.objects.filter(team__name="Wijkteam Zuid").get() == case_of("sofia")
    assert set(case_of("chantal").talks.values_list("outcome", flat=True)) == {"niet_verschenen", "gepland"}


def _clock_reminds_of_one_evaluation():
    today = actor_for(None, "test").today
    due = Evaluatie.objects.filter(due_on__lte=today, status="gepland")
    assert [evaluatie.case for evaluatie in due] == [case_of("riet")]
    with outbox_in_process():
        tick()
    assert case_of("riet").evaluaties.get().status == "gevraagd"


def _teams_see_their_own():
    """The toetser sees the cases that wait for a test; who works on no case sees none."""
    north, south = set(Case.objects.filter(team__name="Wijkteam Noord")), {case_of("sofia")}
    seen = {staff.username: visible(staff.username) for staff in STAFF}
    assert seen == {
        "contactpersoon": north,
        "collega": north,
        "teamleider": north,
        "buurteam": south,
        "toetser": {case_of("maria"), case_of("cor")},
        **{key: set() for key in ("klantcontact", "aandacht", "privacy", "manager", "beheerder")},
    }


def test_invented_people_can_be_told_from_real_ones():
    assert all(in_test_range(p.bsn) and elfproef.is_valid(p.bsn) for p in PEOPLE)
    assert len({p.bsn for p in PEOPLE}) == len(PEOPLE)
    make_demo(password=PASSWORD, only=set())
    assert of("mehmet").birth.as_int() == 19530000 and not of("mehmet").birth.is_complete
    assert of("chantal").address_lines() == ["Adres afgeschermd"]
    assert of("jan").deceased == 20231118
    family = of("linda").households.get().people.all()
    assert set(family) == {of(key) for key in ("linda", "dennis", "finn", "lotte")}
    assert set(Person.objects.values_list("letter_channel", flat=True)) == {"digitaal", "papier"}


def test_every_login_works_with_the_password_of_the_last_run():
    make_demo(password=PASSWORD, only=set())
    make_demo(password="een-nieuw-wachtwoord", only=set())
    for staff in STAFF:
        assert not Client().login(username=staff.username, password=PASSWORD)
        assert Client().login(username=staff.username, password="een-nieuw-wachtwoord")
        user = User.objects.get(username=staff.username)
        assert actor_for(user, "test").roles == {staff.role, *MANDATES.get(staff.username, ())}
        assert actor_for(user, "test").gemeente_ids


def test_a_second_run_keeps_the_password_and_so_the_sessions():
    make_demo(password=PASSWORD, only=set())
    before = User.objects.get(username="manager").password
    make_demo(password=PASSWORD, only=set())
    assert User.objects.get(username="manager").password == before


def test_a_demo_of_an_earlier_version_gets_what_came_later_and_gives_nothing_back():
    make_demo(password=PASSWORD, only=set())
    RoleAssignment.objects.filter(role="spoed").delete()
    RoleAssignment.objects.filter(role="manager").update(until=date(2026, 11, 1))
    made = make_demo(password=PASSWORD, only={"cor"})
    assert made.cases == UrgentDecision.objects.count() == 1
    assert actor_for(User.objects.get(username="manager"), "test").roles == set()


def test_command_makes_the_demo_once_and_says_so(monkeypatch):
    monkeypatch.setenv("DEMO_PASSWORD", PASSWORD)
    monkeypatch.setattr(stories, "STORIES", tuple(s for s in stories.STORIES if s.person in SMALL))
    assert call_demo("--if-empty") == f"Demogegevens gemaakt: 3 zaken, {len(PEOPLE)} personen.\n"
    assert call_demo("--if-empty") == ""
    assert call_demo().startswith("De demogegevens waren er al: er is niets toegevoegd.")
    assert Case.objects.count() == 3


def test_command_asks_for_the_password(monkeypatch):
    monkeypatch.delenv("DEMO_PASSWORD", raising=False)
    with pytest.raises(CommandError, match="DEMO_PASSWORD"):
        call_demo("--if-empty")


def test_an_interrupted_run_is_completed():
    make_demo(password=PASSWORD, only={"joke"})
    assert make_demo(password=PASSWORD, only=SMALL).cases == 1
    assert {case.person for case in Case.objects.all()} == {of("joke"), of("henk")}


def test_a_letter_that_fails_is_told(settings):
    settings.FILES_FOLDER = "/dev/null/files"
    with pytest.raises(UnfinishedWorkError, match="make_letter"):
        make_demo(password=PASSWORD, only={"joke"})


def test_resident_signs_in_without_digid():
    make_demo(password=PASSWORD, only={"joke"})
    client, url = Client(), reverse("demo:resident_choice")
    page = client.get(url).content.decode()
    assert "in de plaats van DigiD" in page
    assert "Johanna Maria Dijkhuizen, geboren 12 maart 1945, BSN ••••• 0006" in page
    assert of("joke").bsn not in page and "Postmus" not in page
    response = client.post(url, {"person": of("joke").pk})
    assert (response.status_code, response.url) == (302, reverse("portaal:home"))
    assert client.session["_auth_user_id"] == str(of("joke").user.pk)
    assert set(Case.objects.visible_to(actor_for(of("joke").user, "portaal"))) == {case_of("joke")}


@pytest.mark.parametrize("key", ["", "geen-nummer", "jan", "henk"])
def test_nobody_else_signs_in(key):
    """Neither the deceased, nor somebody without a hulpvraag, nor a made-up number."""
    make_demo(password=PASSWORD, only={"joke"})
    chosen = of(key).pk if key in {"jan", "henk"} else key
    client = Client()
    response = client.post(reverse("demo:resident_choice"), {"person": chosen})
    assert response.status_code == 200 and "Kies een persoon" in response.content.decode()
    assert "_auth_user_id" not in client.session


def test_page_without_residents_says_so():
    assert "Er zijn nog geen inwoners" in Client().get(reverse("demo:resident_choice")).content.decode()


@pytest.mark.django_db
def test_the_demo_goes_on_in_a_year_without_a_tariff():
    last = Contribution.objects.latest("valid_from")
    for year in (last.valid_from.year, 2031):
        assume_tariff(date(year, 1, 1))
        assume_tariff(date(year, 12, 31))
        found = Contribution.objects.valid_on(date(year, 6, 1)).get()
        assert found.amount_cents == last.amount_cents
    assert Contribution.objects.latest("valid_from").source == "Aangenomen in de demo."
