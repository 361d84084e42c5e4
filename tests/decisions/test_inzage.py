"""An inzage pack: exactly what is the person's own, nothing of a housemate, a reporter or the safety compartment."""

import io
import json
import re
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from pypdf import PdfReader

from casework.enums import GrantKind
from casework.models import (
    Fact,
    HouseholdMember,
    Hulpvraag,
    Leefgebied,
    LeefgebiedNote,
    Melding,
    OnderzoekAnswer,
    Person,
    PrivacyRequest,
    Reason,
    Talk,
)
from casework.services import privacy
from casework.services.grants import begin_grant
from casework.services.intake import MeldingFacts, Question, register_melding
from casework.services.privacy import RequestFacts
from casework.services.safety import add_safety_record
from decisions.models import Beschikking
from decisions.selectors.gather import fingerprint, parts_of
from decisions.services import inzage
from decisions.services.inzage import PartChoice
from plans.models import Action, Goal, LadderRung, MaatwerkLine, Plan
from tests import factories as make
from tests.core.test_pdf import findings
from toegang.core import documents
from toegang.core.lifecycle import Blocked
from toegang.core.models import LetterText, LogRow, OutboxRow
from toegang.core.records import Stale

# WeasyPrint 70 leaves its colour profile to the garbage collector.
pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore:unclosed file .*sRGB2014:ResourceWarning")]
SON = {"given_names": "Kanarie", "family_name": "Zoonlief", "born": 20100303, "bsn": "111222333"}
OWN_BSN = "123456782"


def tagged(rows, field, tag):
    """Write a canary into a field of each row: the tag, the model and a number; gives the canaries."""
    given = []
    for number, row in enumerate(rows.order_by("pk")):
        word = f"{tag}-{row._meta.model_name}-{field}-{number}".replace("_", "-")
        type(row).objects.filter(pk=row.pk).update(**{field: word})
        given.append(word)
    return given


@pytest.fixture
def team():
    return make.make_team(make.make_gemeente())


@pytest.fixture
def worker(team):
    return make.make_staff("sanne", team)


@pytest.fixture
def early(worker):
    """A mother under the Wmo whose neighbour reported, and her son under the Jeugdwet, just registered."""
    actor = make.actor_of(worker)
    questions = [Question("wmo", "x"), Question("jeugd", "x", person=make.person_facts(**SON))]
    facts = MeldingFacts(
        make.person_facts(bsn=OWN_BSN, phone="0612345678"), actor.today - timedelta(days=10), "telefoon", "x",
        questions, reporter_name="VREEMD-melder", reporter_capacity="VREEMD-buurvrouw",
    )  # fmt: skip
    (gemeente_id,), (team_id,) = actor.gemeente_ids, actor.team_ids
    case = register_melding(actor=actor, gemeente_id=gemeente_id, team_id=team_id, facts=facts).case
    make.age_grants(case)
    make.run_outbox()  # a letter that is sent later changes what was looked at
    return case


@pytest.fixture
def house(early):
    """The same household, walked to running help."""
    return make.drive(early, "uitvoering")


@pytest.fixture
def words(house):
    """Canaries in every free text: what is the mother's own, and what is not or may not be."""
    her, his = (house.hulpvragen.get(law=law) for law in ("wmo", "jeugd"))
    own, foreign = [], ["VREEMD-melder", "VREEMD-buurvrouw", SON["given_names"], SON["family_name"]]
    for hulpvraag, bag, tag in ((her, own, "EIGEN"), (his, foreign, "VREEMD")):
        bag.extend(tagged(Hulpvraag.objects.filter(pk=hulpvraag.pk), "need", tag))
        bag.extend(tagged(Hulpvraag.objects.filter(pk=hulpvraag.pk), "reaction_text", tag))
        bag.extend(tagged(OnderzoekAnswer.objects.filter(hulpvraag=hulpvraag), "text", tag))
        bag.extend(tagged(MaatwerkLine.objects.filter(hulpvraag=hulpvraag), "choice_reason", tag))
        bag.extend(tagged(Beschikking.objects.filter(hulpvraag=hulpvraag), "motivation", tag))
        about = LadderRung.objects.filter(hulpvraag=hulpvraag)
        bag.extend(tagged(about.filter(rung__in=["eigen_kracht", "algemeen"]), "finding", tag))
        foreign += tagged(about.filter(rung__in=["netwerk", "gebruikelijk"]), "finding", "VREEMD")
    foreign += tagged(Melding.objects.filter(case=house), "words", "VREEMD")
    foreign += tagged(Talk.objects.filter(case=house), "summary", "VREEMD")
    foreign += tagged(Talk.objects.filter(case=house), "present", "VREEMD")
    foreign += tagged(LeefgebiedNote.objects.filter(case=house), "situation", "VREEMD")
    foreign += tagged(LeefgebiedNote.objects.filter(case=house), "why", "VREEMD")
    own += tagged(Plan.objects.filter(case=house), "own_words", "EIGEN")
    own += tagged(Goal.objects.filter(case=house), "result", "EIGEN")
    own += tagged(Action.objects.filter(case=house), "what", "EIGEN")
    goal = Goal.objects.get(case=house)
    Action.objects.create(gemeente=house.gemeente, case=house, goal=goal, by="netwerk", what="VREEMD-netwerk-Truus")
    foreign.append("VREEMD-netwerk-Truus")
    area, by = Leefgebied.objects.first(), house.contactpersoon()
    for person, text in ((house.person, "EIGEN-feit"), (his.person, "VREEMD-feit")):
        facts = {"text": text, "source": "VREEMD-bron", "gathered_on": house.opened_on, "written_by": by}
        Fact.objects.create(gemeente=house.gemeente, case=house, person=person, law="jeugd", leefgebied=area, **facts)
    own.append("EIGEN-feit")
    foreign += ["VREEMD-feit", "VREEMD-bron"]
    assert len(own) > 15 and len(foreign) > 25
    return own, foreign


