"""Components: what a browser gets, and that a wrong prop is an error."""

from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.template import Context, Template, TemplateSyntaxError
from django.template.loader import render_to_string
from django.test import override_settings
from django.urls import include, path

from toegang.core.forms import Form, KnownDateField
from toegang.core.templatetags.ui import DueView, StepView, TimelineEntry

TODAY = date(2026, 11, 22)
STEPS = [
    StepView(1, "Vraag stellen", "klaar", "12 november"),
    StepView(2, "Huisbezoek", "nu"),
    StepView(3, "Aanbieder kiezen", "niet_nodig"),
    StepView(4, "Evalueren", "nog_niet"),
]
PAGES = ("403.html", "404.html", "409.html", "500.html", "503.html")


def show(source, **facts):
    """Render, with white space between and around tags taken out."""
    html = Template(source).render(Context(facts))
    return "".join(line.strip() for line in html.splitlines())


@pytest.mark.parametrize(
    "source",
    [
        "{% badge text='x' %}",
        "{% badge text='x' tone='info' size='l' %}",
        "{% badge 'x' 'info' %}",
        "{% case_header title='x' facts=f %}",
        "{% panel %}x{% endpanel %}",
        "{% panel title='x' open=1 %}x{% endpanel %}",
        "{% data_table caption='x' %}{% enddata_table %}",
        "{% field %}",
        "{% next_action title='x' %}",
        "{% nav_link label='x' %}",
    ],
)
def test_a_missing_or_unknown_prop_is_refused_when_the_template_is_read(source):
    with pytest.raises(TemplateSyntaxError):
        Template(source)


@pytest.mark.parametrize(
    "source",
    [
        "{% badge text='x' tone='pink' %}",
        "{% badge text='x' tone=missing %}",
        "{% button label='x' kind='huge' %}",
        "{% alert tone='' title='x' %}x{% endalert %}",
    ],
)
def test_a_tone_or_kind_that_does_not_exist_is_refused(source):
    with pytest.raises(TypeError):
        show(source)


def test_a_step_state_that_does_not_exist_is_refused():
    with pytest.raises(TypeError):
        StepView(1, "x", "bezig")


@pytest.mark.parametrize(
    ("source", "html"),
    [
        (
            "{% badge text=name tone='warning' %}",
            '<span class="nl-data-badge tg-badge tg-badge--warning">&lt;i&gt;</span>',
        ),
        (
            "{% button label='Opslaan' kind='primary' %}",
            (
                '<button type="submit" class="nl-button nl-button--primary">'
                '<span class="nl-button__label">Opslaan</span></button>'
            ),
        ),
        (
            "{% link_button url=url label='Verder' kind='subtle' %}",
            (
                '<a href="/a?b=1&amp;c=2" class="nl-button nl-button--subtle">'
                '<span class="nl-button__label">Verder</span></a>'
            ),
        ),
        (
            "{% empty_state title='Nog geen afspraak' text='Plan er een.' %}",
            '<div class="tg-empty"><p class="tg-empty__title">Nog geen afspraak</p><p>Plan er een.</p></div>',
        ),
        (
            "{% panel title='Kern' %}<p>{{ name }}</p>{% endpanel %}",
            (
                '<section class="tg-panel"><h2 class="tg-panel__title">Kern</h2>'
                '<div class="tg-panel__body"><p>&lt;i&gt;</p></div></section>'
            ),
        ),
        (
            "{% alert tone='positive' title='Gelukt' %}<p>{{ name }}</p>{% endalert %}",
            (
                '<div class="utrecht-alert utrecht-alert--ok tg-alert tg-alert--positive">'
                '<div class="utrecht-alert__content"><div class="utrecht-alert__message">'
                '<p class="tg-alert__title">Gelukt</p><p>&lt;i&gt;</p></div></div></div>'
            ),
        ),
        (
            "{% data_list items=pairs %}",
            '<dl class="tg-data"><div class="tg-data__item"><dt>Wijk</dt><dd>Noord</dd></div></dl>',
        ),
        (
            "{% breadcrumb items=pairs %}",
            '<nav class="tg-path" aria-label="Kruimelpad"><ol><li><a href="Noord">Wijk</a></li></ol></nav>',
        ),
        (
            "{% data_table caption='Zaken' columns=columns %}<tr><td>1</td></tr>{% enddata_table %}",
            (
                '<div class="tg-scroll" role="region" aria-label="Zaken" tabindex="0">'
                '<table class="utrecht-table utrecht-table--html-table tg-table">'
                '<caption class="utrecht-table__caption">Zaken</caption><thead class="utrecht-table__header"><tr>'
                '<th scope="col" class="utrecht-table__header-cell">Zaak</th></tr></thead>'
                '<tbody class="utrecht-table__body"><tr><td>1</td></tr></tbody></table></div>'
            ),
        ),
        (
            "{% sub_nav items=subnav %}",
            (
                '<nav class="tg-subnav" aria-label="In deze zaak"><ul>'
                '<li><a href="/a" aria-current="page">Plan</a></li>'
                '<li><a href="/b">Besluit</a></li></ul></nav>'
            ),
        ),
    ],
)
def test_small_components(source, html):
    subnav = [("Plan", "/a", True), ("Besluit", "/b", False)]
    assert (
        show(source, name="<i>", pairs=[("Wijk", "Noord")], columns=["Zaak"], subnav=subnav, url="/a?b=1&c=2") == html
    )


