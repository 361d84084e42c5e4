"""The frame around every view: transaction, actor, policy, view, render, look, commit; closed by default."""

import uuid
from contextlib import contextmanager

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.template import engines
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.test import Client
from django.urls import include, path

from casework.models import Case
from tests.factories import LONG_AGO, actor_of, make_case, make_gemeente, make_resident, make_staff, make_team
from toegang.accounts.models import RoleAssignment, system_user
from toegang.core.access import acting_as, manager, origin_of, professional, public, resident
from toegang.core.lifecycle import carry_out, lock
from toegang.core.models import Counter, LogRow

SECRET = "Fatima Yıldız"
WHO = "SELECT current_setting('toegang.user_id', true), current_setting('toegang.purpose', true)"
pytestmark = pytest.mark.urls(__name__)


def ask(sql):
    """One row."""
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchone()


def forgotten(_):
    """A view without a policy."""
    return HttpResponse(SECRET)


@professional
def show_case(request, pk):
    """A page of a case."""
    case = get_object_or_404(Case.objects.visible_to(request.actor), pk=pk)
    request.actor.looked_at("Zaak bekeken", case)
    return HttpResponse(str(case.person))


@professional
def close_case(request, pk):
    """A step on a case."""
    case = get_object_or_404(Case.objects.visible_to(request.actor), pk=pk)
    case = lock(Case, case.pk)
    carry_out(case, "close", by=request.actor, on=request.actor.today)
    return HttpResponse(str(case))


@professional
def write_and_refuse(request, refusal):
    """Write, look, and then refuse."""
    Counter.objects.create(gemeente_id=1, series="test", year=2026)
    request.actor.looked_at("Iets bekeken")
    raise {"403": PermissionDenied("Dat mag u niet, omdat het een proef is."), "kaal": PermissionDenied()}[refusal]


@professional
def lazy(request):
    """A page that is rendered after the view has returned; its facts are asked while it is rendered."""
    template = engines["django"].from_string("{{ who }} {{ write }} {{ look }}")
    facts = {
        "who": lambda: f"{ask(WHO)} {connection.in_atomic_block}",
        "write": lambda: Counter.objects.create(gemeente_id=1, series="test", year=2026),
        "look": lambda: request.actor.looked_at("Tijdens het opmaken"),
    }
    if "breuk" in request.GET:
        facts["look"] = 1 / 0 if request.GET["breuk"] == "nu" else _break
    return TemplateResponse(request, template, facts)


def _break():
    raise PermissionDenied("Onderweg geweigerd.")


@professional
def whoami(request):
    """What the database knows of the actor."""
    return HttpResponse("|".join([*ask(WHO), str(request.actor.user.pk), str(ask("SELECT pg_backend_pid()")[0])]))


@manager
def figures(_):
    """A page of sturing."""
    return HttpResponse("cijfers")


@resident
def my_page(_):
    """A page of the portaal."""
    return HttpResponse("mijn")


@public
def anybody(request):
    """A page for everybody."""
    return HttpResponse(f"{request.actor.name} {request.actor.kind}")


urlpatterns = [
    path("t/vergeten/", forgotten),
    path("t/zaak/<uuid:pk>/", show_case),
    path("t/sluit/<uuid:pk>/", close_case),
    path("t/weiger/<str:refusal>/", write_and_refuse),
    path("t/lui/", lazy),
    path("t/wie/", whoami),
    path("t/cijfers/", figures),
    path("t/mijn/", my_page),
    path("t/open/", anybody),
    path("", include("toegang.urls")),
]
handler404 = "toegang.core.access.not_found"
handler500 = "toegang.accounts.views.house.server_error"


@pytest.fixture
def house():
    """A case with its contactpersoon, a colleague, and somebody of another team."""
    gemeente = make_gemeente()
    noord, zuid = make_team(gemeente), make_team(gemeente, "Wijkteam Zuid")
    anna, bram, els = make_staff("anna", noord), make_staff("bram", noord), make_staff("els", zuid)
    return make_case(actor_of(anna)).case, anna, bram, els


def signed_in(user):
    """A browser of this user; an error of ours is a page, as outside."""
    client = Client(raise_request_exception=False)
    if user:
        client.force_login(user)
    return client


def logged():
    """The newest row of the log."""
    return LogRow.objects.latest("id")


@pytest.mark.django_db
def test_a_view_without_policy_is_never_carried_out(house, caplog):
    answer = signed_in(house[1]).get("/t/vergeten/")
    assert answer.status_code == 500
    assert SECRET not in answer.content.decode()
    assert "has no policy" in caplog.text
    assert signed_in(None).get("/t/vergeten/").status_code == 302


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/t/mijn/", "/t/cijfers/", "/t/wie/", f"/t/zaak/{uuid.UUID(int=7)}/"])
def test_who_is_not_signed_in_goes_to_the_login(address):
    answer = signed_in(None).get(address)
    way_in = "/mijn/inloggen/" if "mijn" in address else "/inloggen/"
    assert (answer.status_code, answer["Location"]) == (302, f"{way_in}?next={address}")