def grounds():
    return list(Reason.objects.filter(kind="avg_terughouden").order_by("pk").values_list("label", flat=True))


def defaults(parts):
    """What the page proposes: the own is given, what may be about others is held back."""
    return {part.key: PartChoice(not part.hold, grounds()[0] if part.hold else "") for part in parts}


def ready(case, worker, person=None, **facts):
    """A request for inzage that waits for its review."""
    actor, person = make.actor_of(worker), person or case.person
    asked = RequestFacts(person, "inzage", actor.today, "telefoon", "EIGEN-verzoek", **facts)
    record = privacy.register_request(case_id=case.pk, facts=asked, actor=actor)
    record = privacy.take_up(
        request_id=record.pk, version=record.version, identity="Paspoort", weighing="Gezag", actor=actor
    )
    return inzage.prepare(request_id=record.pk, version=record.version, actor=actor)


def fresh(record):
    return PrivacyRequest.objects.get(pk=record.pk)


def reviewed(record, worker, choices=None):
    parts = parts_of(record.case, record.person)
    return inzage.save_review(
        request_id=record.pk, version=record.version, seen=fingerprint(parts),
        choices=defaults(parts) | (choices or {}), actor=make.actor_of(worker),
    )  # fmt: skip


def stepped(act, record, user):
    return act(request_id=record.pk, version=record.version, actor=make.actor_of(user))


def given(record, worker, choices=None):
    """The request after review, second look, release and the worker."""
    record = stepped(inzage.look_again, reviewed(record, worker, choices), worker)
    stepped(inzage.release, record, worker)
    make.run_outbox()
    return fresh(record)


def texts(record):
    """What both files say: the PDF's words without the layout, and the JSON as text and as data."""
    pages = PdfReader(io.BytesIO(documents.read(record.pdf))).pages
    pdf = re.sub(r"\s+", "", "".join(page.extract_text() for page in pages))
    raw = documents.read(record.json).decode("utf-8")
    return pdf, raw, json.loads(raw)


def test_both_files_hold_all_of_the_own_and_nothing_of_others(house, words, worker):
    own, foreign = words
    record = given(ready(house, worker), worker)
    assert (record.status, record.outcome) == ("afgehandeld", "pakket")
    pdf, raw, told = texts(record)
    assert [word for word in [*own, "EIGEN-verzoek"] if word not in pdf or word not in raw] == []
    assert [word for word in foreign if word in pdf or word in raw] == []
    for secret in (OWN_BSN, SON["bsn"]):
        assert secret not in pdf and secret not in raw
    assert "•••••6782" in pdf and "••••• 6782" in raw
    held = sum(bool(part.hold) for part in parts_of(record.case, record.person))
    assert told["teruggehouden"] == [{"grond": "Het gaat over een ander", "aantal": held}]
    assert f"{held}onderdelen:Hetgaatovereenander" in pdf


