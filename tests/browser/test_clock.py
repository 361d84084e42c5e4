"""The demo holds one evaluation that is due today; its reminder appears within a minute of the start."""

import time

from tests.browser.doors import enter

DUE = """
SELECT e.case_id, e.status FROM plans_evaluatie e
WHERE e.due_on <= (now() AT TIME ZONE 'Europe/Amsterdam')::date AND e.status IN ('gepland', 'gevraagd')
"""


def test_the_reminder_appears(house, visit):
    case, status = house.ask(DUE)
    for _ in range(60):
        if status == "gevraagd":
            break
        time.sleep(1)
        _, status = house.ask(DUE)
    assert status == "gevraagd"
    tab = visit()
    enter(tab, house, "contactpersoon")
    row = tab.locator(f"a[href='/werkplek/zaak/{case}/']").first
    assert row.is_visible()
    assert "Evaluatie" in tab.locator("main").inner_text()
    tab.goto(f"{house.url}/werkplek/zaak/{case}/")
    assert "Herinnering evaluatie" in tab.locator("main").inner_text()


def test_it_is_done_once(house):
    (rows,) = house.ask("SELECT count(*) FROM core_outboxrow WHERE kind = 'remind_evaluation'")
    (steps,) = house.ask("SELECT count(*) FROM core_logrow WHERE object_type = 'evaluatie.remind'")
    assert (rows, steps) == (1, 1)
