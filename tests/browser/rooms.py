"""Every page by who reads it: what the page check visits and the screenshots show.

A page is an address, or where one comes from an address by following its first links. Not here: pages that exist
only in the middle of an act (the preview of a file, the steps of opening a dispute); the journeys pass those.
"""

from __future__ import annotations

from playwright.sync_api import Page

from backoffice.permissions import Role


class Room:
    """One page: a readable name, where it is, and the links to follow from there, one after the other."""

    def __init__(self, name: str, address: str, *follow: str) -> None:
        self.name, self.address, self.follow = name, address, follow

    def open(self, page: Page) -> bool:
        """Go there; returns False where there is no thing to follow to."""
        page.goto(self.address)
        for selector in self.follow:
            link = page.locator(selector).first
            if not link.count():
                return False
            page.goto(link.get_attribute("href") or self.address)
        return True


FIRST_ROW = "main tbody th a[href]"
PUBLIC = (
    Room("login", "/login"),
    Room("password-forgotten", "/password"),
    Room("apply", "/apply"),
    Room("apply-thanks", "/apply/thanks"),
    Room("terms", "/terms"),
    Room("find-my-order", "/find-my-order"),
)
HOME = Room("home", "/")
ROOMS: dict[Role, tuple[Room, ...]] = {
    Role.ADMINISTRATOR: (
        HOME,
        Room("users", "/users"),
        Room("user", "/users", FIRST_ROW),
        Room("invite", "/users/invite"),
        Room("audit", "/audit"),
        Room("tasks", "/tasks"),
        Room("api-keys", "/api-keys"),
        Room("categories", "/categories"),
        Room("category-levels", "/categories/levels"),
        Room("category-values", "/categories/lists"),
        Room("category-duties", "/categories/duties"),
        Room("category-suggestion", "/categories/suggestion"),
        Room("category-changes", "/categories/history"),
        Room("rules", "/rules"),
        Room("index", "/index"),
        Room("commission-rules", "/commission-rules"),
        Room("style", "/style"),
    ),
    Role.ACCOUNT_MANAGER: (
        HOME,
        Room("profile", "/profile"),
        Room("notifications", "/notifications"),
        Room("search", "/search?q=maison"),
        Room("vendors", "/vendors"),
        Room("vendors-board", "/vendors/board"),
        Room("vendor", "/vendors", FIRST_ROW),
        Room("vendor-to-review", "/vendors?status=ready_for_review", FIRST_ROW),
        Room("vendor-people", "/vendors", FIRST_ROW, "main a[href$='/people']"),
        Room("vendor-new", "/vendors/new"),
        Room("imports", "/imports"),
        Room("import-new", "/imports/new"),
        Room("orders", "/orders"),
        Room("order", "/orders", FIRST_ROW),
        Room("order-imports", "/orders/imports"),
        Room("order-import", "/orders/imports", FIRST_ROW),
        Room("order-import-new", "/orders/imports/new"),
        Room("disputes", "/disputes?view=all"),
    ),
    Role.CONTENT_EDITOR: (
        HOME,
        Room("import", "/imports", FIRST_ROW),
        Room("import-lines", "/imports", FIRST_ROW, "main a[href*='/lines']"),
        Room("sheets", "/sheets"),
        Room("sheet", "/sheets", FIRST_ROW),
        Room("review", "/review"),
        Room("review-blocked", "/review?tab=blocked"),
        Room("duplicates", "/duplicates"),
        Room("judgements", "/duplicates?tab=decided"),
        Room("products", "/products"),
        Room("products-found", "/products?q=cafeti%C3%A8re+nespresso"),
        Room("product", "/products?q=cafeti%C3%A8re", "#hits a[href]"),
        Room("product-why", "/products?q=cafeti%C3%A8re", "#hits a[href*='/why']"),
        Room("keywords", "/keywords"),
        Room("rules", "/rules"),
        Room("rule", "/rules/title.case"),
        Room("quality", "/quality/"),
        Room("quality-by-category", "/quality/?by=category"),
        Room("mend-first", "/quality/mend-first"),
        Room("review-groups", "/review/groups"),
        Room("review-audit", "/review/audit"),
        Room("review-pace", "/review/pace"),
        Room("duplicates-audit", "/duplicates/audit"),
        Room("mappings", "/mappings"),
        Room("queries", "/steering/queries"),
        Room("query-story", "/steering/queries/story?q=cafetiere"),
        Room("steering-rules", "/steering/rules"),
        Room("steering-rule-new", "/steering/rules/new"),
        Room("synonyms", "/steering/synonyms"),
        Room("synonym-new", "/steering/synonyms/new"),
        Room("feeds", "/feeds"),
        Room("assortment", "/assortment/"),
        Room("never-sold", "/assortment/never-sold"),
        Room("odd-prices", "/assortment/odd-prices"),
        Room("sheet-past", "/sheets", FIRST_ROW, "main a[href$='/past']"),
    ),
    Role.MEDIATOR: (
        HOME,
        Room("disputes", "/disputes"),
        Room("disputes-all", "/disputes?view=all"),
        Room("dispute-with-mediator", "/disputes?view=unassigned", FIRST_ROW),
        Room("dispute", "/disputes?view=all", FIRST_ROW),
        Room("dispute-finished", "/disputes?view=finished", FIRST_ROW),
        Room("dispute-report", "/disputes/report"),
    ),
    Role.VENDOR_USER: (
        HOME,
        Room("company", "/company"),
        Room("team", "/team"),
        Room("onboarding", "/onboarding"),
        Room("onboarding-company", "/onboarding/company"),
        Room("onboarding-document", "/onboarding/identity_document"),
        Room("imports", "/imports"),
        Room("import-new", "/imports/new"),
        Room("import", "/imports", FIRST_ROW),
        Room("sheets", "/sheets"),
        Room("sheet", "/sheets", FIRST_ROW),
        Room("orders", "/orders"),
        Room("order", "/orders", FIRST_ROW),
        Room("disputes", "/disputes"),
        Room("dispute", "/disputes?view=all", FIRST_ROW),
        Room("api-keys", "/api-keys"),
        Room("own-quality", "/quality/own"),
        Room("own-mend-first", "/quality/mend-first"),
    ),
    Role.BUYER: (
        HOME,
        Room("my-orders", "/my-orders"),
        Room("my-order", "/my-orders", FIRST_ROW),
        Room("dispute-open", "/my-orders", FIRST_ROW, "main a[href$='/dispute']"),
        Room("disputes", "/disputes"),
        Room("dispute", "/my-orders", "main tbody td a[href*='/disputes/']"),
    ),
}
