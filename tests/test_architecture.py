"""The house as the design draws it: who may use which outside name, budgets, columns of every table, indexes."""

import ast
import inspect
import io
import json
import tokenize
from statistics import quantiles

import pytest
from django.apps import apps
from django.db import connection
from django_fsm import FSMFieldMixin

from casework.models import Case
from tests.factories import actor_of, make_gemeente, make_staff, make_team
from tests.sources import DOMAIN, Module, imported, modules, names_used

DOORS = ("toegang.werkplek", "toegang.portaal", "toegang.sturing", "toegang.demo")
SIGN_IN = (
    *("toegang.accounts.views", "toegang.accounts.context", "toegang.accounts.sessions"),
    *("toegang.accounts.adapters", "toegang.accounts.oidc"),
)
# {outside name: the modules that may use it}; a name also stands for what lies under it.
OUTSIDE = {
    "django.http": ("toegang.core.access", "toegang.core.pages", *SIGN_IN, *DOORS),
    "allauth": (
        *SIGN_IN,
        "toegang.accounts.forms",
        "toegang.accounts.backends",
        "toegang.accounts.services.sessions",
        "toegang.portaal.report",
    ),  # its limits per address
    "authlib": ("toegang.accounts.oidc",),
    "django.core.mail": ("toegang.accounts.services.invitations", "toegang.core.mail"),
    "weasyprint": ("toegang.core.pdf",),
    "PIL": ("toegang.core.images", "toegang.demo.faces"),  # what comes from outside is decoded in one place
    "*.cursor": (
        "toegang.core.wall",
        "toegang.core.lifecycle",
        "toegang.core.checks",
        "toegang.core.logbook.rows",
        "toegang.clock.tasks",
        "toegang.demo.rows",
    ),
    "toegang.core.wall.beyond_scope": (
        "toegang.core.outbox",  # the worker's own rows
        "toegang.core.documents",
        "casework.services.intake",  # a melding for somebody whose case another team has
        "casework.services.people",
        "casework.services.card",  # who joins a household may be known already
        "casework.services.merge",  # weighs whether one of the two has a case that the actor does not see
        "casework.selectors.caseload",  # numbers only, of shielded cases too
        "casework.services.short",  # who takes calls has no team
        "casework.services.web",  # who sends by the website sees nothing
        "toegang.portaal.report",
        "casework.services.signals",  # an earlier signal may be another team's, and who takes calls has no team
        "casework.services.lookup",  # people whose case another team has, and the count of look-ups in the log
        "casework.services.emergency",  # a case that the actor does not see
        "casework.services.shielding",
        "casework.services.handover",  # who hands over a shielded case
        "casework.selectors.privacy",  # the terms that the privacy officer watches, without content
        "casework.services.talks",  # a ketenpartner, who sees no case
        "casework.selectors.reports",  # how far the own meldingen of a ketenpartner are
        "plans.selectors",
        "casework.looks",  # the number of a case, for the privacy officer
        "casework.striking",  # compares the people of a case with who looked
        "toegang.core.management.commands.verify_log",  # every row of the log
        "decisions.services.drafting",  # what a toetser judged already
        "decisions.services.urgent",
        "toegang.demo",
    ),
    "toegang.core.wall.stand_as_worker": ("toegang.demo",),
    "toegang.core.wall.reading_figures": ("casework.selectors", "toegang.sturing"),
    "*.raw": (),
    "*.extra": (),
    "django.db.models.expressions.RawSQL": (),
    "datetime.date.today": (),
    "datetime.datetime.now": (),
    "datetime.datetime.today": (),
    "datetime.datetime.utcnow": (),
    "django.utils.timezone.now": ("toegang.core.access",),
    "django.utils.timezone.localdate": ("toegang.core.access",),
    "guardian.shortcuts": (),
    "guardian.models": ("casework.models.grants",),
    "*._base_manager": ("casework.querysets",),
    "django.utils.safestring": ("toegang.core.templatetags.ui",),  # its type, in signatures
    "django.utils.safestring.mark_safe": (),
    "django.utils.html.format_html": (),
    "*.delay": ("toegang.core.outbox",),
    "*.delay_on_commit": (),
    "*.apply_async": ("toegang.core.outbox",),
    "*.send_task": (),
    "django.dispatch": (),
    "django.db.models.signals": (),
    "django.views.decorators.csrf": (),
    "django.forms.ModelForm": (),  # a form names its fields; what it does not ask cannot be sent
    "django.core.cache": (),  # a cache would keep what the scope no longer shows
    "cryptography.hazmat": (),  # whole recipes only
    "hashlib.md5": (),
    "hashlib.sha1": (),
    "hashlib.new": (),
    "uuid.uuid1": (),
    "django.utils.crypto.salted_hmac": (),
    "random": ("toegang.demo",),
    "requests": ("toegang.accounts.oidc",),
    "urllib.request": (),
    "http.client": ("toegang.demo",),
    "subprocess": ("toegang.demo",),
    "os.system": (),
    "os.popen": (),
    "pickle": (),
    "marshal": (),
    "shelve": (),
    "yaml": (),
    "xml": (),
    "lxml": (),
    "threading": (),  # nothing is shared between threads but what the frame hands down
}


