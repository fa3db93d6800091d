"""A small marketplace in which every persona owns something, or is a stranger to it.

Areas add what they need through `EXTEND`: functions that take the world and set attributes on it.
"""

from __future__ import annotations

import importlib
import pkgutil
from types import SimpleNamespace
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

import tests.permissions as areas
from backoffice.permissions import Role
from tests.factories.accounts import login, make_user
from tests.factories.vendors import make_vendor


class World(SimpleNamespace):
    """The people of the permission table and the things they own; areas' `extend(world)` add theirs."""

    @classmethod
    def build(cls, app: Flask) -> World:
        """Make everyone and everything once."""
        world = cls(app=app, vendor=make_vendor(), other_vendor=make_vendor())
        world.users = {role.value: make_user(role) for role in list(Role)[:4]}
        world.users |= {
            "vendor_owner": make_user(Role.VENDOR_USER, vendor_id=world.vendor.id),
            "vendor_stranger": make_user(Role.VENDOR_USER, vendor_id=world.other_vendor.id),
            "buyer_owner": make_user(Role.BUYER),
            "buyer_stranger": make_user(Role.BUYER),
        }
        for module in pkgutil.iter_modules(areas.__path__):
            extend: Any = getattr(importlib.import_module(f"{areas.__name__}.{module.name}"), "extend", None)
            if extend is not None:
                extend(world)
        return world

    def browser(self, persona: str) -> FlaskClient:
        """Return a browser of this persona."""
        if persona == "anonymous":
            return self.app.test_client()
        return login(self.app, self.users[persona])