def test_the_parts_are_exactly_these(house, worker):
    """Every kind of thing of a case, how many of it, and whether it is held back by default."""
    found = {}
    for part in parts_of(house, house.person):
        given_, held = found.get(part.kind, (0, 0))
        found[part.kind] = (given_ + (not part.hold), held + bool(part.hold))
    answers = OnderzoekAnswer.objects.filter(hulpvraag__person=house.person).count()
    letters = house.letters.filter(addressee=house.person).count()
    terms = house.deadlines.filter(hulpvraag__person=house.person).count()
    assert found == {
        "persoon": (1, 0), "huisgenoot": (0, 1), "hulpvraag": (1, 0), "hulpvraag_ander": (0, 1),
        "melding": (1, 0), "melding_melder": (0, 1), "gesprek": (1, 0), "gesprek_verslag": (0, 1),
        "gesprek_aanwezig": (0, 1), "leefgebied": (0, 2), "onderzoek": (answers, 0), "verslag": (1, 0),
        "plan": (1, 0), "doel": (1, 0), "actie": (1, 0), "hulp": (1, 0), "ladder": (2, 2), "besluit": (1, 0),
        "brief": (letters, 0), "termijn": (terms, 0), "evaluatie": (1, 0), "toegang": (3, 0), "team": (1, 0),
    }  # fmt: skip
    assert min(answers, letters, terms) > 2


def test_the_son_gets_his_own_and_not_his_mothers(house, words, worker):
    own, foreign = words
    son = house.hulpvragen.get(law="jeugd").person
    record = given(ready(house, worker, son), worker)
    pdf, raw, _ = texts(record)
    his = [word for word in foreign if re.match(r"VREEMD-(hulpvraag|onderzoekanswer|maatwerkline|beschikking)", word)]
    hers = [word for word in own if re.match(r"EIGEN-(hulpvraag|onderzoekanswer|maatwerkline|beschikking|plan)", word)]
    assert len(his) > 4 and len(hers) > 4
    assert [word for word in his if word not in pdf or word not in raw] == []
    assert [word for word in [*hers, "VREEMD-melder", "Fatima", "Yıldız"] if word in pdf or word in raw] == []


def test_alone_in_the_house_the_own_texts_are_given(worker):
    case = make.drive(make.make_case(make.actor_of(worker)).case, "plan")
    kinds = {part.kind for part in parts_of(case, case.person) if part.hold}
    assert kinds == {"gesprek_aanwezig"}


def test_who_ever_lived_there_is_somebody_else(worker):
    case = make.make_case(make.actor_of(worker)).case
    gone = Person.objects.create(gemeente=case.gemeente, given_names="Ex", family_name="VREEMD", born=19700101)
    today = make.actor_of(worker).today
    HouseholdMember.objects.create(
        gemeente=case.gemeente, household=case.household, person=gone, since="2020-01-01", until=today
    )
    assert {part.kind for part in parts_of(case, case.person) if part.hold} == {"huisgenoot"}


def test_nothing_tells_of_the_safety_compartment(early, worker):
    """Not what stands in it, also of the own person, nor a grant of that kind or of an aandachtsfunctionaris."""
    facts = {"law": "wmo", "text": "schaduw-feit", "source": "schaduw-bron", "actor": make.actor_of(worker)}
    for hulpvraag in early.hulpvragen.all():
        add_safety_record(case_id=early.pk, person_id=hulpvraag.person_id, **facts)
    attentive = make.make_staff("schaduw-aandacht", roles=("aandacht",), gemeente=early.gemeente)
    second = make.make_staff("schaduw-tweede", roles=("wijkteamlid",), gemeente=early.gemeente)
    for user, kind in ((attentive, GrantKind.CONSULT), (second, GrantKind.VEILIGHEID)):
        begin_grant(case=early, user=user, kind=kind, reason="schaduw-reden", by=make.actor_of(worker))
    said = str(parts_of(early, early.person))
    assert "schaduw" not in said.lower() and "veiligheid" not in said.lower()
    assert "Sanne" in said


def test_a_part_about_others_is_given_only_when_a_colleague_looked(house, words, worker, team):
    record = ready(house, worker)
    held = next(part for part in parts_of(house, house.person) if part.kind == "gesprek_verslag")
    record = reviewed(record, worker, {held.key: PartChoice(given=True)})
    record = stepped(inzage.look_again, record, worker)
    with pytest.raises(Blocked, match="Laat een collega de keuzes nakijken"):
        stepped(inzage.release, record, worker)
    leader = make.make_staff("lies", team, roles=("teamleider",))
    record = stepped(inzage.look_again, record, leader)
    with pytest.raises(PermissionDenied):
        stepped(inzage.release, record, leader)
    stepped(inzage.release, record, worker)
    make.run_outbox()
    pdf, raw, _ = texts(fresh(record))
    canary = held.fields[0].words
    assert canary in pdf and canary in raw
    assert sum(word in raw for word in words[1]) == 1
    looks = LogRow.objects.filter(what="Keuzes nagekeken").order_by("id").values_list("user_name", flat=True)
    assert list(looks) == ["Sanne", "Lies"]


