"""Teams, ketenpartners, wijken and the words of roles: names are unique, what belongs to others stays."""

import pytest
from django.core.management import call_command
from django.db import transaction

from tests.factories import actor_of, make_beheerder, make_gemeente
from toegang.accounts.history import team_history, words_history
from toegang.accounts.models import Ketenpartner, Organisatie, Role, Team, Wijk
from toegang.accounts.services import teams
from toegang.accounts.services.people import last_change
from toegang.core.lifecycle import Blocked
from toegang.core.models import LogRow
from toegang.core.records import Stale

pytestmark = pytest.mark.django_db


@pytest.fixture
def gemeente():
    return make_gemeente()


@pytest.fixture
def actor(gemeente):
    return actor_of(make_beheerder("bea", gemeente))


def refused(call, **facts):
    with pytest.raises(Blocked) as stopped, transaction.atomic():
        call(**facts)
    return str(stopped.value)


def test_a_team_is_made_once(gemeente, actor):
    team = teams.add_team(name="Wijkteam Oost", gemeenten=[gemeente], cover="genoemd", actor=actor)
    assert (team.organisatie, list(team.gemeenten.all())) == (gemeente.organisatie, [gemeente])
    again = {"name": "wijkteam oost", "gemeenten": [gemeente], "cover": "genoemd", "actor": actor}
    assert refused(teams.add_team, **again) == "De naam ‘wijkteam oost’ is er al. Kies een andere naam."
    assert Team.objects.count() == 1


def test_a_team_is_of_one_organisation(gemeente, actor):
    foreign = make_gemeente("Elders")
    foreign.organisatie = Organisatie.objects.create(name="Andere organisatie")
    foreign.save()
    facts = {"name": "Samen", "gemeenten": [gemeente, foreign], "cover": "genoemd", "actor": actor}
    assert refused(teams.add_team, **facts) == teams.ONE_ORGANISATION
    team = teams.add_team(name="Samen", gemeenten=[gemeente], cover="genoemd", actor=actor)
    change = {**facts, "team": team, "version": last_change(team)}
    assert refused(teams.change_team, **change) == teams.ONE_ORGANISATION


def test_a_team_changes_and_history_tells_it(gemeente, actor):
    second, foreign = make_gemeente("Tweede"), make_gemeente("Elders")
    actor = actor_of(make_beheerder("ben", gemeente, second))
    team = teams.add_team(name="Oost", gemeenten=[gemeente], cover="genoemd", actor=actor)
    team.gemeenten.add(foreign)
    version = last_change(team)
    teams.change_team(team=team, name="West", gemeenten=[second], cover="teamleiders", version=version, actor=actor)
    assert set(team.gemeenten.all()) == {second, foreign}  # what another beheerder looks after stays
    with pytest.raises(Stale):
        teams.change_team(team=team, name="Zuid", gemeenten=[second], cover="teamleiders", version=version, actor=actor)
    told = [(entry.title, entry.by, entry.detail) for entry in team_history(team)]
    assert told[-1][0] == "Team gemaakt" and ("Team gewijzigd", "Ben", "naam: Oost → West") in told
    assert told[0] == ("Team gewijzigd", "Ben", "gemeenten: Elders → Elders, Tweede")


def test_a_ketenpartner_is_made_and_changed(gemeente, actor):
    facts = {"name": "De Regenboog", "sort": "school", "actor": actor}
    partner = teams.add_partner(organisatie=gemeente.organisatie, **facts)
    assert "is er al" in refused(teams.add_partner, organisatie=gemeente.organisatie, **facts)
    change = {"partner": partner, "name": "De Brug", "sort": "welzijn", "actor": actor}
    teams.change_partner(version=last_change(partner), **change)
    partner.refresh_from_db()
    assert (partner.name, partner.sort, Ketenpartner.objects.count()) == ("De Brug", "welzijn", 1)
    told = words_history(partner, "Ketenpartner gemaakt")
    assert [entry.title for entry in told] == ["Gegevens gewijzigd", "Ketenpartner gemaakt"]
    assert told[0].detail == "naam: De Regenboog → De Brug. soort: school → welzijn"


def test_the_words_of_a_role_change_and_stay(actor):
    role = Role.objects.get(pk="toetser")
    facts = {"role": role, "version": last_change(role), "actor": actor}
    assert "is er al" in refused(teams.change_role, name="Teamleider", description="", **facts)
    teams.change_role(name="kwaliteitstoetser", description="Vier ogen.", **facts)
    call_command("load_reference", verbosity=0)
    role.refresh_from_db()
    assert (role.pk, role.name, role.description) == ("toetser", "kwaliteitstoetser", "Vier ogen.")


def test_a_wijk_is_added_and_renamed(gemeente, actor):
    other = make_gemeente("Elders")
    wijk = teams.add_wijk(gemeente=gemeente, name="Centrum", actor=actor)
    teams.add_wijk(gemeente=other, name="Centrum", actor=actor)
    assert "is er al" in refused(teams.add_wijk, gemeente=gemeente, name="centrum", actor=actor)
    teams.rename_wijk(wijk=wijk, name="Binnenstad", actor=actor)
    assert list(Wijk.objects.filter(gemeente=gemeente).values_list("name", flat=True)) == ["Binnenstad"]
    log = LogRow.objects.latest("id")
    assert (log.what, log.gemeente_id) == ("Wijk heette Centrum, heet nu Binnenstad", gemeente.pk)
