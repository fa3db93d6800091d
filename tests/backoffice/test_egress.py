"""Addresses of others: what is public, what is refused and why, against servers that really misbehave."""

from __future__ import annotations

import gzip
import io
import socket
import ssl
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler
from ipaddress import ip_network
from pathlib import Path

import pytest

from backoffice.egress import Answer, FetchRefused, Limits, Rules, Wanted, fetch
from backoffice.egress.addresses import is_public, permitted, read_address
from backoffice.egress.refusals import CODES, sentence
from tests.factories.web import Shop, opened

SELF_SIGNED = Path(__file__).parents[1] / "data" / "self_signed.pem"
LIMITS = Limits(most_bytes=100_000, connect_seconds=1, read_seconds=1, total_seconds=2)


@pytest.fixture
def shop() -> Iterator[Shop]:
    """A vendor's server."""
    with opened() as made:
        yield made


def _rules(shop: Shop, *, inside: bool = False, resolve: Callable[[str, int], list[str]] | None = None) -> Rules:
    """Rules under which this machine is let through; with `inside`, the address 127.0.0.2 alone, so that it is not."""
    network = "127.0.0.2/32" if inside else "127.0.0.0/8"
    return Rules(
        resolve=resolve or (lambda _host, _port: ["127.0.0.1"]),
        networks=(ip_network(network),),
        ports=frozenset({80, 443, shop.port}),
    )


def _fetched(shop: Shop, path: str, **wanted: object) -> tuple[bytes, Answer]:
    into = io.BytesIO()
    answer = fetch(Wanted(shop.url(path), **wanted), into, rules=_rules(shop), limits=LIMITS)  # type: ignore[arg-type]
    return into.getvalue(), answer


def _refusal(shop: Shop, address: str, rules: Rules | None = None, **wanted: object) -> FetchRefused:
    with pytest.raises(FetchRefused) as caught:
        fetch(Wanted(address, **wanted), io.BytesIO(), rules=rules or _rules(shop), limits=LIMITS)  # type: ignore[arg-type]
    return caught.value


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.8.9.1", "0.0.0.0", "10.0.0.1", "172.16.3.4", "192.168.1.1", "169.254.169.254", "100.64.1.1",
        "100.100.100.200", "168.63.129.16", "192.0.0.192", "198.18.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255",
        "::", "::1", "::ffff:10.0.0.1", "::ffff:8.8.8.8", "64:ff9b::8.8.8.8", "64:ff9b:1::1", "fe80::1", "fe80::1%eth0",
        "fc00::1", "fd00:ec2::254", "ff02::1", "2002:7f00:1::", "2001:0:4136:e378::1", "2001:db8::1", "no address", "",
    ],
)  # fmt: skip
def test_an_address_inside_is_never_public(address: str) -> None:
    assert not is_public(address)
    assert permitted([address], ()) == []


@pytest.mark.parametrize("address", ["8.8.8.8", "93.184.216.34", "2606:4700::1111", "2a00:1450:4007::200e"])
def test_an_address_of_the_internet_is_public(address: str) -> None:
    assert is_public(address)


def test_a_network_of_the_setting_is_let_through_and_no_other() -> None:
    assert permitted(["10.1.2.3", "10.2.0.1", "8.8.8.8"], (ip_network("10.1.0.0/16"),)) == ["10.1.2.3", "8.8.8.8"]


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("ftp://shop.example/a.csv", "bad_scheme"),
        ("file:///etc/passwd", "bad_scheme"),
        ("shop.example/a.csv", "bad_address"),
        ("http://", "bad_address"),
        ("http://[::1", "bad_address"),
        ("http://a\\@b.example/", "bad_address"),
        ("http://shop.example/\r\nHost: x", "bad_address"),
        ("https://my shop.example/a.csv", "bad_address"),
        ("https://café crème.example/a.csv", "bad_address"),
        ("https://me:secret@shop.example/a.csv", "credentials_in_address"),
        ("http://shop.example:22/", "bad_port"),
        ("https://shop.example/" + "a" * 3000, "bad_address"),
    ],
)
def test_an_address_that_cannot_be_asked_is_refused_before_anything_is_sent(address: str, code: str) -> None:
    with pytest.raises(FetchRefused) as caught:
        read_address(address, frozenset({80, 443}))
    assert caught.value.code == code


def test_an_address_is_asked_with_accents_encoded() -> None:
    target = read_address("https://Bücher.example/pièce à coudre.csv?q=é&x=%20", frozenset({443}))
    assert target.url == "https://xn--bcher-kva.example/pi%C3%A8ce%20%C3%A0%20coudre.csv?q=%C3%A9&x=%20"


def test_every_refusal_has_its_sentence_in_both_languages() -> None:
    for code in CODES:
        said = {sentence(code, {}, locale) for locale in ("fr", "en")}
        assert len(said) == 2
        assert not any("{" in one for one in said)


