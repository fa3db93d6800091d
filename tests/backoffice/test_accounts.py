"""Joining, logging in and out, passwords, users and roles, keys of programs."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient

from backoffice import clock
from backoffice.accounts import invitations, links, passwords, tokens
from backoffice.accounts.links import Purpose
from backoffice.accounts.models import ApiToken, LoginAttempt, SingleUseLink, User, UserSession
from backoffice.audit import AuditEvent
from backoffice.clock import now
from backoffice.errors import Conflict, IllegalMove, Invalid, NotFound
from backoffice.extensions import db
from backoffice.jobs import drain
from backoffice.notifications import Notification, OutgoingMail
from backoffice.permissions import Role
from tests.factories.accounts import login, make_user
from tests.factories.vendors import make_vendor

GOOD = "lantern orbit 7 walnut"
OTHER = "quiet harbour 9 velvet"


@pytest.fixture(autouse=True)
def cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Argon2 at its least cost: what is tested is when it is asked, not how hard it works."""
    monkeypatch.setattr(passwords, "HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    passwords._nobodys_hash.cache_clear()


def member(role: Role = Role.ADMINISTRATOR, password: str = GOOD, **values: object) -> User:
    """Return a stored user who has chosen a password."""
    user = make_user(role, **values)
    passwords.set_password(user, password)
    db.session.commit()
    return user


def enter(client: FlaskClient, email: str, password: str, **query: str) -> int:
    return client.post("/login", data={"email": email, "password": password}, query_string=query).status_code


# Login


def test_whoever_knows_the_password_comes_in_and_goes_where_they_were_heading(client: FlaskClient) -> None:
    user = member()
    answer = client.post("/login?next=/users", data={"email": user.email.upper(), "password": GOOD})
    assert answer.status_code == 302
    assert answer.location == "/users"
    assert client.get("/users").status_code == 200


def test_unknown_and_wrong_are_answered_with_the_same_words(client: FlaskClient) -> None:
    user = member()
    wrong = client.post("/login", data={"email": user.email, "password": "not the password"})
    unknown = client.post("/login", data={"email": "x" + user.email, "password": "not the password"})
    assert wrong.status_code == unknown.status_code == 422
    strip = re.compile(r'nonce="[^"]*"|value="[^"]*"|nonce-[^\']*')
    assert strip.sub("", wrong.text) == strip.sub("", unknown.text)
    assert "do not go together" in wrong.text


def test_an_unknown_person_costs_one_hash_like_a_known_one(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    hasher = passwords.HASHER

    class Counting:
        def verify(self, stored: str, password: str) -> bool:
            asked.append(stored)
            return hasher.verify(stored, password)

        def __getattr__(self, name: str) -> object:
            return getattr(hasher, name)

    monkeypatch.setattr(passwords, "HASHER", Counting())
    assert not passwords.verify(None, "anything")
    assert len(asked) == 1


def test_the_password_of_nobody_opens_nothing(app: Flask) -> None:
    assert not passwords.verify(None, "nobody's password, never accepted")
    assert not passwords.verify(make_user(), "nobody's password, never accepted")


@pytest.mark.parametrize("values", [{"active": False}, {"password_hash": None}])
def test_someone_put_away_or_not_yet_joined_does_not_come_in(client: FlaskClient, values: dict[str, object]) -> None:
    user = member()
    for name, value in values.items():
        setattr(user, name, value)
    db.session.commit()
    assert enter(client, user.email, GOOD) == 422


def test_guessing_is_slowed_down_by_email_and_forgiven_after_a_while(client: FlaskClient) -> None:
    user = member()
    assert [enter(client, user.email, f"wrong {n}") for n in range(8)] == [422] * 8
    answer = client.post("/login", data={"email": user.email, "password": GOOD})
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 60
    with clock.frozen(now() + timedelta(minutes=16)):
        assert enter(client, user.email, GOOD) == 302


def test_guessing_many_people_from_one_address_is_slowed_down_too(client: FlaskClient) -> None:
    db.session.add_all(LoginAttempt(key="login:address:127.0.0.1") for _ in range(60))
    db.session.commit()
    assert enter(client, "anyone@house.example", "wrong") == 429


def test_a_login_that_succeeds_forgets_the_tries_before_it(client: FlaskClient) -> None:
    user = member()
    for _ in range(3):
        enter(client, user.email, "wrong")
    enter(client, user.email, GOOD)
    keys = list(db.session.scalars(sa.select(LoginAttempt.key)))
    assert [key for key in keys if ":email:" in key] == []


@pytest.mark.parametrize(
    "address",
    [
        "//evil.example",
        "https://evil.example/",
        "/\\evil.example",
        "javascript:alert(1)",
        "/\t/evil.example",
        "evil",
        "",
    ],
)
def test_a_link_to_the_login_leads_to_no_other_house(client: FlaskClient, address: str) -> None:
    user = member()
    answer = client.post("/login", data={"email": user.email, "password": GOOD}, query_string={"next": address})
    assert answer.location == "/"


def test_a_hash_made_with_an_older_cost_is_renewed_at_login(client: FlaskClient) -> None:
    user = member()
    user.password_hash = PasswordHasher(time_cost=2, memory_cost=8, parallelism=1).hash(GOOD)
    db.session.commit()
    enter(client, user.email, GOOD)
    db.session.expire_all()
    assert "t=1" in (user.password_hash or "")


def test_passwords_are_kept_as_argon2id() -> None:
    assert PasswordHasher().hash("x").startswith("$argon2id$")


# Leaving


def test_a_copied_cookie_is_worth_nothing_after_logout(app: Flask) -> None:
    browser = login(app, make_user())
    copied = browser.get_cookie("comptoir")
    assert copied is not None
    browser.post("/logout")
    thief = app.test_client()
    thief.set_cookie("comptoir", copied.value)
    assert thief.get("/profile").status_code == 302


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_door_speaks_the_language_in_which_one_left(app: Flask, language: str) -> None:
    browser = login(app, make_user(locale=language))
    other = {"fr": "en", "en": "fr"}[language]
    page = browser.post("/logout", headers={"Accept-Language": other}, follow_redirects=True)
    assert f'lang="{language}"' in page.text


def test_logging_out_everywhere_keeps_this_browser_only(app: Flask) -> None:
    user = make_user()
    here, there = login(app, user), login(app, user)
    here.post("/logout-everywhere")
    assert here.get("/profile").status_code == 200
    assert there.get("/profile").status_code == 302


# Invitations


def test_an_invitation_is_spent_by_the_first_use_only(client: FlaskClient) -> None:
    user, path = invitations.invite("Anna@House.example", Role.MEDIATOR, by=None)
    db.session.commit()
    assert user.email == "anna@house.example"
    assert client.get(path).status_code == 200
    form = {"name": "Anna", "password": GOOD, "again": GOOD}
    assert client.post(path, data=form).status_code == 302
    assert client.get("/profile").status_code == 200
    assert client.post("/logout").status_code == 302
    assert client.post(path, data=form).status_code == 404
    assert enter(client, user.email, GOOD) == 302


def test_of_two_uses_at_once_one_counts(app: Flask) -> None:
    token = links.create(make_user(), Purpose.INVITATION)
    db.session.commit()
    assert links.use(token, Purpose.INVITATION)
    with pytest.raises(NotFound):
        links.use(token, Purpose.INVITATION)


def test_a_link_dies_with_time_and_with_a_newer_one(app: Flask) -> None:
    user = make_user()
    first = links.create(user, Purpose.RESET)
    second = links.create(user, Purpose.RESET)
    with pytest.raises(NotFound):
        links.find(first, Purpose.RESET)
    assert links.find(second, Purpose.RESET).user_id == user.id
    with pytest.raises(NotFound):
        links.find(second, Purpose.INVITATION)
    with clock.frozen(now() + timedelta(hours=2)), pytest.raises(NotFound):
        links.find(second, Purpose.RESET)


def test_neither_the_link_nor_the_mail_that_left_keeps_its_key(app: Flask) -> None:
    _user, path = invitations.invite("anna@house.example", Role.MEDIATOR, by=None)
    db.session.commit()
    token = path.rsplit("/", 1)[1]
    assert db.session.scalar(sa.select(OutgoingMail.body)).count(token) == 1
    drain()
    assert token not in db.session.scalar(sa.select(OutgoingMail.body))
    assert token not in db.session.scalar(sa.select(SingleUseLink.digest))


def test_nobody_is_invited_twice_or_as_a_vendors_user_without_vendor(app: Flask) -> None:
    user = make_user()
    with pytest.raises(Conflict):
        invitations.invite(user.email.upper(), Role.MEDIATOR, by=None)
    with pytest.raises(Invalid):
        invitations.invite("new@house.example", Role.VENDOR_USER, by=None)


# Passwords


@pytest.mark.parametrize(
    "password",
    [
        "short",
        "password1234",
        "P@ssw0rd2026!",
        "motdepasse123",
        "azertyuiop12",
        "123456789012",
        "aaaaaaaaaaaaaa",
        "SoleilSoleil75",
        "Marseille1993!",
        "doudoulove2025",
        "x" * 300,
    ],
)
def test_passwords_that_are_tried_first_are_refused(app: Flask, password: str) -> None:
    with app.test_request_context():
        assert passwords.problem(password)


@pytest.mark.parametrize(
    "password", [GOOD, OTHER, "Tk9#vLq2!mZx", "le facteur aime 3 tartes", "correcthorsebatterystaple"]
)
def test_long_and_unusual_passwords_are_taken(app: Flask, password: str) -> None:
    with app.test_request_context():
        assert passwords.problem(password, email="anna@house.example", name="Anna Bell") is None


def test_a_password_made_of_ones_own_name_is_refused(app: Flask) -> None:
    with app.test_request_context():
        assert passwords.problem("clementine2026", email="clementine@house.example")
        assert passwords.problem("xclementinex11", email="c@house.example", name="Clementine")


def test_a_forgotten_password_is_chosen_anew_and_ends_every_session(app: Flask, client: FlaskClient) -> None:
    user = member()
    elsewhere = login(app, user)
    client.post("/password", data={"email": user.email})
    body = db.session.scalar(sa.select(OutgoingMail.body))
    path = re.search(r"/reset/\S+", body).group()  # type: ignore[union-attr]
    assert client.post(path, data={"password": "password1234", "again": "password1234"}).status_code == 422
    assert client.post(path, data={"password": OTHER, "again": OTHER + "x"}).status_code == 422
    assert client.post(path, data={"password": OTHER, "again": OTHER}).status_code == 302
    assert client.get("/profile").status_code == 200
    assert elsewhere.get("/profile").status_code == 302
    assert passwords.verify(db.session.get(User, user.id), OTHER)


def test_asking_for_an_unknown_address_says_the_same_and_sends_nothing(client: FlaskClient) -> None:
    known = client.post("/password", data={"email": member().email}, follow_redirects=True)
    sent = db.session.scalar(sa.select(sa.func.count()).select_from(OutgoingMail))
    unknown = client.post("/password", data={"email": "nobody@house.example"}, follow_redirects=True)
    assert "on its way" in known.text
    assert "on its way" in unknown.text
    assert db.session.scalar(sa.select(sa.func.count()).select_from(OutgoingMail)) == sent == 1


def test_changing_the_password_asks_for_the_old_one_and_leaves_this_browser_in(app: Flask) -> None:
    user = member()
    here, there = login(app, user), login(app, user)
    old_cookie = here.get_cookie("comptoir")
    wrong = {"current": "wrong", "password": OTHER, "again": OTHER}
    assert here.post("/profile/password", data=wrong).status_code == 422
    right = {"current": GOOD, "password": OTHER, "again": OTHER}
    assert here.post("/profile/password", data=right).status_code == 302
    new_cookie = here.get_cookie("comptoir")
    assert old_cookie is not None
    assert new_cookie is not None
    assert new_cookie.value != old_cookie.value
    assert here.get("/profile").status_code == 200
    assert there.get("/profile").status_code == 302


# Language, theme, profile, bell


def test_the_language_is_kept_in_the_browser_and_with_the_person(app: Flask, client: FlaskClient) -> None:
    assert 'lang="en"' in client.get("/login").text
    assert client.post("/language", data={"locale": "fr", "next": "/login"}).location == "/login"
    assert 'lang="fr"' in client.get("/login").text
    user = make_user(locale="en")
    browser = login(app, user)
    browser.post("/language", data={"locale": "fr", "next": "//evil.example"})
    assert db.session.get(User, user.id).locale == "fr"
    assert 'lang="fr"' in browser.get("/profile").text


def test_only_known_languages_and_themes_are_kept(app: Flask) -> None:
    user = make_user()
    browser = login(app, user)
    browser.post("/language", data={"locale": "xx"})
    browser.post("/theme", data={"theme": "pink"})
    assert (user.locale, user.theme) == ("en", "auto")
    browser.post("/theme", data={"theme": "dark"})
    assert user.theme == "dark"
    assert 'data-bs-theme="dark"' in browser.get("/profile").text


def test_a_profile_keeps_what_was_typed_and_takes_no_more_than_it_asks(app: Flask) -> None:
    user = make_user(Role.MEDIATOR)
    browser = login(app, user)
    assert browser.post("/profile", data={"name": "", "locale": "fr", "theme": "dark"}).status_code == 422
    browser.post("/profile", data={"name": "Zoé", "locale": "fr", "theme": "dark", "role": "administrator"})
    assert (user.name, user.locale, user.theme, user.role) == ("Zoé", "fr", "dark", Role.MEDIATOR)


def test_the_bell_lists_ones_own_lines_and_opening_one_reads_it(app: Flask) -> None:
    user, other = make_user(), make_user()
    mine = Notification(user_id=user.id, kind="vendor_started", params={"vendor": "Alpha"}, url="/profile")
    theirs = Notification(user_id=other.id, kind="vendor_started", params={"vendor": "Beta"}, url="/profile")
    db.session.add_all([mine, theirs])
    db.session.commit()
    browser = login(app, user)
    page = browser.get("/notifications").text
    assert "Alpha has begun" in page
    assert "Beta" not in page
    assert browser.post(f"/notifications/{mine.id}/open").location == "/profile"
    assert browser.post(f"/notifications/{theirs.id}/open").status_code == 404
    assert mine.read_at is not None
    assert theirs.read_at is None


# Users and roles


def test_an_administrator_invites_and_the_mail_leads_to_the_door(app: Flask) -> None:
    browser = login(app, make_user())
    form = {"email": "new@house.example", "name": "Neu", "role": "mediator", "locale": "en"}
    assert browser.post("/users/invite", data=form).status_code == 302
    assert browser.post("/users/invite", data=form).status_code == 422
    mail = db.session.scalar(sa.select(OutgoingMail))
    assert mail.recipient == "new@house.example"
    assert "http://localhost/join/" in mail.body


def test_no_one_is_invited_as_buyer_or_vendor_from_the_users_page(app: Flask) -> None:
    browser = login(app, make_user())
    form = {"email": "new@house.example", "role": "vendor_user", "locale": "en"}
    assert browser.post("/users/invite", data=form).status_code == 422


def test_another_role_ends_the_sessions_and_is_in_the_history(app: Flask) -> None:
    admin, person = make_user(), make_user(Role.MEDIATOR)
    theirs = login(app, person)
    login(app, admin).post(f"/users/{person.id}/role", data={"role": "content_editor"})
    assert person.role == Role.CONTENT_EDITOR
    assert theirs.get("/profile").status_code == 302
    event = db.session.scalar(sa.select(AuditEvent).where(AuditEvent.verb == "user.change_role"))
    assert event.changes == {"role": ["mediator", "content_editor"]}


def test_no_one_takes_their_own_rights_and_the_last_administrator_stays(app: Flask) -> None:
    admin, other = make_user(), make_user(active=False)
    with pytest.raises(IllegalMove):
        invitations.deactivate(admin, by=admin)
    with pytest.raises(IllegalMove):
        invitations.change_role(admin, Role.MEDIATOR, by=other)
    other.active = True
    invitations.change_role(admin, Role.MEDIATOR, by=other)
    assert admin.role == Role.MEDIATOR


def test_a_vendors_user_never_becomes_staff(app: Flask) -> None:
    person = make_user(Role.VENDOR_USER, vendor_id=make_vendor().id)
    with pytest.raises(IllegalMove):
        invitations.change_role(person, Role.ADMINISTRATOR, by=make_user())


def test_someone_put_away_is_out_at_once_and_can_be_brought_back(app: Flask) -> None:
    admin, person = make_user(), make_user(Role.MEDIATOR)
    theirs, ours = login(app, person), login(app, admin)
    token = links.create(person, Purpose.RESET)
    ours.post(f"/users/{person.id}/deactivate")
    assert theirs.get("/profile").status_code == 302
    with pytest.raises(NotFound):
        links.find(token, Purpose.RESET)
    ours.post(f"/users/{person.id}/activate")
    assert person.active


def test_the_list_is_narrowed_by_role_state_and_text(app: Flask) -> None:
    admin = member(name="Anna")
    make_user(Role.MEDIATOR, name="Basile", email="basile@house.example")
    make_user(Role.MEDIATOR, name="Chloé", active=False)
    browser = login(app, admin)

    def shown(**query: str) -> set[str]:
        page = browser.get("/users", query_string=query).text
        rows = re.findall(r'<th scope="row">\s*<a[^>]*>([^<]+)</a>', page)
        return set(rows)

    assert shown() == {"Anna", "Basile", "Chloé"}
    assert shown(role="mediator") == {"Basile", "Chloé"}
    assert shown(state="put_away") == {"Chloé"}
    assert shown(state="invited") == {"Basile"}
    assert shown(text="BASILE@") == {"Basile"}
    assert shown(text="%") == set()


# Keys of programs


def test_a_key_is_shown_once_and_kept_as_a_hash(app: Flask) -> None:
    browser = login(app, make_user())
    page = browser.post("/api-keys", data={"name": "storefront", "vendor": ""}).text
    secret = re.search(r'id="new-key">([^<]+)<', page).group(1)  # type: ignore[union-attr]
    assert tokens.find(secret).name == "storefront"
    assert secret not in browser.get("/api-keys").text
    assert db.session.scalar(sa.select(ApiToken.digest)) != secret


def test_a_revoked_key_opens_nothing(app: Flask) -> None:
    admin = make_user()
    row, secret = tokens.create("storefront", by=admin)
    db.session.commit()
    login(app, admin).post(f"/api-keys/{row.id}/revoke")
    assert tokens.find(secret) is None
    assert tokens.find("cpt_guess") is None


def test_a_vendors_user_makes_keys_for_their_vendor_only(app: Flask) -> None:
    mine, other = make_vendor(), make_vendor()
    foreign, _secret = tokens.create("theirs", by=make_user(), vendor_id=other.id)
    db.session.commit()
    browser = login(app, make_user(Role.VENDOR_USER, vendor_id=mine.id))
    assert browser.post("/api-keys", data={"name": "all", "vendor": ""}).status_code == 422
    assert browser.post("/api-keys", data={"name": "theirs", "vendor": str(other.id)}).status_code == 422
    assert browser.post("/api-keys", data={"name": "mine", "vendor": str(mine.id)}).status_code == 200
    assert "theirs" not in browser.get("/api-keys").text
    assert browser.post(f"/api-keys/{foreign.id}/revoke").status_code == 404
    assert db.session.scalars(sa.select(ApiToken.vendor_id).where(ApiToken.name == "mine")).all() == [mine.id]


def test_every_session_row_holds_a_hash_only(app: Flask, client: FlaskClient) -> None:
    user = member()
    enter(client, user.email, GOOD)
    cookie = client.get_cookie("comptoir")
    assert cookie is not None
    assert db.session.scalar(sa.select(UserSession.digest)) != cookie.value
