"""Somebody was first: both texts stand side by side, nothing is overwritten, and nothing that was typed is lost."""

import pytest
from django.urls import reverse

from casework.models import Hulpvraag, LeefgebiedNote, OnderzoekAnswer
from tests import factories as make
from tests.werkplek.browsing import fill, form_with

pytestmark = pytest.mark.django_db


@pytest.fixture
def team():
    return make.make_team(make.make_gemeente())


@pytest.fixture
def worker(team):
    return make.make_staff("sanne", team)


@pytest.fixture
def page(client, worker):
    client.force_login(worker)
    return client


@pytest.fixture
def case(worker):
    """A case in vraaganalyse, with one hulpvraag in onderzoek."""
    actor = make.actor_of(worker)
    case = make.make_case(actor, ("jeugd",)).case
    Hulpvraag.objects.filter(case=case).update(receipt_sent_on=actor.today)
    make.talks.hold_talk(case_id=case.pk, held=make.held_talk(actor), actor=actor)
    return make.fresh(case)


@pytest.fixture
def note(case):
    return case.leefgebied_notes.first()


@pytest.fixture
def note_url(case, note):
    return reverse("werkplek:note_edit", args=[case.pk, note.pk])


@pytest.fixture
def onderzoek_url(case):
    return reverse("werkplek:onderzoek_edit", args=[case.pk, case.hulpvragen.get().pk])


def keep_mine(client, conflict):
    """Press 'Mijn tekst toch bewaren' on the page with both texts."""
    address, values = form_with(conflict, "version")
    return client.post(address, values)


def texts(note):
    note.refresh_from_db()
    return note.relevant, note.why, note.situation, note.version


def test_both_texts_stand_side_by_side_and_the_first_one_stays(page, note, note_url):
    mine = fill(page, note_url, "why", relevant="nee", why="Mijn <b>reden</b>", situation="Mijn woorden")
    fill(page, note_url, "why", relevant="ja", why="Eerdere reden")()
    conflict = mine()

    assert conflict.status_code == 409
    assert conflict.context["fields"] == [
        ("Speelt dit mee bij de hulpvraag?", "Nee", "Ja"),
        ("Waarom wel of niet?", "Mijn <b>reden</b>", "Eerdere reden"),
        ("Hoe is het nu?", "Mijn woorden", "(leeg)"),
    ]
    assert conflict.context["who"] == "Sanne"
    text = conflict.content.decode()
    assert "Sanne heeft dit om " in text
    assert "Mijn &lt;b&gt;reden&lt;/b&gt;" in text
    assert f'<a href="{reverse("werkplek:case_analysis", args=[note.case_id])}" class="nl-button' in text
    assert texts(note) == (True, "Eerdere reden", "", 2)


def test_my_text_can_still_be_kept_after_both_were_seen(page, note, note_url):
    mine = fill(page, note_url, "why", relevant="nee", why='Zij zei: "het gaat"', situation="Regel 1\nRegel 2")
    fill(page, note_url, "why", relevant="ja", why="Eerdere reden")()
    answer = keep_mine(page, mine())

    assert answer.status_code == 302
    assert texts(note) == (False, 'Zij zei: "het gaat"', "Regel 1\nRegel 2", 3)
    assert [row.why for row in note.history.all()] == ['Zij zei: "het gaat"', "Eerdere reden", ""]


def test_keeping_mine_changes_only_what_i_changed(page, note, note_url):
    fill(page, note_url, "why", relevant="ja", why="Reden", situation="Was")()
    mine = fill(page, note_url, "why", why="Mijn reden")
    fill(page, note_url, "why", situation="Woorden van een ander")()
    conflict = mine()

    assert conflict.context["fields"] == [("Waarom wel of niet?", "Mijn reden", "Reden")]
    assert texts(note)[1:3] == ("Reden", "Woorden van een ander")
    keep_mine(page, conflict)
    assert texts(note) == (True, "Mijn reden", "Woorden van een ander", 4)