def test_a_file_is_fetched_whole_with_what_tells_its_next_version(shop: Shop) -> None:
    shop.gives("/a.csv", b"sku;titre\n1;Chaise\n", Content_Type="text/csv; charset=utf-8", ETag='"v1"')
    content, answer = _fetched(shop, "/a.csv")
    assert content == b"sku;titre\n1;Chaise\n"
    assert (answer.media_type, answer.etag, answer.size, answer.unchanged) == ("text/csv", '"v1"', 19, False)
    assert shop.seen[0][1]["host"] == f"shop.example:{shop.port}"


def test_an_answer_without_news_is_unchanged(shop: Shop) -> None:
    shop.gives("/a.csv", status=304, ETag='"v1"')
    content, answer = _fetched(shop, "/a.csv", headers={"If-None-Match": '"v1"'})
    assert (content, answer.unchanged) == (b"", True)
    assert shop.seen[0][1]["if-none-match"] == '"v1"'


def test_a_name_that_leads_inside_is_refused_without_a_connection(shop: Shop) -> None:
    shop.gives("/secret", b"inside")
    rules = Rules(resolve=lambda _host, _port: ["127.0.0.1"], ports=frozenset({shop.port}))
    assert _refusal(shop, shop.url("/secret"), rules).code == "not_public"
    assert _refusal(shop, shop.url("/secret", "127.0.0.1"), rules).code == "not_public"
    assert shop.seen == []


def test_numbers_written_oddly_are_judged_by_where_they_lead(shop: Shop) -> None:
    shop.gives("/secret", b"inside")
    from backoffice.egress.connecting import system_resolver

    rules = Rules(resolve=system_resolver, ports=frozenset({shop.port}))
    for host in ("2130706433", "0x7f.1", "127.1", "localhost", "0"):
        assert _refusal(shop, shop.url("/secret", host), rules).code in ("not_public", "unknown_host")
    assert shop.seen == []


def test_a_redirect_to_inside_is_refused() -> None:
    ips = {"shop.example": ["127.0.0.2"], "inside.example": ["127.0.0.1"]}
    with opened("0.0.0.0") as shop:
        shop.gives("/a.csv", status=302, Location=f"http://inside.example:{shop.port}/secret")
        shop.gives("/secret", b"inside")
        rules = _rules(shop, inside=True, resolve=lambda host, _port: ips[host])
        assert _refusal(shop, shop.url("/a.csv"), rules).code == "not_public"
        assert [path for path, _headers in shop.seen] == ["/a.csv"]


def test_a_name_is_resolved_once_so_that_it_cannot_change_its_mind(shop: Shop) -> None:
    shop.gives("/a.csv", b"outside")
    answers = iter([["127.0.0.1"], ["10.0.0.1"]])
    into = io.BytesIO()
    rules = _rules(shop, resolve=lambda _host, _port: next(answers))
    fetch(Wanted(shop.url("/a.csv")), into, rules=rules, limits=LIMITS)
    assert into.getvalue() == b"outside"
    assert next(answers) == ["10.0.0.1"], "a second look would have been led inside"


def test_of_several_addresses_only_the_public_ones_are_tried(shop: Shop) -> None:
    shop.gives("/a.csv", b"outside")
    rules = _rules(shop, resolve=lambda _host, _port: ["10.0.0.1", "192.168.0.1", "127.0.0.1"])
    fetch(Wanted(shop.url("/a.csv")), io.BytesIO(), rules=rules, limits=LIMITS)
    assert len(shop.seen) == 1


def test_redirects_end_after_five(shop: Shop) -> None:
    shop.gives("/a", status=301, Location="/a")
    assert _refusal(shop, shop.url("/a")).code == "too_many_redirects"
    assert len(shop.seen) == 6


def test_a_redirect_to_another_scheme_or_port_is_judged_like_an_address(shop: Shop) -> None:
    shop.gives("/a", status=302, Location="file:///etc/passwd")
    shop.gives("/b", status=302, Location="http://shop.example:22/")
    assert _refusal(shop, shop.url("/a")).code == "bad_scheme"
    assert _refusal(shop, shop.url("/b")).code == "bad_port"


def test_a_secret_stays_with_the_server_it_is_for(shop: Shop) -> None:
    shop.gives("/a", status=302, Location="/b")
    shop.gives("/b", status=302, Location=f"http://other.example:{shop.port}/c")
    shop.gives("/c", b"open")
    _fetched(shop, "/a", secrets={"Authorization": "Basic c2VjcmV0"})
    assert ["authorization" in headers for _path, headers in shop.seen] == [True, True, False]


def test_a_secret_is_not_shown_where_the_request_is_printed() -> None:
    assert "c2VjcmV0" not in repr(Wanted("https://shop.example", secrets={"Authorization": "c2VjcmV0"}))


def test_a_slow_drip_is_cut_when_the_time_is_over(shop: Shop) -> None:
    shop.streams("/drip", b"a", pause=0.2)
    started = time.monotonic()
    assert _refusal(shop, shop.url("/drip")).code == "too_slow"
    assert time.monotonic() - started < LIMITS.total_seconds + 1