@pytest.mark.parametrize(
    ("due", "words", "tone"),
    [
        (DueView(date(2026, 11, 20), TODAY), "2 dagen te laat", "negative"),
        (DueView(date(2026, 11, 21), TODAY), "1 dag te laat", "negative"),
        (DueView(TODAY, TODAY), "vandaag", "warning"),
        (DueView(date(2026, 11, 23), TODAY), "nog 1 dag", "warning"),
        (DueView(date(2026, 11, 26), TODAY), "nog 4 dagen", "warning"),
        (DueView(date(2026, 12, 6), TODAY), "nog 14 dagen", "warning"),
        (DueView(date(2026, 12, 7), TODAY), "ruim op tijd", "positive"),
        (DueView(date(2026, 11, 20), TODAY, done=True), "klaar", "neutral"),
    ],
)
def test_a_last_day_says_how_far_away_it_is(due, words, tone):
    assert (due.words, due.tone) == (words, tone)


def test_a_last_day_with_a_note():
    due = DueView(date(2026, 12, 4), TODAY, note="gepauzeerd: wacht op inwoner")
    assert show("{% due due=due %}", due=due) == (
        '<span class="tg-due tg-due--warning"><time class="tg-due__date" datetime="2026-12-04">'
        "4 december 2026</time> "
        '<span class="tg-due__words">nog 12 dagen</span> '
        '<span class="tg-due__note">gepauzeerd: wacht op inwoner</span></span>'
    )


def test_steps_say_their_state_in_words_and_mark_the_current_one():
    html = show("{% seven_steps steps=steps %}", steps=STEPS)
    assert html.startswith('<ol class="tg-steps" aria-label="De 4 stappen">')
    assert html.count("<li ") == 4
    assert html.count('aria-current="step"') == 1
    assert '<li class="tg-step tg-step--nu" aria-current="step">' in html
    states = [part.split("</span>")[0] for part in html.split('<span class="tg-step__state">')[1:]]
    assert states == ["Klaar · 12 november", "Hier bent u nu", "Niet nodig", "Nog niet begonnen"]
    titles = [part.split("</span>")[0] for part in html.split('<span class="tg-step__title">')[1:]]
    assert titles == [
        "Stap 1. Vraag stellen",
        "Stap 2. Huisbezoek",
        "Stap 3. Aanbieder kiezen",
        "Stap 4. Evalueren",
    ]


def test_the_case_header_has_facts_badges_and_the_steps_in_one_line():
    source = "{% case_header title='Mevrouw A. de Vries' facts=facts badges=badges steps=steps %}"
    facts, badges = [("Zaak", "ZD-1"), ("Wijk", "Noord")], [("Let op: veiligheid", "negative")]
    html = show(source, facts=facts, badges=badges, steps=STEPS)
    assert '<p class="tg-case__title">Mevrouw A. de Vries</p>' in html
    assert '<dl class="tg-case__facts"><div><dt>Zaak</dt> <dd>ZD-1</dd></div><div><dt>Wijk</dt> <dd>Noord</dd>' in html
    assert '<li><span class="nl-data-badge tg-badge tg-badge--negative">Let op: veiligheid</span></li>' in html
    assert "<summary>Stap 2 van 4: Huisbezoek <span" in html
    with pytest.raises(TypeError):
        show(source, facts=facts, badges=[("x", "red")], steps=STEPS)


NEXT = "{% next_action title='plan maken' text='' url=url label='Openen' due=due obstacles=obstacles secondary=more %}"