def outside_offences(module):
    """Uses of an outside name by a module that may not."""
    return [
        f"{module.name}:{line} uses {used}"
        for used, line in names_used(module.tree)
        for name, homes in OUTSIDE.items()
        if (used == name or used.startswith(f"{name}.")) and not module.within(homes)
    ]


def test_outside_names_are_used_where_the_table_says():
    assert [offence for module in modules() for offence in outside_offences(module)] == []


@pytest.mark.parametrize(
    "text",
    [
        "from django.http import HttpResponse",
        "import weasyprint as w",
        "import weasyprint.text.fonts",
        "from datetime import date as d\nd.today()",
        "import datetime\ndatetime.datetime.now()",
        "from django.utils import timezone\ntimezone.now()",
        "from django.utils.timezone import now",
        "from django.db import connection\nwith connection.cursor() as c: pass",
        "from casework.models import Case\nCase._base_manager.all()",
        "from guardian.shortcuts import assign_perm",
        "import guardian.shortcuts as g",
        "from django.utils.safestring import mark_safe",
        "from casework import tasks\ntasks.make.delay(1)",
        "from casework.tasks import make\nmake.apply_async((1,))",
        "import pickle",
        "import subprocess as s",
        "import os\nos.system('ls')",
        "from xml.etree import ElementTree",
        "from random import choice",
        "import hashlib\nhashlib.md5(b'')",
        "import hashlib\nhashlib.new('md5', b'')",
        "import uuid\nuuid.uuid1()",
    ],
)
def test_the_table_of_outside_names_can_fail(text):
    assert outside_offences(Module("plans.services.plan", text))


def test_the_table_of_outside_names_is_not_a_memory():
    """Every home in the table still exists, or the table would allow what nobody looks at."""
    known = {module.name for module in modules()} | {*DOORS, "toegang.accounts.views"}
    assert {home for homes in OUTSIDE.values() for home in homes} - known == set()


def inline_imports(module):
    """Imports inside a function; AppConfig.ready may import its checks."""
    if module.name.endswith(".apps"):
        return []
    return [
        f"{module.name}:{inner.lineno}"
        for node in ast.walk(module.tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        for inner in ast.walk(node)
        if isinstance(inner, ast.Import | ast.ImportFrom)
    ]


def test_no_inline_imports():
    assert [found for module in modules() for found in inline_imports(module)] == []


def test_an_inline_import_is_found():
    text = "def f():\n    if 1:\n        import os\n"
    assert inline_imports(Module("plans.services.plan", text)) == ["plans.services.plan:3"]
    assert inline_imports(Module("plans.apps", text)) == []


def transition_facts():
    """{name of a transition: the facts that it asks, once for each model that has it}, from the FSM fields."""
    facts = {}
    for model in apps.get_models():
        for field in [f for f in model._meta.concrete_fields if isinstance(f, FSMFieldMixin)]:
            for step in field.get_all_transitions(model):
                asked = set(inspect.signature(getattr(model, step.name)).parameters) - {"self"}
                facts.setdefault(step.name, []).append(asked)
    return facts


def transition_calls(module):
    """Calls on anything but an imported module that would run a transition: its name, and exactly its facts."""
    bound, facts = imported(module.tree), transition_facts()
    calls = [node for node in ast.walk(module.tree) if isinstance(node, ast.Call)]
    direct = [
        call
        for call in calls
        if isinstance(call.func, ast.Attribute)
        and not call.args
        and {keyword.arg for keyword in call.keywords} in facts.get(call.func.attr, ())
        and not (isinstance(call.func.value, ast.Name) and call.func.value.id in bound)
    ]
    by_name = [
        call
        for call in calls
        if isinstance(call.func, ast.Call) and isinstance(call.func.func, ast.Name) and call.func.func.id == "getattr"
    ]
    return [f"{module.name} {ast.unparse(call.func)}" for call in [*direct, *by_name]]


def test_nothing_but_carry_out_runs_a_transition():
    found = [call for module in modules() for call in transition_calls(module)]
    assert found == ["toegang.core.lifecycle getattr(record, name)"]


@pytest.mark.parametrize(
    "text",
    [
        "case.complete_analysis(on=day)",
        "self.case.close(on=day)",
        "getattr(case, step)(on=day)",
        "lock(Plan, 1).take_back()",
    ],
)
def test_a_transition_that_is_called_past_carry_out_is_found(text):
    assert transition_calls(Module("plans.services.plan", text))


def test_the_names_of_transitions_are_all_there():
    facts = transition_facts()
    assert facts["plan_conversation"] == [{"on", "form"}]
    assert {"complete_analysis", "mark_verslag_sent", "agree", "finish", "issue"} <= set(facts)
    assert len(facts) > 30


MOST_LINES, P90_LINES, FILE_LINES = 40, 18, 400
NO_CODE = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER}


