"""A table imported at the desk by hand: chosen, looked at, a column corrected, confirmed, undone; without a script as well."""

import pytest
from playwright.async_api import Browser, expect

from tests.browser.people import DESK, Facilitator, arrive, opened
from tests.further import further
from tests.servers import ServerProcess

PLAN = "Axe;Quoi;Échéance;Statut\nOuvrir la halle;Tenir un guichet;31/03/2030;En cours\n".encode()


@pytest.mark.parametrize("script", [True, *further(False)])
async def test_U4_a_plan_is_chosen_a_column_corrected_confirmed_and_undone(
    browser: Browser, server: ServerProcess, script: bool
) -> None:
    links = await opened(server.address, "forum-participatif", "Été 2030", "fr")
    desk: Facilitator = await arrive(browser, Facilitator, DESK, locale="fr-FR", java_script_enabled=script)
    await (desk.enter(links.desk, "Claire") if script else desk.enter_plainly(links.desk))
    page, base = desk.page, links.desk.partition("#")[0]
    await page.goto(f"{base}/import")
    await page.set_input_files("#file", {"name": "plan.csv", "mimeType": "text/csv", "buffer": PLAN})
    await page.get_by_role("button", name="Regarder ce qu’il contient").click()
    await page.select_option("#of", "plan")
    await page.get_by_role("button", name="Lire ainsi").click()
    await page.select_option("select[name=column-1]", "title")
    await page.get_by_role("button", name="Lire ainsi").click()
    ticks = page.locator(".ticks")
    await expect(ticks).to_contain_text("Nouvelle action\u202f: Tenir un guichet")
    await expect(page.locator("main")).to_contain_text("Rien n’a encore été changé")
    await page.get_by_role("button", name="Importer ce qui est coché").first.click()
    undo = page.get_by_role("button", name="Annuler l’import")
    await expect(undo).to_be_visible()
    plan = await page.request.get(f"{base}/export/plan.csv")
    assert "Tenir un guichet" in await plan.text()
    await undo.click()
    await expect(page.locator(".flash")).to_contain_text("L’import a été annulé.")
    plan = await page.request.get(f"{base}/export/plan.csv")
    assert "Tenir un guichet" not in await plan.text()