def test_without_a_review_or_a_second_look_nothing_is_made(early, worker):
    record = ready(early, worker)
    with pytest.raises(Blocked, match="Kies eerst per onderdeel"):
        stepped(inzage.look_again, record, worker)
    record = reviewed(record, worker)
    with pytest.raises(Blocked, match="Laat de keuzes nog een keer nakijken"):
        stepped(inzage.release, record, worker)
    assert not OutboxRow.objects.filter(kind="make_inzage").exists()


def test_a_new_choice_needs_a_new_look(early, worker):
    record = stepped(inzage.look_again, reviewed(ready(early, worker), worker), worker)
    record = reviewed(fresh(record), worker)
    with pytest.raises(Blocked, match="nog een keer"):
        stepped(inzage.release, record, worker)


def test_holding_back_asks_a_ground(early, worker):
    record = ready(early, worker)
    part = parts_of(early, early.person)[0]
    with pytest.raises(Blocked, match="waarom u dit terughoudt"):
        reviewed(record, worker, {part.key: PartChoice(given=False, ground="zomaar")})
    assert fresh(record).review == {}


@pytest.mark.parametrize("moment", ["review", "look", "release", "worker"])
def test_what_changed_after_it_was_shown_is_never_given(early, worker, moment):
    """Whatever step comes next: the changed words were not looked at, so they go nowhere."""

    def change():
        Hulpvraag.objects.filter(case=early, law="wmo").update(need="NIEUW en niet nagekeken")

    record = ready(early, worker)
    if moment == "review":
        seen = fingerprint(parts_of(early, early.person))
        change()
        with pytest.raises(Blocked, match="intussen iets veranderd"):
            inzage.save_review(
                request_id=record.pk, version=record.version, seen=seen, choices={}, actor=make.actor_of(worker)
            )
        return
    record = reviewed(record, worker)
    if moment == "look":
        change()
        with pytest.raises(Blocked, match="intussen iets veranderd"):
            stepped(inzage.look_again, record, worker)
        return
    record = stepped(inzage.look_again, record, worker)
    if moment == "release":
        change()
        with pytest.raises(Blocked, match="intussen iets veranderd"):
            stepped(inzage.release, record, worker)
        return
    stepped(inzage.release, record, worker)
    change()
    make.run_outbox()
    record = fresh(record)
    assert (record.status, record.pdf, record.looked_on) == ("controle", None, None)


def test_the_work_twice_gives_one_pack(early, worker):
    record = given(ready(early, worker), worker)
    OutboxRow.objects.filter(kind="make_inzage").update(state="open", attempts=0)
    make.run_outbox()
    assert fresh(record).pdf_id == record.pdf_id
    assert early.letters.filter(kind="avg_antwoord").count() == 1


def test_release_twice_is_once(early, worker):
    record = stepped(inzage.look_again, reviewed(ready(early, worker), worker), worker)
    stepped(inzage.release, record, worker)
    with pytest.raises(Stale):
        stepped(inzage.release, record, worker)
    assert OutboxRow.objects.filter(kind="make_inzage").count() == 1


def test_a_missing_text_leaves_the_request_as_it_was(early, worker):
    record = stepped(inzage.look_again, reviewed(ready(early, worker), worker), worker)
    stepped(inzage.release, record, worker)
    LetterText.objects.filter(kind="inzage").delete()
    with pytest.raises(AssertionError, match="LetterError"):
        make.run_outbox()
    assert (fresh(record).status, fresh(record).pdf) == ("wordt_gemaakt", None)


def test_the_files_are_there_for_sixty_days_and_a_letter_says_so(early, worker):
    record = given(ready(early, worker), worker)
    assert record.available_until >= make.actor_of(worker).today + timedelta(days=60)
    assert record.answer is not None and record.answer.sent_on == make.actor_of(worker).today


def test_the_pdf_is_both_standards_and_the_json_has_its_keys(house, worker, tmp_path):
    record = given(ready(house, worker), worker)
    assert findings(documents.read(record.pdf), tmp_path) == []
    _, _, told = texts(record)
    assert list(told) == [
        *("formaat", "versie", "gemeente", "zaak", "verzoek_ontvangen_op", "gemaakt_op", "onderdelen"),
        "teruggehouden",
    ]
    assert (told["formaat"], told["versie"], told["zaak"]) == ("toegang-inzage", 1, house.reference)
    assert {tuple(part) for part in told["onderdelen"]} == {("groep", "soort", "titel", "van", "wet", "gegevens")}
    days = [v for part in told["onderdelen"] for k, v in part["gegevens"].items() if k.endswith("_op")]
    assert days and all(re.fullmatch(r"\d{4}-\d\d-\d\d", day) for day in days)