def code_lines(module):
    """The number of code lines of each function: without signature, docstring, comments and blank lines."""
    tokens = tokenize.generate_tokens(io.StringIO(module.text).readline)
    code = {line for t in tokens if t.type not in NO_CODE for line in range(t.start[0], t.end[0] + 1)}
    sizes = {}
    for node in ast.walk(module.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            body = node.body[1:] if ast.get_docstring(node) is not None else node.body
            lines = {line for part in body for line in range(part.lineno, (part.end_lineno or 0) + 1)}
            sizes[f"{module.name}:{node.lineno} {node.name}"] = len(lines & code)
    return sizes


def test_functions_and_files_are_small():
    sizes = {name: size for module in modules() for name, size in code_lines(module).items()}
    assert {name: size for name, size in sizes.items() if size > MOST_LINES} == {}
    assert quantiles(sizes.values(), n=10)[-1] <= P90_LINES
    files = {module.name: module.text.count("\n") for module in modules()}
    assert {name: lines for name, lines in files.items() if lines > FILE_LINES} == {}


def test_the_count_of_code_lines_counts():
    text = 'def f(\n    a,\n):\n    """Say.\n\n    More.\n    """\n    # why\n\n    b = [\n        a,\n    ]\n    b\n'
    assert code_lines(Module("x", text)) == {"x:1 f": 4}


# Tables of the domain apps that bear no gemeente, each with the reason.
NO_GEMEENTE = {
    "casework_leefgebied": "national reference list",
    "casework_onderzoekpart": "national reference list",
    "casework_reason": "national reference list",
    "casework_caseloadweight": "policy of the organisation, until a gemeente has its own",
    "decisions_contribution": "national tariffs",
    "plans_fastlane": "lines that are filled in beforehand, for every gemeente of the organisation",
    "providers_product": "national product codes",
    "casework_case_permission": "view on casework_grant, which bears it",
}
# Tables that bear a gemeente and are about no case.
NO_CASE = {
    "casework_person": "a person is of the gemeente and may be in several cases",
    "casework_historicalperson": "as casework_person",
    "casework_address": "as casework_person",
    "casework_historicaladdress": "as casework_person",
    "casework_personmerge": "two persons, who may be in several cases",
    "casework_household": "a household comes before its cases",
    "casework_householdmember": "a household comes before its cases",
    "casework_case": "it is the case",
    "casework_historicalcase": "it is the case",
    "casework_shortquestion": "nobody is written down",
    "casework_webmelding": "a colleague looks before a melding is about somebody",
    "casework_signalattempt": "a signal comes before a case, if ever",
    "casework_signalsource": "who gave a signal is kept out of every case",
    "casework_accessrules": "rules of the gemeente",
    "casework_historicalaccessrules": "as casework_accessrules",
    "providers_provider": "what there is to choose from",
    "providers_contract": "what there is to choose from",
}
COLUMNS = """
SELECT c.table_name, array_agg(c.column_name::text) FROM information_schema.columns c
WHERE c.table_schema = 'public' AND split_part(c.table_name, '_', 1) = ANY(%s) GROUP BY 1
"""


def missing_columns(tables):
    """Tables without gemeente_id, and tables about a case without case_id, that no exception names."""
    without_gemeente = {name for name, columns in tables.items() if "gemeente_id" not in columns}
    without_case = {name for name, columns in tables.items() if "case_id" not in columns} - without_gemeente
    return without_gemeente ^ set(NO_GEMEENTE), without_case ^ set(NO_CASE)


@pytest.mark.django_db
def test_every_table_of_the_domain_bears_gemeente_and_case():
    with connection.cursor() as cursor:
        cursor.execute(COLUMNS, [list(DOMAIN)])
        tables = dict(cursor.fetchall())
    assert len(tables) > 30
    assert missing_columns(tables) == (set(), set())
    assert missing_columns(tables | {"plans_note": ["id"]})[0] == {"plans_note"}
    assert missing_columns(tables | {"plans_note": ["id", "gemeente_id"]})[1] == {"plans_note"}


MANY_CASES = """
INSERT INTO casework_household (id, gemeente_id) SELECT gen_random_uuid(), %(gemeente)s FROM generate_series(1, 20000);
WITH someone AS (
    INSERT INTO casework_person (id, gemeente_id, given_names, prefix, family_name, gender, born, shielded, street,
        house_number, postcode, city, phone, email, letter_channel, family_key, given_key, sound_key)
    VALUES (gen_random_uuid(), %(gemeente)s, 'A', '', 'B', '', 0, false, '', '', '', '', '', '', 'papier',
        'b', 'a', 'b')
    RETURNING id)
INSERT INTO casework_case (id, gemeente_id, team_id, household_id, person_id, reference, shielded, has_safety,
    opened_on, version, status, conversation_form, on_file_reason, plan_has_maatwerk, close_reason)
SELECT gen_random_uuid(), %(gemeente)s, (%(teams)s::int[])[CASE n %% 2000 WHEN 0 THEN 1 ELSE 2 + n %% 4 END],
    h.id, someone.id, 'Z' || n, false, false, '2024-01-01', 1, 'melding', '', '', false, ''
FROM (SELECT id, row_number() OVER () AS n FROM casework_household) h, someone;
INSERT INTO casework_grant (gemeente_id, case_id, user_id, user_kind, kind, reason, validity, parts)
SELECT gemeente_id, id, (%(users)s::int[])[CASE n %% 2000 WHEN 7 THEN 1 ELSE 2 + n %% 4 END], 'medewerker',
    'contactpersoon', 'x', tstzrange('2024-01-01', NULL), '{}'
FROM (SELECT *, substr(reference, 2)::int AS n FROM casework_case) c;
"""


def scanned_whole(plan):
    """The tables that a plan reads from beginning to end."""
    below = [table for inner in plan.get("Plans", ()) for table in scanned_whole(inner)]
    return [*([plan["Relation Name"]] if plan["Node Type"] == "Seq Scan" else []), *below]


def explained(queryset):
    """The tables that the database reads whole for a queryset."""
    (answer,) = json.loads(queryset.explain(format="json"))
    return scanned_whole(answer["Plan"])


@pytest.mark.django_db
def test_the_scope_reads_by_index():
    """With thousands of rows, of which few are the actor's, neither arm of visible_to reads a table whole."""
    gemeente = make_gemeente()
    teams = [make_team(gemeente, f"Team {n}") for n in range(5)]
    users = [make_staff(f"w{n}", team) for n, team in enumerate(teams)]
    facts = {"gemeente": gemeente.pk, "teams": [t.pk for t in teams], "users": [u.pk for u in users]}
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")  # only an owner may gather statistics, only a superuser pass over foreign keys
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(MANY_CASES, facts)
        cursor.execute("ANALYZE casework_case, casework_grant")
        cursor.execute("SET session_replication_role = origin")
        cursor.execute("SET ROLE toegang_task")
    actor = actor_of(users[0])
    visible = Case.objects.visible_to(actor)
    assert visible.count() == 20  # half by the team, half by a grant
    assert explained(visible) == explained(Case.objects.in_hand_of(actor)) == []
    assert explained(visible.filter(pk=visible[0].pk)) == []
    assert explained(Case.objects.filter(shielded=False)) == ["casework_case"]  # so that the test can fail