def test_headers_that_never_end_are_cut(shop: Shop) -> None:
    def act(asked: BaseHTTPRequestHandler) -> None:
        asked.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        while True:
            asked.wfile.write(b"a")
            asked.wfile.flush()
            time.sleep(0.2)

    shop.acts["/slow"] = act
    started = time.monotonic()
    assert _refusal(shop, shop.url("/slow")).code == "too_slow"
    assert time.monotonic() - started < LIMITS.total_seconds + 1


def test_a_server_that_says_nothing_is_not_waited_for(shop: Shop) -> None:
    shop.acts["/mute"] = lambda _asked: time.sleep(1.5)
    assert _refusal(shop, shop.url("/mute")).code == "too_slow"


def test_a_body_without_end_is_cut_at_the_limit(shop: Shop) -> None:
    shop.streams("/endless", b"a" * 10_000)
    assert _refusal(shop, shop.url("/endless")).code == "too_large"


def test_a_body_that_announces_too_much_is_not_read(shop: Shop) -> None:
    shop.gives("/large", b"a" * 200_000)
    assert _refusal(shop, shop.url("/large")).code == "too_large"


def test_a_gzip_bomb_stops_at_the_limit_of_what_it_inflates_to(shop: Shop) -> None:
    bomb = gzip.compress(b"\0" * 50_000_000)
    assert len(bomb) < LIMITS.most_bytes
    shop.gives("/bomb", bomb, Content_Encoding="gzip")
    into = io.BytesIO()
    with pytest.raises(FetchRefused) as caught:
        fetch(Wanted(shop.url("/bomb")), into, rules=_rules(shop), limits=LIMITS)
    assert caught.value.code == "too_large"
    assert len(into.getvalue()) <= LIMITS.most_bytes


def test_a_compressed_answer_is_read_in_clear_and_a_damaged_one_is_told(shop: Shop) -> None:
    packed = gzip.compress(b"sku;titre\n") + gzip.compress(b"1;Chaise\n")
    shop.gives("/a", packed, Content_Encoding="gzip")
    shop.gives("/cut", packed[:-12], Content_Encoding="gzip")
    shop.gives("/odd", packed, Content_Encoding="br")
    assert _fetched(shop, "/a")[0] == b"sku;titre\n1;Chaise\n"
    assert _refusal(shop, shop.url("/cut")).code == "broken"
    assert _refusal(shop, shop.url("/odd")).code == "broken"


def test_an_answer_cut_short_is_not_taken_for_the_whole(shop: Shop) -> None:
    def act(asked: BaseHTTPRequestHandler) -> None:
        asked.send_response(200)
        asked.send_header("Content-Length", "100")
        asked.end_headers()
        asked.wfile.write(b"half")

    shop.acts["/half"] = act
    assert _refusal(shop, shop.url("/half")).code == "broken"


def test_what_is_not_of_the_expected_kind_is_not_read(shop: Shop) -> None:
    shop.gives("/login", b"<html>", Content_Type="text/html")
    refused = _refusal(shop, shop.url("/login"), accepts=lambda kind: kind != "text/html")
    assert (refused.code, refused.params["found"]) == ("unexpected_type", "text/html")


@pytest.mark.parametrize(("status", "passing"), [(404, False), (403, False), (429, True), (503, True)])
def test_an_error_of_the_server_is_told_and_some_are_worth_another_try(shop: Shop, status: int, passing: bool) -> None:
    shop.gives("/a", status=status)
    refused = _refusal(shop, shop.url("/a"))
    assert (refused.code, refused.params["status"], refused.passing) == ("status", status, passing)


@pytest.mark.parametrize(("status", "words"), [(401, "password or key"), (403, "refuses"), (404, "nothing at this")])
def test_an_error_with_a_remedy_of_its_own_is_told_in_words(status: int, words: str) -> None:
    said = sentence("status", {"host": "shop.example", "status": status}, "en")
    assert words in said
    assert f"(error {status})" in said
    assert sentence("status", {"host": "shop.example", "status": status}, "fr") != said


def test_a_server_that_is_not_there_is_told(shop: Shop) -> None:
    free = socket.socket()
    free.bind(("127.0.0.1", 0))
    port = free.getsockname()[1]
    free.close()
    rules = Rules(
        resolve=lambda _host, _port: ["127.0.0.1"], networks=(ip_network("127.0.0.0/8"),), ports=frozenset({port})
    )
    assert _refusal(shop, f"http://gone.example:{port}/", rules).code == "no_answer"


def test_a_name_that_nobody_knows_is_told(shop: Shop) -> None:
    def unknown(_host: str, _port: int) -> list[str]:
        raise socket.gaierror("unknown")

    assert _refusal(shop, shop.url("/a"), _rules(shop, resolve=unknown)).code == "unknown_host"


def test_a_server_whose_certificate_nobody_vouches_for_is_refused(shop: Shop) -> None:
    shop.gives("/a", b"")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(SELF_SIGNED)
    shop.server.socket = context.wrap_socket(shop.server.socket, server_side=True)
    refused = _refusal(shop, shop.url("/a").replace("http://", "https://"))
    assert refused.code == "certificate"
    assert shop.seen == []


def test_no_proxy_of_the_environment_is_used(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9/")
    shop.gives("/a", b"direct")
    assert _fetched(shop, "/a")[0] == b"direct"