@pytest.mark.django_db
def test_a_public_page_is_for_everybody(house):
    assert signed_in(None).get("/t/open/").content.decode() == "Niet ingelogd anonymous"
    assert signed_in(house[1]).get("/t/open/").content.decode() == "Anna medewerker"


@pytest.mark.django_db
def test_each_door_opens_to_its_own(house):
    case, anna, _, _ = house
    boss = make_staff("boss", roles=("manager",), gemeente=case.gemeente)
    fatima = make_resident(case, actor_of(anna))
    doors = ("/t/wie/", "/t/cijfers/", "/t/mijn/")
    codes = {user.username: [signed_in(user).get(door).status_code for door in doors] for user in (anna, boss, fatima)}
    assert codes == {"anna": [200, 404, 404], "boss": [404, 200, 404], fatima.username: [404, 404, 200]}


@pytest.mark.django_db
def test_what_you_may_not_know_does_not_exist(house):
    """A wrong door, a case out of scope and an address that is not there: the same bytes and headers."""
    case, anna, _, els = house
    addresses = [f"/t/zaak/{case.pk}/", f"/t/zaak/{uuid.uuid4()}/", "/t/cijfers/", "/bestaat-niet/"]
    answers = [signed_in(els).get(address) for address in addresses]
    assert {(answer.status_code, answer.content) for answer in answers} == {(404, answers[0].content)}
    assert signed_in(anna).get(addresses[0]).content.decode() == SECRET  # there is something to hide
    assert SECRET not in answers[0].content.decode()
    rows = LogRow.objects.filter(action="refused").order_by("id").values_list("what", "result", "user_id")
    assert list(rows) == [(address, "http404", els.pk) for address in addresses[:3]]


@pytest.mark.django_db
def test_in_scope_without_a_grant_the_step_is_refused_with_a_sentence(house):
    case, _, bram, _ = house
    answer = signed_in(bram).get(f"/t/sluit/{case.pk}/")
    assert answer.status_code == 403
    assert "Deze stap mag u niet doen." in answer.content.decode()
    assert (logged().action, logged().result, logged().user_id) == ("refused", "permissiondenied", bram.pk)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("refusal", "sentence"),
    [("403", "Dat mag u niet, omdat het een proef is."), ("kaal", "Deze stap mag u niet doen.")],
)
def test_a_refusal_takes_everything_back_and_is_logged_alone(house, refusal, sentence):
    before = LogRow.objects.count()
    answer = signed_in(house[1]).get(f"/t/weiger/{refusal}/")
    assert (answer.status_code, sentence in answer.content.decode()) == (403, True)
    assert Counter.objects.filter(series="test").count() == 0
    assert LogRow.objects.count() == before + 1
    assert (logged().what, logged().purpose) == (f"/t/weiger/{refusal}/", "werkplek")


@pytest.mark.django_db(transaction=True)
def test_a_lazily_rendered_page_is_rendered_inside_the_frame(house):
    anna = house[1]
    answer = signed_in(anna).get("/t/lui/")
    assert answer.status_code == 200
    assert f"('{anna.pk}', 'werkplek') True" in answer.content.decode().replace("&#x27;", "'")
    assert (logged().what, Counter.objects.filter(series="test").count()) == ("Tijdens het opmaken", 1)


@pytest.mark.django_db
@pytest.mark.parametrize(("moment", "code"), [("nu", 500), ("later", 403)])
def test_what_breaks_while_the_page_is_made_takes_everything_back(house, moment, code, caplog):
    assert signed_in(house[1]).get(f"/t/lui/?breuk={moment}").status_code == code
    assert Counter.objects.filter(series="test").count() == 0


@pytest.mark.django_db
def test_an_error_of_ours_tells_nothing_outside_and_everything_on_the_console(house, caplog):
    """The page of an error says no word of it, the console its trace, and the next page is simply there."""
    browser = signed_in(house[1])
    answer = browser.get("/t/lui/?breuk=nu")
    page = answer.content.decode()
    assert (answer.status_code, page) == (500, render_to_string("500.html"))
    (record,) = [record for record in caplog.records if record.levelname == "ERROR"]
    assert record.exc_info[0] is ZeroDivisionError
    assert [word for word in ("ZeroDivisionError", "Traceback", "division", "/t/lui/") if word in page] == []
    assert browser.get("/t/wie/").status_code == 200


@contextmanager
def log_closed():
    """Nobody can write the log; the test's own transaction opens it again."""
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
        cursor.execute("REVOKE INSERT ON core_logrow FROM toegang_app, toegang_task")
        cursor.execute("SET ROLE toegang_task")
        yield
        cursor.execute("RESET ROLE")
        cursor.execute("GRANT INSERT ON core_logrow TO toegang_app, toegang_task")
        cursor.execute("SET ROLE toegang_task")


