"""One household's journey as the professional walks it in the browser."""

import time

from tests.browser.doors import enter

LEEFGEBIEDEN = ("Gezondheid", "Huishouden")


class Walk:
    """A contactpersoon and a toetser at work on one case."""

    def __init__(self, house, visit):
        self.house, self.visit = house, visit
        self.tab = visit()
        enter(self.tab, house, "contactpersoon")
        self.case = ""

    def go(self, path):
        self.tab.goto(f"{self.house.url}/werkplek/{path}")

    def part(self, path=""):
        self.go(f"zaak/{self.case}/{path}")

    def press(self, name):
        self.tab.get_by_role("button", name=name).first.click()
        self.tab.wait_for_load_state()
        assert not self.tab.title().startswith("Fout"), self.tab.locator("main").inner_text()[:800]

    def fill(self, **values):
        for name, value in values.items():
            self.tab.locator(f"[name={name}]").first.fill(value)

    def choose(self, **values):
        for name, value in values.items():
            self.tab.locator(f"[name={name}][value={value}]").check()

    def ids(self, sql):
        return self.house.ask(sql, self.case)

    def report(self, *, names, law, born, second=None):
        """Register a melding of somebody who reads letters in the portaal."""
        self.go("melding/nieuw/")
        given, family = names
        self.fill(given_names=given, family_name=family, street="Zeedijk", house_number="3", postcode="1234AB")
        self.fill(city="Lindemeer", words="Het lukt niet meer alleen.", need="Hulp in huis", phone="0123 456789")
        for part, value in zip(("dag", "maand", "jaar"), born, strict=True):
            self.fill(**{f"born_{part}": value})
        self.choose(letter_channel="digitaal", route="telefoon", aware="ja", law=law)
        if second:
            self._second(second)
        self.press("Melding opslaan")
        if self.tab.get_by_role("heading", name="Kennen wij deze persoon al?").count():  # the same telephone number
            self.choose(known="nieuw")
            self.press("Melding opslaan")
        self.case = self.tab.url.rstrip("/").rsplit("/", 1)[-1]

    def _second(self, second):
        self.tab.locator("details:has([name=law_2]) > summary").click()
        self.tab.locator("[name=law_2]").select_option(second["law"])
        self.fill(need_2="Hulp op school", other_given_names=second["given"], other_family_name=second["family"])
        self.choose(whose_2="ander")
        for part, value in zip(("dag", "maand", "jaar"), second["born"], strict=True):
            self.fill(**{f"other_born_{part}": value})

    def await_letters(self):
        """Wait until the worker made and sent what was ordered for this case."""
        sql = "SELECT count(*) FROM casework_letter WHERE case_id = %s AND document_id IS NULL"
        for _ in range(300):
            if self.ids(sql) == (0,):
                return
            time.sleep(0.1)
        raise AssertionError("the worker did not make the letters")

    def post_paper(self):
        """Post what waits on the print list for this case."""
        while True:
            self.go("afdrukken/")
            waiting = self.ids(
                "SELECT id FROM casework_letter WHERE case_id = %s AND channel = 'papier' AND sent_on IS NULL LIMIT 1"
            )
            if not waiting:
                return
            self.tab.locator(f"form[action$='/{waiting[0]}/gepost/'] button").click()
            self.tab.wait_for_load_state()

    def talk(self):
        self.part("gesprek/")
        self.fill(on="morgen", time="10.30")
        self.choose(form="thuis")
        self.tab.locator("[name=form][value=thuis]").check()
        self.tab.locator("main form:has([name=time]) button[type=submit]").click()
        self.part("gesprek/gevoerd/")
        self.fill(on="vandaag", present="De inwoner en ik", summary="Wij spraken over het huis.")
        self.choose(form="thuis")
        for box in ("support_told", "own_plan_told"):
            self.tab.locator(f"[name={box}]").check()
        for name in LEEFGEBIEDEN:
            self.tab.get_by_label(name, exact=False).first.check()
        self.tab.locator("main form:has([name=summary]) button[type=submit]").click()
        self.tab.wait_for_load_state()
        assert self.ids("SELECT status FROM casework_case WHERE id = %s") == ("vraaganalyse",)

    def analyse(self, hulpvraag):
        for (note,) in self._all("SELECT id FROM casework_leefgebiednote WHERE case_id = %s AND relevant IS NULL"):
            self.part(f"analyse/leefgebied/{note}/")
            self.choose(relevant="ja")
            self.fill(why="Dit speelt mee.", situation="Het gaat redelijk.")
            self.press("Bewaren")
        self.part(f"analyse/onderzoek/{hulpvraag}/")
        for area in self.tab.locator("main textarea[name^=text_]").all():
            area.fill("Dit bespraken wij samen.")
        self.press("Bewaren")
        self.part("analyse/")
        self.tab.locator(f"form[action$='/verslag/{hulpvraag}/'] button").click()
        self.tab.wait_for_load_state()
        self.await_letters()
        self.part(f"analyse/reactie/{hulpvraag}/")
        self.choose(reaction="klopt")
        self.fill(on="vandaag")
        self.tab.locator("main form:has([name=reaction]) button[type=submit]").click()
        self.part("analyse/")
        self.press("Vraaganalyse afronden")

    def _all(self, sql):
        found = self.ids(f"SELECT array_agg(x.id) FROM ({sql}) x")[0] or []
        return [(pk,) for pk in found]

    def plan(self, hulpvraag):
        self.part("plan/")
        self.press("Plan beginnen")
        self.part("plan/doel/")
        self.fill(result="Ik kan thuis blijven wonen")
        self.tab.locator("main form:has([name=result]) button[type=submit]").click()
        (goal,) = self.ids("SELECT id FROM plans_goal WHERE case_id = %s")
        self.part(f"plan/doel/{goal}/actie/")
        self.choose(by="netwerk")
        self.fill(what="Dochter doet de boodschappen")
        self.tab.locator("main form:has([name=what]) button[type=submit]").click()
        self.part(f"plan/ladder/{hulpvraag}/")
        for rung in ("eigen_kracht", "gebruikelijk", "netwerk", "algemeen"):
            self.fill(**{rung: "Dat is niet genoeg."})
        self.tab.locator("main form:has([name=algemeen]) button[type=submit]").click()
        self._line(hulpvraag, goal)
        self.part("plan/")
        self.press("Plan delen met de inwoner")
        self.part("plan/antwoord/")
        self.choose(agreement="heel")
        self.fill(on="vandaag", agreed_by="De inwoner zelf")
        self.tab.locator("main form:has([name=agreement]) button[type=submit]").click()
        self.tab.wait_for_load_state()
        assert self.ids("SELECT status FROM casework_case WHERE id = %s") == ("aanbieder",)

    def _line(self, hulpvraag, goal):
        (product,) = self.house.ask("SELECT id FROM providers_product WHERE key = 'huishoudelijke_hulp'")
        self.part(f"plan/maatwerk/{hulpvraag}/?product={product}")
        if not self.tab.locator("[name=volume]").count():
            self.tab.locator(f"[name=product][value='{product}']").check()
            self.tab.locator("main form:has([name=product]) button[type=submit]").click()
        self.tab.locator(f"[name=goal][value='{goal}']").check()
        self.fill(volume="2,5", starts_on="morgen", ends_on="31-12-2027")
        self.choose(form="natura")
        self.tab.locator("main form:has([name=volume]) button[type=submit]").click()

    def choose_provider(self, hulpvraag):
        (line,) = self.ids("SELECT id FROM plans_maatwerkline WHERE case_id = %s")
        self.part(f"aanbieder/regel/{line}/")
        self.choose(choice="aanbieder")
        self.tab.locator("[name=provider]:not([value=''])").first.check()
        self.tab.locator("main form:has([name=choice]) button[type=submit]").click()
        self.part(f"aanbieder/aanvraag/{hulpvraag}/")
        self.fill(received_on="vandaag")
        self.tab.locator("main form:has([name=received_on]) button[type=submit]").click()
        self.part("aanbieder/")
        self.press("Naar het besluit")

    def decide(self):
        self.part("besluit/")
        self.press("Besluit schrijven")
        self.choose(outcome="toekenning")
        self.fill(motivation="U kunt zelf niet meer stofzuigen. Uw dochter helpt al met de boodschappen.")
        self.tab.locator("[name=reviewer]").select_option(index=1)
        self.press("Opslaan")
        (self.beschikking,) = self.ids("SELECT id FROM decisions_beschikking WHERE case_id = %s AND status = 'concept'")
        self.part(f"besluit/{self.beschikking}/")
        self.press("Naar de toetser")

    def review(self, action, remarks=""):
        tab = self.visit()
        enter(tab, self.house, "toetser")
        tab.goto(f"{self.house.url}/werkplek/toetsen/{self.beschikking}/")
        tab.locator(f"[name=action][value={action}]").check()
        tab.locator("[name=remarks]").fill(remarks)
        tab.get_by_role("button", name="Oordeel vastleggen").click()
        tab.wait_for_load_state()

    def issue(self):
        self.part(f"besluit/{self.beschikking}/")
        self.press("Besluit versturen")