def test_the_other_text_is_kept_by_following_the_link(page, note, note_url):
    mine = fill(page, note_url, "why", relevant="nee", why="Mijn reden")
    fill(page, note_url, "why", relevant="ja", why="Eerdere reden")()
    back = mine().context["back"]
    mine()
    assert (back, texts(note)[1]) == (reverse("werkplek:case_analysis", args=[note.case_id]), "Eerdere reden")


def test_a_third_writer_in_between_is_shown_again(page, note, note_url):
    mine = fill(page, note_url, "why", relevant="nee", why="Mijn reden")
    fill(page, note_url, "why", relevant="ja", why="Eerste")()
    conflict = mine()
    fill(page, note_url, "why", why="Tweede")()
    again = keep_mine(page, conflict)

    assert again.status_code == 409
    assert again.context["fields"][1] == ("Waarom wel of niet?", "Mijn reden", "Tweede")
    assert keep_mine(page, again).status_code == 302
    assert texts(note)[1] == "Mijn reden"


def test_a_double_click_is_no_conflict(page, note, note_url):
    send = fill(page, note_url, "why", relevant="nee", why="Eén keer")
    first, second = send(), send()
    assert (first.status_code, second.status_code) == (302, 302)
    assert texts(note) == (False, "Eén keer", "", 2)


def test_an_old_page_on_which_nothing_was_changed_changes_nothing(page, note, note_url):
    fill(page, note_url, "why", relevant="ja", why="Reden")()
    old = fill(page, note_url, "why")
    fill(page, note_url, "why", why="Nieuw")()
    assert old().status_code == 302
    assert texts(note)[1] == "Nieuw"


def test_of_an_onderzoek_each_part_that_i_changed_is_shown(page, case, onderzoek_url):
    a, b, c, *_ = case.hulpvragen.get().parts()
    mine = fill(
        page, onderzoek_url, "expert_name",
        **{f"text_{a.pk}": "Mijn a", f"na_{b.pk}": "on", f"text_{b.pk}": "Past niet", "expert_name": "Karin"},
    )  # fmt: skip
    fill(page, onderzoek_url, "expert_name", **{f"text_{a.pk}": "Andere a", f"text_{c.pk}": "Andere c"})()
    conflict = mine()

    assert conflict.status_code == 409
    assert conflict.context["fields"] == [
        (a.title, "Mijn a", "Andere a"),
        (b.title, "Niet van toepassing. Past niet", "(leeg)"),
        ("Naam van de deskundige", "Karin", "(leeg)"),
    ]
    keep_mine(page, conflict)
    assert dict(OnderzoekAnswer.objects.values_list("part__key", "text")) == {
        a.key: "Mijn a", b.key: "Past niet", c.key: "Andere c",
    }  # fmt: skip
    assert Hulpvraag.objects.get().expert_name == "Karin"


def test_of_a_reaction_both_are_shown(page, case):
    hulpvraag = make.drive(case, "verslag").hulpvragen.get()
    url = reverse("werkplek:reaction", args=[case.pk, hulpvraag.pk])
    mine = fill(page, url, "reaction", reaction="aanvulling", text="Ik kan koken.", on="vandaag")
    fill(page, url, "reaction", reaction="klopt", on="vandaag")()
    conflict = mine()

    assert conflict.status_code == 409
    assert conflict.context["fields"][:2] == [
        ("Wat zegt de inwoner?", "Aanvulling of verbetering", "Het verslag klopt"),
        ("Aanvulling of verbetering", "Ik kan koken.", "(leeg)"),
    ]
    keep_mine(page, conflict)
    assert Hulpvraag.objects.get().reaction_text == "Ik kan koken."


def test_who_was_first_is_named(page, team, note, note_url, worker):
    other = make.make_staff("karim", team)
    mine = fill(page, note_url, "why", relevant="ja", why="Van Sanne")
    make.analysis.write_note(
        note_id=note.pk, version=1, relevant=True, why="Eerder", situation="", actor=make.actor_of(worker)
    )
    LeefgebiedNote.history.model.objects.filter(id=note.pk, version=2).update(history_user=other)
    assert mine().context["who"] == "Karim"
