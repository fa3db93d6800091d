"""Numbers that addresses and forms carry: a key, or nothing; never a fault of the program."""

from __future__ import annotations

import pytest
from flask import Flask

from backoffice.database import LARGEST_KEY, key_in
from backoffice.permissions import Role
from tests.factories.accounts import login, make_user

NO_KEYS = ("", "-1", "1.5", "²", "٣", "abc", " 1", str(LARGEST_KEY + 1), "9" * 40)


@pytest.mark.parametrize("text", NO_KEYS)
def test_what_no_table_can_hold_is_no_key(text: str) -> None:
    assert key_in(text) is None


def test_a_key_is_read_up_to_the_largest() -> None:
    assert [key_in(text) for text in ("7", "007", str(LARGEST_KEY))] == [7, 7, LARGEST_KEY]
    assert key_in(None) is None


@pytest.mark.parametrize("number", [*NO_KEYS, "--1", str(LARGEST_KEY), "99999999999"])
def test_a_page_takes_any_number_in_its_address(app: Flask, number: str) -> None:
    browser = login(app, make_user(Role.ADMINISTRATOR))
    for page in ("/sheets?vendor={}&import={}", "/disputes?vendor={}", "/orders?vendor={}", "/keywords?vendor={}&decided={}",
                 "/quality/?vendor={}", "/vendors?manager={}", "/queries?from={}", "/review/groups?vendor={}",
                 "/products?vendor={}&category={}&price={}-{}"):  # fmt: skip
        answer = browser.get(page.replace("{}", number))
        assert answer.status_code in (200, 404), (page, number)
