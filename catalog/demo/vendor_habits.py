"""What the vendors' files need beside their columns: rules against each one's habits, feeds, a file that was a mistake.

    before a vendor's first file: its rules ─► the file through them; later a further version, with its reason
    a file sent by mistake ─► taken back the same morning, each sheet as it was

Promise: nothing is fetched: the demo's feeds are paused, at addresses that exist nowhere. Not here: the files' bytes
(`vendor_files`), when the usual ones come (`moments`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import sqlalchemy as sa

from backoffice.demo import people, shops
from backoffice.demo.timeline import Calendar, Moment
from backoffice.extensions import db
from backoffice.files import StoredFile
from catalog.demo import finding, moments, vendor_files
from catalog.feeds import keeping
from catalog.feeds.lifecycle import FeedAction
from catalog.feeds.schedule import Every
from catalog.models import Import
from catalog.rulebook import versions
from catalog.takeback import taking_back


@dataclass(frozen=True, slots=True)
class Version:
    """A version of a vendor's rules: when, by whom ("" for someone at the vendor's), all its lines, and why."""

    vendor: str
    days: int
    hour: int
    by: str
    rules: tuple[str, ...]
    reason: str


_NEW = 'titre: remplacer "NOUVEAU" par ""'
_SHOP_NAME = 'titre: découper à " | " partie 1'
_LINK = 'description: remplacer " Voir la présentation" par ""'
_EDITOR = people.EDITOR
VERSIONS = (
    Version(
        "brin-de-fil", 113, 13, "", (_NEW,),
        "La boutique ajoute « NOUVEAU » à un titre sur trois ; le mot ne dit rien de l’article.",
    ),
    Version(
        "atelier-du-cap", 108, 13, _EDITOR, (_SHOP_NAME,),
        "Le flux est écrit pour la publicité : le nom de la boutique suit un titre sur deux.",
    ),
    Version(
        "atelier-du-cap", 107, 9, _EDITOR, (_SHOP_NAME, 'prix: unité "EUR"'),
        "Quelques prix arrivent sans devise ; Atelier du Cap ne vend qu’en euros.",
    ),
    Version(
        "brin-de-fil", 52, 11, _EDITOR, (_NEW, 'état: si-vide constante "neuf"'),
        "L’export ne dit jamais l’état ; la boutique ne vend que du neuf.",
    ),
    Version(
        "maison-verlaine", 20, 9, "", (_LINK,),
        "Un lien de notre ancien site, resté au bout d’une description sur quatre.",
    ),
    Version(
        "maison-verlaine", 10, 16, _EDITOR,
        (_LINK, 'description: remplacer " Livraison gratuite dès 49 € !!!" par ""'),
        "Les frais de port changent : leur place est dans les conditions de vente, pas dans une fiche.",
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Paused:
    """A feed that waits: whose, since when, how it is set, and who paused it ("" for someone at the vendor's)."""

    vendor: str
    days: int
    hour: int
    settings: Mapping[str, Any]
    by: str = ""


FEEDS = (
    # Its sale is suspended; the feed goes on when the sale does.
    Paused(
        "atelier-du-cap", 6, 17,
        {"name": "Flux Merchant", "address": "https://flux.atelier-du-cap.example/google_merchant.xml",
         "every": Every.DAY, "hour": 5}, people.EDITOR,
    ),
    # The till is being replaced: the new one's first file is the one that waits for its columns.
    Paused(
        "maison-verlaine", 1, 15,
        {"name": "Caisse, prix et stocks", "address": "https://export.maison-verlaine.example/stocks.csv",
         "every": Every.HOUR},
    ),
)  # fmt: skip


def of_vendors(calendar: Calendar) -> Iterator[Moment]:
    """Save the rules, add the feeds, and have one file taken back."""
    for version in VERSIONS:
        yield Moment(calendar.ago(version.days, version.hour, 40), partial(_save, version))
    for feed in FEEDS:
        yield Moment(calendar.ago(feed.days, feed.hour), partial(_add_paused, feed))
    # Twenty prices without the tax, seen by the vendor itself an hour later.
    mistake = vendor_files.untaxed()
    yield Moment(calendar.ago(13, 10, 5), partial(moments.send, mistake))
    yield Moment(calendar.ago(13, 11, 10), partial(_take_back, mistake.name))


def _save(version: Version) -> None:
    vendor = finding.vendor(version.vendor)
    standing = versions.newest(vendor.id)
    versions.save(
        vendor.id,
        base=standing.version if standing else 0,
        columns=standing.columns if standing else {},
        rules=version.rules,
        by=people.find(version.by) if version.by else shops.user_of(version.vendor),
        reason=version.reason,
    )


def _add_paused(feed: Paused) -> None:
    by = people.find(feed.by) if feed.by else shops.user_of(feed.vendor)
    keeping.act(keeping.add(finding.vendor(feed.vendor), feed.settings, by=by), FeedAction.PAUSE, by=by)


def _take_back(name: str) -> None:
    run = db.session.scalars(sa.select(Import).join(StoredFile).where(StoredFile.name == name)).one()
    taking_back.begin(run, by=people.find(people.EDITOR))
