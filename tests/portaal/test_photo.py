"""The face beside the name of who helps: seen by the inwoners whom somebody helps now, and by nobody else."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.urls import reverse
from PIL import Image

from casework.enums import GrantKind, GrantPart
from casework.services import cover, sharing
from casework.services.handover import hand_over_case
from tests import factories as make
from tests.header_rules import problems
from tests.housemates import add_housemate
from toegang.accounts.models import AbsenceReason, Photo
from toegang.accounts.services.photo import drop_photo, set_photo
from toegang.core.models import LogRow

pytestmark = pytest.mark.django_db
FRAME = 9  # as in test_portaal_views


def give_photo(user):
    found = BytesIO()
    Image.new("RGB", (400, 400), (30, 160, 30)).save(found, "JPEG")
    return set_photo(user_id=user.pk, upload=found.getvalue(), actor=make.actor_of(user))


@pytest.fixture
def worker():
    return make.make_staff("sanne", make.make_team(make.make_gemeente()))


@pytest.fixture
def case(worker, client):
    """A running case of Fatima, who is signed in."""
    found = make.drive(make.make_case(make.actor_of(worker)).case, "uitvoering")
    client.force_login(make.make_resident(found, make.actor_of(worker)))
    return found


def address(photo):
    return reverse("portaal:photo", args=[photo.pk])


def html_of(client, name="home", *args):
    answer = client.get(reverse(f"portaal:{name}", args=args))
    assert answer.status_code == 200
    return answer.content.decode()


def face(photo, name):
    return f'<img class="tg-face__image" src="{address(photo)}" alt="Foto van {name}" width="80" height="80">'


def bar(photo):
    """The small face at the top of a page, where the panel comes last; its name stands beside it."""
    return f'<img class="tg-contact__face" src="{address(photo)}" alt="" width="48" height="48">'


def test_without_a_photo_there_is_the_name_and_nothing_in_its_place(client, case):
    html = html_of(client)
    assert "Uw contactpersoon is <strong>Sanne</strong>" in html
    assert "<img" not in html.split("tg-contact")[1] and "Foto van" not in html


def test_the_face_stands_beside_the_name_on_every_page_with_the_contactpersoon(client, case, worker):
    photo = give_photo(worker)
    letter = case.letters.filter(addressee=case.person, sent_on__isnull=False).first()
    pages = [("home",), ("case", case.pk), ("looks", case.pk), ("letter", letter.pk), ("plan", case.plans.get().pk)]
    assert [html_of(client, *page).count(face(photo, "Sanne")) for page in pages] == [1] * len(pages)
    assert [html_of(client, *page).count(bar(photo)) for page in pages] == [1] * len(pages)
    answer = client.get(address(photo))
    assert (answer.content, answer.headers["Content-Type"]) == (bytes(photo.image), "image/jpeg")
    assert answer.headers["Content-Disposition"] == 'inline; filename="foto.jpg"'
    assert problems(answer.headers) == []


def test_a_photo_costs_a_page_no_query(client, case, worker, django_assert_num_queries):
    with django_assert_num_queries(FRAME + 8):
        html_of(client)
    photo = give_photo(worker)
    with django_assert_num_queries(FRAME + 8) as seen:
        assert face(photo, "Sanne") in html_of(client)
    assert not any('"image"' in query["sql"] for query in seen.captured_queries)


def test_what_was_taken_away_is_gone_from_page_and_address(client, case, worker):
    photo = give_photo(worker)
    drop_photo(user_id=worker.pk, actor=make.actor_of(worker))
    assert "tg-face__image" not in html_of(client)
    assert client.get(address(photo)).status_code == 404


def test_who_covers_has_a_face_too_as_long_as_the_cover_lasts(client, case, worker):
    milan = make.make_staff("milan", case.team)
    photos = give_photo(worker), give_photo(milan)
    assert client.get(address(photos[1])).status_code == 404
    actor = make.actor_of(worker)
    facts = {"since": actor.today, "until": actor.today + timedelta(days=5), "cover": milan}
    cover.register_absence(user=worker, actor=actor, reason=AbsenceReason.VERLOF, **facts)
    make.run_outbox()
    html = html_of(client)
    assert face(photos[0], "Sanne") in html and face(photos[1], "Milan") in html
    assert bar(photos[1]) in html and bar(photos[0]) not in html  # whom to call now
    assert client.get(address(photos[1])).status_code == 200
    make.age_grants(case)
    cover.end_absence(absence_id=worker.absences.get().pk, actor=actor)
    make.run_outbox()
    assert "Milan" not in html_of(client)
    assert client.get(address(photos[1])).status_code == 404


def test_after_a_hand_over_the_face_is_that_of_the_new_contactpersoon(client, case, worker):
    milan = make.make_staff("milan", case.team)
    old, new = give_photo(worker), give_photo(milan)
    facts = {"user": milan, "seen": worker.pk, "reason": "Andere taken"}
    hand_over_case(case_id=case.pk, actor=make.actor_of(worker), **facts)
    html = html_of(client)
    assert face(new, "Milan") in html and address(old) not in html
    assert [client.get(address(photo)).status_code for photo in (old, new)] == [404, 200]


def test_others_get_the_page_of_a_wrong_address(client, case, worker):
    """Another inwoner, a colleague who helps in the case, the worker by the door of the inwoner, and nobody."""
    photo, wrong = give_photo(worker), client.get("/bestaat-niet/").content
    els = make.make_staff("els", make.make_team(case.gemeente, "Wijkteam Zuid"))
    other = make.make_case(make.actor_of(els), given_names="Piet").case
    tweede = make.make_staff("bram", case.team)
    for user in (make.make_resident(other, make.actor_of(els)), tweede, worker):
        client.force_login(user)
        answer = client.get(address(photo))
        assert (answer.status_code, answer.content) == (404, wrong)
    client.logout()
    assert client.get(address(photo)).status_code == 302


def test_a_colleague_with_another_task_in_the_case_has_no_face_here(client, case, worker):
    bram = make.make_staff("bram", case.team)
    facts = {"user": bram, "kind": GrantKind.TWEEDE, "reason": "Helpt mee", "last_day": None}
    sharing.give_access(case_id=case.pk, actor=make.actor_of(worker), **facts)
    make.age_grants(case)
    photo = give_photo(bram)
    assert "Bram" not in html_of(client)
    assert client.get(address(photo)).status_code == 404


@pytest.mark.parametrize(("part", "code"), [(GrantPart.STAPPEN, 200), (GrantPart.PLAN, 404)])
def test_who_reads_along_sees_the_face_where_the_name_is_seen(client, case, worker, part, code):
    actor, photo = make.actor_of(worker), give_photo(worker)
    reader = add_housemate(case, "Aisha", actor).user
    facts = {"user": reader, "person": case.person, "kind": GrantKind.MEELEZER, "parts": [part], "reason": "Gevraagd"}
    sharing.give_reading(case_id=case.pk, last_day=actor.today + timedelta(days=30), actor=actor, **facts)
    make.age_grants(case)
    client.force_login(reader)
    html = html_of(client, "case", case.pk)
    assert (face(photo, "Sanne") in html, "Sanne" in html) == (code == 200, code == 200)
    assert client.get(address(photo)).status_code == code


def test_to_see_a_face_is_no_look_at_the_case_and_a_refusal_is_logged(client, case, worker):
    photo = give_photo(worker)
    before = LogRow.objects.latest("id").pk
    client.get(address(photo))
    assert not LogRow.objects.filter(pk__gt=before).exists()
    Photo.objects.all().delete()
    client.get(address(photo))
    assert LogRow.objects.get(pk__gt=before).action == "refused"