@pytest.mark.django_db
def test_what_cannot_be_logged_is_not_shown(house):
    case, anna, _, els = house
    staff, stranger = signed_in(anna), signed_in(els)
    address = f"/t/zaak/{case.pk}/"
    assert staff.get(address).status_code == 200
    with log_closed():
        shown, refused, written = staff.get(address), stranger.get(address), staff.get("/t/lui/")
    assert [answer.status_code for answer in (shown, refused, written)] == [503, 503, 503]
    assert SECRET not in shown.content.decode() + refused.content.decode()
    assert Counter.objects.filter(series="test").count() == 0
    assert staff.get(address).status_code == 200


@pytest.mark.django_db
def test_every_look_is_written_with_who_what_why_and_where(house):
    case, anna, _, _ = house
    before = LogRow.objects.count()
    signed_in(anna).get(f"/t/zaak/{case.pk}/", REMOTE_ADDR="192.0.2.7")
    assert LogRow.objects.count() == before + 1
    row = logged()
    assert (row.action, row.result, row.what, row.case_id) == ("look", "ok", "Zaak bekeken", case.pk)
    assert (row.user_id, row.user_name, row.actor_kind) == (anna.pk, "Anna", "medewerker")
    assert (row.gemeente_id, row.purpose, row.origin) == (case.gemeente_id, "werkplek", "192.0.2.7")


@pytest.mark.django_db
def test_rights_that_end_end_at_once(house):
    case, anna, _, _ = house
    browser = signed_in(anna)
    assert browser.get(f"/t/zaak/{case.pk}/").status_code == 200
    RoleAssignment.objects.filter(user=anna).update(since=LONG_AGO, until=LONG_AGO)
    assert browser.get(f"/t/zaak/{case.pk}/").status_code == 404


@pytest.mark.django_db(transaction=True)
def test_the_actor_is_forgotten_with_the_transaction(house):
    """Users take turns on one connection: each is seen as oneself, and nothing stays behind."""
    browsers = {user: signed_in(user) for user in house[1:3]}
    pids = set()
    for turn in range(50):
        user = house[1 + turn % 2]
        told, purpose, actual, pid = browsers[user].get("/t/wie/").content.decode().split("|")
        assert (told, actual, purpose) == (str(user.pk), str(user.pk), "werkplek")
        assert ask(WHO) in {("", ""), (None, None)}
        pids.add(pid)
    assert pids == {str(ask("SELECT pg_backend_pid()")[0])}


@pytest.mark.django_db(transaction=True)
def test_a_setting_of_the_session_would_stay_behind():
    """Negative control: without 'local' the next user of the connection would be somebody else."""
    ask("SELECT set_config('toegang.user_id', '7', false)")
    assert ask(WHO)[0] == "7"
    ask("SELECT set_config('toegang.user_id', '', false)")


@pytest.mark.django_db(transaction=True)
def test_work_without_a_request_has_the_same_frame(house):
    case, before = house[0], LogRow.objects.count()
    with acting_as(system_user(), "klok") as actor:
        assert ask(WHO) == (str(actor.user.pk), "klok")
        actor.looked_at("Termijnen nagekeken", case)
        assert LogRow.objects.count() == before
    assert (logged().what, logged().actor_kind, logged().origin) == ("Termijnen nagekeken", "systeem", "systeem")
    assert (logged().case_id, LogRow.objects.count()) == (case.pk, before + 1)


def work(*, fails):
    """Work of the clock that writes and looks, and perhaps fails after that."""
    with acting_as(system_user(), "klok") as actor:
        Counter.objects.create(gemeente_id=1, series="test", year=2026)
        actor.looked_at("Iets")
        if fails:
            raise ZeroDivisionError


@pytest.mark.django_db
def test_work_that_fails_leaves_nothing(house):
    before = LogRow.objects.count()
    with pytest.raises(ZeroDivisionError):
        work(fails=True)
    assert (LogRow.objects.count(), Counter.objects.filter(series="test").count()) == (before, 0)


@pytest.mark.django_db
def test_work_that_cannot_be_logged_is_not_done(house):
    with log_closed(), pytest.raises(DatabaseError, match="permission denied"):
        work(fails=False)
    assert Counter.objects.filter(series="test").count() == 0
    work(fails=False)
    assert Counter.objects.filter(series="test").count() == 1


@pytest.mark.parametrize(
    ("proxies", "header", "origin"),
    [
        (0, "203.0.113.9", "127.0.0.1"),
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "198.51.100.1, 203.0.113.9", "203.0.113.9"),
        (1, "", "127.0.0.1"),
    ],
)
def test_the_origin_is_what_our_own_proxy_tells(rf, settings, proxies, header, origin):
    settings.TRUSTED_PROXIES = proxies
    assert origin_of(rf.get("/", headers={"X-Forwarded-For": header})) == origin