def test_the_next_action_is_one_primary_button():
    html = show(NEXT, url="/plan", due=None, obstacles=[], more=[("Herinneren", "/herinner")])
    assert html.count("nl-button--primary") == 1
    assert '<a href="/plan" class="nl-button nl-button--primary">' in html
    assert '<a href="/herinner" class="nl-button nl-button--subtle">' in html
    assert "Dit is nog nodig" not in html
    assert "</span> Plan maken</h2>" in html


def test_obstacles_are_listed_and_lead_to_what_is_missing():
    obstacles = [("Doel 2 heeft geen actie", "/doel"), ("De reactie is er nog niet", "")]
    html = show(NEXT, url="", due=DueView(TODAY, TODAY), obstacles=obstacles, more=[])
    assert (
        '<h3>Dit is nog nodig</h3><ul><li><a href="/doel">Doel 2 heeft geen actie</a></li>'
        "<li>De reactie is er nog niet</li></ul>"
    ) in html
    assert "nl-button" not in html
    assert "vandaag" in html


def test_the_timeline_is_in_dutch_time_and_invents_none():
    entries = [
        TimelineEntry(datetime(2026, 7, 1, 22, 5, tzinfo=UTC), "Plan gedeeld", "Sanne Bakker", "Per post"),
        TimelineEntry(date(2026, 6, 30), "Brief ontvangen", ""),
    ]
    assert show("{% timeline entries=entries %}", entries=entries) == (
        '<ol class="tg-timeline"><li class="tg-timeline__entry"><p '
        'class="tg-timeline__title">Plan gedeeld</p>'
        '<p class="tg-timeline__meta"><time datetime="2026-07-01T22:05:00+00:00">2 juli 2026, 00:05</time>'
        ', door Sanne Bakker</p><p class="tg-timeline__detail">Per post</p></li>'
        '<li class="tg-timeline__entry"><p class="tg-timeline__title">Brief ontvangen</p>'
        '<p class="tg-timeline__meta"><time datetime="2026-06-30">30 juni 2026</time></p></li></ol>'
    )


def test_a_conflict_shows_both_texts():
    texts = [("Wat is het doel?", "mijn <b>", "een andere")]
    when = datetime(2026, 11, 22, 9, 42, tzinfo=UTC)
    html = show("{% conflict mine=texts who='Sanne Bakker' when=when %}", texts=texts, when=when)
    assert "<p>Sanne Bakker heeft dit om 10:42 aangepast. Hieronder staat uw tekst en de nieuwe tekst.</p>" in html
    assert "<h4>Uw tekst</h4><div><p>mijn &lt;b&gt;</p></div>" in html
    assert "<h4>De nieuwe tekst van Sanne Bakker</h4><div><p>een andere</p></div>" in html


