"""The citizen's own pages of the demo in a browser: coming in by the code on the demo's page, and every page whole."""

from collections.abc import Callable
from urllib.parse import urlsplit

from sqlalchemy import select

from hjelpa.core.database import auth_session, db
from hjelpa.core.isolation import tenant_scope
from modules.plans.models import Plan
from tenants.municipalities.models import Municipality
from tests.browser.conftest import Site, Window
from tests.browser.test_pages import check, kind_of, links, visit
from tests.guests import let_in, run_jobs
from tests.people import Town

ADDRESS = "prove@oppdiktet.example"


def stange(site: Site) -> Town:
    with site.app.app_context():
        tenant_id = auth_session.scalars(select(Municipality.id).where(Municipality.slug == "stange")).one()
    return Town(site.app, tenant_id, "stange", tenant_id)


def test_a_citizen_comes_in_by_the_code_and_finds_every_page_whole(
    site: Site, window: Callable[[str | None], Window]
) -> None:
    town, mine = stange(site), window(None)
    with site.app.app_context(), tenant_scope(town.tenant_id):
        citizen_id = db.session.scalars(select(Plan.citizen_id).order_by(Plan.created_at)).first()
    assert citizen_id is not None
    let_in(town, citizen_id, address=ADDRESS)
    mine.open("/stange/my/")
    mine.page.locator("#address").fill(ADDRESS)
    mine.page.locator("form.form button[type=submit]").click()
    run_jobs(town)
    mine.open(mine.page.url)
    code_page = mine.page.url
    mine.page.locator("aside.demo a").click()
    code = mine.page.locator("main article .words").first.inner_text().rpartition("#")[2].strip()
    mine.open(code_page)
    mine.page.locator("#code").fill(code)
    mine.page.locator("form.form button[type=submit]").click()
    assert urlsplit(mine.page.url).path == "/stange/my/"
    waiting, seen, wrong = [mine.page.url], set(), []
    while waiting:
        link = waiting.pop(0)
        if kind_of(site, link) in seen or "/my" not in urlsplit(link).path:
            continue
        seen.add(kind_of(site, link))
        if visit(mine, link):
            waiting += links(mine)
            wrong += check(mine, site, urlsplit(link).path)
    assert wrong == []
    assert {"my.home", "my.reads", "own_plan.show", "own_plan.canvas", "own_plan.sharing", "own_plan.copy"} <= seen
