"""The diagrams of the README are those of the code."""

from django.conf import settings

from toegang.core import flows


def test_readme_is_current():
    readme = (settings.BASE_DIR / "README.md").read_text(encoding="utf-8")
    assert flows.renewed(readme) == readme, "run manage.py draw_flows"


def test_an_old_drawing_is_found():
    readme = (settings.BASE_DIR / "README.md").read_text(encoding="utf-8")
    old = readme.replace("melding --> gesprek: plan_conversation", "melding --> plan: shortcut", 1)
    assert old != readme
    assert flows.renewed(old) != old


def test_every_life_is_drawn():
    assert [m.__name__ for m in flows.lives()] == [
        "Beschikking",
        "Case",
        "Evaluatie",
        "Hulpvraag",
        "Plan",
        "PrivacyRequest",
        "Signal",
        "UrgentDecision",
    ]