class TalkForm(Form):
    version = forms.IntegerField(widget=forms.HiddenInput)
    name = forms.CharField(label="Naam", help_text="Zoals op de kaart")
    story = forms.CharField(label="Verhaal", widget=forms.Textarea, required=False)
    channel = forms.ChoiceField(label="Kanaal", choices=[("", "Kies"), ("t", "Telefoon")])
    wants = forms.ChoiceField(label="Hulp?", choices=[("j", "Ja"), ("n", "Nee")], widget=forms.RadioSelect)
    about = forms.MultipleChoiceField(
        label="Waarover?",
        choices=[("w", "Wonen"), ("g", "Geld")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    born = KnownDateField(label="Geboren")
    told = forms.BooleanField(label="Verteld")

    def clean(self):
        if self.data.get("name") == "dubbel":
            self.add_error(None, ValidationError("Er is al een zaak", params={"url": "/zaak"}))
            self.add_error(None, "Bel de inwoner")


def asked(name, data=None):
    return show("{% field field=field %}", field=TalkForm(data)[name])


def test_a_text_field_without_error():
    assert asked("name") == (
        '<div class="tg-field"><label class="utrecht-form-label tg-field__label" for="id_name">Naam</label>'
        '<div class="utrecht-form-field-description tg-field__hint" id="id_name_helptext">'
        "Zoals op de kaart</div>"
        '<input type="text" name="name" class="utrecht-textbox utrecht-textbox--html-input tg-control" '
        'aria-describedby="id_name_helptext" aria-required="true" id="id_name"></div>'
    )


def test_a_text_field_with_an_error_names_it_at_the_input():
    html = asked("name", {"name": ""})
    assert '<div class="tg-field tg-field--invalid">' in html
    assert 'id="id_name_error">Vul dit in: Naam</p>' in html
    assert 'aria-describedby="id_name_helptext id_name_error" aria-invalid="true" aria-required="true"' in html


def test_an_optional_text_area_says_so():
    html = asked("story")
    assert 'Verhaal <span class="tg-field__optional">(niet verplicht)</span></label>' in html
    assert '<textarea name="story" cols="40" rows="10" class="utrecht-textarea utrecht-textarea--html-textarea' in html
    assert "aria-required" not in html


def test_a_select_keeps_the_choice():
    html = asked("channel", {"channel": "t"})
    assert '<select name="channel" class="utrecht-select utrecht-select--html-select tg-control"' in html
    assert '<option value="t" selected>Telefoon</option>' in html


def test_radios_are_one_group_with_the_error():
    html = asked("wants", {})
    assert (
        '<fieldset class="tg-fieldset" role="radiogroup" aria-required="true" aria-invalid="true" '
        'aria-describedby="id_wants_error">' in html
    )
    assert 'id="id_wants_error">Kies een antwoord: Hulp?</p>' in html
    assert (
        '<input class="utrecht-radio-button utrecht-radio-button--html-input" type="radio" name="wants" '
        'id="id_wants_1" value="n">' in html
    )
    assert asked("wants", {"wants": "n"}).count(" checked") == 1


def test_checkboxes_keep_what_was_ticked():
    html = asked("about", {"about": ["g"]})
    assert 'name="about" id="id_about_1" value="g" checked>' in html
    assert html.count(" checked") == 1
    assert "(niet verplicht)" in html


def test_a_single_checkbox():
    html = asked("told", {"told": "on"})
    assert 'type="checkbox" name="told" id="id_told" checked aria-required="true">' in html
    assert 'for="id_told">Verteld</label>' in html


def test_a_date_in_three_parts_keeps_what_was_typed():
    html = asked("born", {"born_dag": "31", "born_maand": "feb<", "born_jaar": "1951"})
    values = [part.split('"')[0] for part in html.split(' value="')[1:]]
    assert values == ["31", "feb&lt;", "1951"]
    assert [part.split('"')[0] for part in html.split(' for="')[1:]] == [
        "id_born_0",
        "id_born_1",
        "id_born_2",
    ]
    assert html.count('aria-invalid="true"') == 3
    assert html.count('aria-required="true"') == 3
    assert '<fieldset class="tg-fieldset" aria-describedby="id_born_error">' in html


def test_fields_shows_every_question_once_and_the_hidden_ones():
    html = show("{% fields form=form %}", form=TalkForm(initial={"version": 3}))
    assert '<input type="hidden" name="version" value="3" id="id_version">' in html
    assert html.count('<div class="tg-field') == 7
    assert show("{{ form }}", form=TalkForm(initial={"version": 3})) == html
    form = TalkForm()
    assert show("{{ field.as_field_group }}", field=form["name"]) == asked("name")


def test_the_summary_links_every_error_to_its_field_in_page_order():
    html = show("{% error_summary forms=forms %}", forms=[TalkForm({"name": "dubbel", "version": "1"}), TalkForm()])
    assert html == (
        '<div class="tg-errors" role="group" aria-labelledby="fouten">'
        '<h2 class="tg-errors__title" id="fouten" tabindex="-1" data-focus>Er klopt nog iets niet</h2><ul>'
        '<li><a href="/zaak">Er is al een zaak</a></li><li>Bel de inwoner</li>'
        '<li><a href="#id_channel">Kies een antwoord: Kanaal</a></li>'
        '<li><a href="#id_wants_0">Kies een antwoord: Hulp?</a></li>'
        '<li><a href="#id_born_0">Vul een datum in, bijvoorbeeld 27 3 1951</a></li>'
        '<li><a href="#id_told">Zet hier een vinkje: Verteld</a></li></ul></div>'
    )


def test_the_summary_is_silent_without_errors():
    assert show("{% error_summary forms=forms %}", forms=[TalkForm()]) == ""


def page(name):
    return path(f"{name}/", lambda _: None, name=name)


NAMES = ("worklist", "melding_new", "team_list", "print_list", "review_list", "beheer")
WERKPLEK = ([page(name) for name in NAMES], "werkplek")
urlpatterns = [
    page("werk"),
    page("account_logout"),
    page("account_settings"),
    page("account_sessions"),
    path("werkplek/", include(WERKPLEK)),
]
PLAIN_STATIC = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}


@override_settings(ROOT_URLCONF=__name__)
@pytest.mark.parametrize(("view", "mark"), [("werk", ' aria-current="page"'), ("ander", "")])
def test_a_nav_link_marks_the_page_it_leads_to(view, mark):
    request = SimpleNamespace(resolver_match=SimpleNamespace(view_name=view))
    html = show("{% nav_link url_name='werk' label='Werk' %}", request=request)
    assert html == f'<li><a href="/werk/"{mark}>Werk</a></li>'


@override_settings(STORAGES=PLAIN_STATIC)
@pytest.mark.parametrize("page", PAGES)
def test_an_error_page_needs_nothing_and_answers_four_questions(page):
    html = render_to_string(page)
    assert html.count("<h1") == 1
    assert "<h2>Is mijn werk bewaard?</h2>" in html
    assert "<h2>Wat kunt u nu doen?</h2>" in html
    assert "Bel uw gemeente: 14 en dan het netnummer" in html
    assert "Uitloggen" not in html


@override_settings(STORAGES=PLAIN_STATIC)
def test_a_refusal_gives_its_reason():
    assert "Alleen de toetser mag dit." in render_to_string("403.html", {"reason": "Alleen de toetser mag dit."})


@override_settings(STORAGES=PLAIN_STATIC, ROOT_URLCONF=__name__)
def test_the_page_has_its_landmarks_and_nothing_inline():
    actor = SimpleNamespace(user=SimpleNamespace(name="Sanne"), name="Sanne <b>", roles=frozenset())
    source = "{% extends 'portaal/base.html' %}{% block title %}Over uzelf{% endblock %}"
    contact = {"name": "Sanne Bakker", "phone": "06 12 34 56 78"}
    facts = {"request": SimpleNamespace(actor=actor), "has_errors": True, "contactpersoon": contact}
    html = show(source + "{% block heading %}Kop{% endblock %}", gemeente_naam="Gemeente Kerkdam", **facts)
    assert "<title>Fout: Over uzelf – Mijn ondersteuning</title>" in html
    assert '<html lang="nl" class="voorbeeld-theme tg-root tg-door-portaal">' in html
    assert '<h1 class="tg-main__heading">Kop</h1>' in html
    assert '<form method="post" action="/account_logout/">' in html
    assert '<div class="tg-messages" role="status"></div>' in html
    assert "Sanne &lt;b&gt;" in html
    assert '<a href="tel:0612345678">06 12 34 56 78</a>' in html
    assert [tag for tag in ("<header", "<main", "<footer", "nl-skip-link") if tag not in html] == []
    assert [inline for inline in (" style=", "<style", " onclick=", "<script>") if inline in html] == []


@override_settings(STORAGES=PLAIN_STATIC)
def test_without_contact_or_user_the_portal_shows_neither():
    html = render_to_string("portaal/base.html")
    assert "Uw contactpersoon" not in html
    assert "Uitloggen" not in html


TEAM_LINKS = [
    "Mijn werkvoorraad",
    "Nieuwe melding",
    "Korte vraag",
    "Zoeken",
    "Signalen",
    "Zaken van het team",
    "Afdruklijst",
    "Afwezigheid",
]


@pytest.mark.parametrize(
    ("roles", "labels"),
    [
        ({"wijkteamlid"}, TEAM_LINKS),
        ({"teamleider"}, [*TEAM_LINKS, "Noodtoegang beoordelen"]),
        ({"klantcontact"}, ["Nieuwe melding", "Korte vraag", "Zoeken"]),
        ({"ketenpartner"}, ["Gevraagd aan u"]),
        ({"toetser"}, ["Toetsen"]),
        (
            {"privacy"},
            ["Noodtoegang beoordelen", "Logboek", "Opvallende inzage", "Regels voor toegang", "Privacyverzoeken"],
        ),
        ({"beheerder"}, ["Regels voor toegang", "Beheer"]),
        ({"jurist"}, []),
        (set(), []),
    ],
)
@override_settings(STORAGES=PLAIN_STATIC)
def test_the_werkplek_shows_the_links_of_the_role(roles, labels):
    actor = SimpleNamespace(user=None, roles=frozenset(roles))
    html = show("{% extends 'werkplek/base.html' %}", request=SimpleNamespace(actor=actor, resolver_match=None))
    navigation = html.partition('aria-label="Hoofdmenu"')[2].partition("</nav>")[0]
    assert [part.partition("</a>")[0].rpartition(">")[2] for part in navigation.split("<li>")[1:]] == labels
