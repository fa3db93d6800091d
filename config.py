"""Every setting of Comptoir: its name, default and one sentence; this module alone reads the environment.

`read_settings(environ)` returns typed values or raises `SettingsError` naming each wrong or missing one with its remedy.
Profiles: `development` (default), `demo`, `test`, `production`; production refuses to start on unsafe values.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any

from click import ClickException

ROOT = Path(__file__).resolve().parent
PROFILES = ("development", "demo", "test", "production")
DEVELOPMENT_SECRET = "development-only-secret-never-in-production"


class SettingsError(ClickException):
    """One or more settings are wrong or missing; `problems` holds a sentence with the remedy for each.

    A command ends with these sentences and exit status 1, whichever it was: no trace of the program hides them.
    """

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting: how it is read, what it is when absent, and what it means."""

    name: str
    kind: Callable[[str], Any]
    default: str
    sentence: str
    required_in_production: bool = False
    secret: bool = False


def _flag(text: str) -> bool:
    values = {"1": True, "true": True, "yes": True, "on": True, "0": False, "false": False, "no": False, "off": False}
    if text.strip().lower() not in values:
        raise ValueError("write 1 or 0")
    return values[text.strip().lower()]


def _one_of(*choices: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in choices:
            raise ValueError("write one of " + ", ".join(choices))
        return text

    return read


def _whole(low: int, high: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        try:
            number = int(text)
        except ValueError:
            raise ValueError("write a whole number") from None
        if not low <= number <= high:
            raise ValueError(f"write a whole number from {low} to {high}")
        return number

    return read


def _share(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        raise ValueError("write a number from 0 to 1") from None
    if not 0 <= number <= 1:
        raise ValueError("write a number from 0 to 1")
    return number


def _prefixed(*prefixes: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text and not text.startswith(prefixes):
            raise ValueError("start it with " + " or ".join(prefixes))
        return text

    return read


def _networks(text: str) -> tuple[IPv4Network | IPv6Network, ...]:
    try:
        return tuple(ip_network(part.strip()) for part in text.split(",") if part.strip())
    except ValueError:
        raise ValueError("write networks such as 10.1.0.0/16, separated by commas") from None


def _ports(text: str) -> frozenset[int]:
    ports = {int(part) for part in text.split(",") if part.strip().isdecimal()}
    if not ports or len(ports) != len(text.split(",")) or not all(0 < port < 65_536 for port in ports):
        raise ValueError("write port numbers separated by commas")
    return frozenset(ports)


SETTINGS: tuple[Setting, ...] = (
    Setting(
        "COMPTOIR_PROFILE",
        _one_of(*PROFILES),
        "development",
        "Which profile runs: development, demo, test or production.",
    ),
    Setting(
        "SECRET_KEY",
        str,
        DEVELOPMENT_SECRET,
        "Signs links and form tokens, and seals kept passwords; at least 32 random characters.",
        True,
        True,
    ),
    Setting(
        "DATABASE_URL",
        _prefixed("sqlite:", "postgresql"),
        "",
        "Where the data is: empty for SQLite in DATA_FOLDER, or postgresql+psycopg://…",
        secret=True,
    ),
    Setting("DATA_FOLDER", str, "instance", "Folder of the SQLite database, uploaded files, search index and mails."),
    Setting(
        "BASE_URL",
        _prefixed("http://", "https://"),
        "http://127.0.0.1:5000",
        "Address that links in mails start with.",
        True,
    ),
    Setting(
        "STOREFRONT_PRODUCT_URL",
        _prefixed("http://", "https://"),
        "",
        "Address of a product on the storefront, with {id} for its number: the link in exports; empty leaves links out.",
    ),
    Setting("OPERATOR_NAME", str, "Comptoir", "Name of the marketplace on pages and in mails."),
    Setting("CURRENCY", _one_of("EUR", "GBP", "CHF", "USD"), "EUR", "Currency of prices that name none."),
    Setting("DEFAULT_LOCALE", _one_of("fr", "en"), "fr", "Language of a reader who has not chosen one."),
    Setting("TIMEZONE", str, "Europe/Paris", "Time zone in which pages show times."),
    Setting(
        "DEMO_PASSWORD",
        str,
        "comptoir-demo",
        "Password of the demo accounts; used in the demo profile only.",
        secret=True,
    ),
    Setting(
        "BROKER_URL",
        _prefixed("amqp://", "amqps://"),
        "",
        "RabbitMQ address; empty carries jobs inside the serving process.",
        secret=True,
    ),
    Setting("WORKER_THREADS", _whole(1, 64), "2", "Threads that work on jobs in each worker or serving process."),
    Setting(
        "JOB_LEASE_SECONDS", _whole(2, 3600), "120", "How long a worker may hold a job before another takes it over."
    ),
    Setting("SWEEP_SECONDS", _whole(1, 600), "5", "How often due jobs and timers without a live lease are sent again."),
    Setting(
        "SEARCH_ENGINE",
        _one_of("embedded", "elasticsearch"),
        "embedded",
        "Search engine: embedded (tantivy) or elasticsearch.",
    ),
    Setting("ELASTICSEARCH_URL", _prefixed("http://", "https://"), "", "Address of the Elasticsearch cluster."),
    Setting("ELASTICSEARCH_API_KEY", str, "", "API key for Elasticsearch.", secret=True),
    Setting("ELASTICSEARCH_USER", str, "", "User for Elasticsearch where no API key is used."),
    Setting("ELASTICSEARCH_PASSWORD", str, "", "Password for Elasticsearch.", secret=True),
    Setting(
        "ELASTICSEARCH_CA_FILE", str, "", "File of the certificate authority that signed the cluster's certificate."
    ),
    Setting("ELASTICSEARCH_SHARDS", _whole(1, 100), "1", "Primary shards of a new index."),
    Setting(
        "INDEX_NAME", str, "comptoir-products", "Name of the search alias, so that two houses can share a cluster."
    ),
    Setting(
        "SMTP_URL",
        _prefixed("smtp://", "smtps://", "smtp+starttls://"),
        "",
        "Mail server; empty writes .eml files in DATA_FOLDER/mail.",
        secret=True,
    ),
    Setting("MAIL_FROM", str, "no-reply@comptoir.example", "Sender of the mails."),
    Setting("MAX_UPLOAD_MB", _whole(1, 4096), "200", "Largest file that may be sent, in megabytes."),
    Setting("PARSE_MEMORY_MB", _whole(64, 8192), "512", "Memory that reading one file may take before it is stopped."),
    Setting("PARSE_SECONDS", _whole(5, 7200), "900", "Time that reading one file may take before it is stopped."),
    Setting("CHUNK_ROWS", _whole(50, 10000), "500", "Rows of an import that are written in one transaction."),
    Setting("REVIEW_BELOW", _share, "0.8", "Changes under this confidence are shown to an editor."),
    Setting(
        "CATEGORY_ACCEPT", _share, "0.7", "A suggested category at or above this score is taken without an editor."
    ),
    Setting(
        "WITHDRAW_STOP_SHARE",
        _share,
        "0.3",
        "A full replacement that would withdraw more than this share waits for a person.",
    ),
    Setting(
        "VENDOR_ANSWER_HOURS",
        _whole(1, 720),
        "48",
        "Hours a vendor has to answer a dispute before a mediator takes it.",
    ),
    Setting("OFFER_HOURS", _whole(1, 720), "120", "Hours a settlement offer stays open."),
    Setting("FILING_DAYS", _whole(1, 730), "100", "Days after the order in which a dispute may be opened."),
    Setting("APPEAL_DAYS", _whole(1, 365), "30", "Days in which a decision may be appealed before the dispute closes."),
    Setting(
        "MEDIATOR_AMOUNT_MINOR",
        _whole(0, 100_000_000),
        "50000",
        "Disputes at or above this amount, in cents, go to a mediator at once.",
    ),
    Setting(
        "EGRESS_NETWORKS",
        _networks,
        "",
        "Networks that feeds and images may be fetched from although they are not public, for development; none by default.",
    ),
    Setting("EGRESS_PORTS", _ports, "80,443", "Ports that feeds and images may be fetched from."),
    Setting(
        "CHECK_IMAGES",
        _one_of("auto", "on", "off"),
        "auto",
        "Whether the images of sheets are fetched and checked: on, off, or auto, which is on in production alone.",
    ),
    Setting("SESSION_HOURS", _whole(1, 720), "12", "Hours of inactivity after which a session ends."),
    Setting("SECURE_COOKIES", _flag, "0", "Send cookies over HTTPS only, under the __Host- prefix.", True),
    Setting("TRUSTED_PROXIES", _whole(0, 5), "0", "Reverse proxies in front, whose forwarded headers are believed."),
    Setting("LOG_LEVEL", _one_of("DEBUG", "INFO", "WARNING", "ERROR"), "INFO", "Least severe level that is logged."),
)


def read_settings(environ: Mapping[str, str]) -> dict[str, Any]:
    """Return every setting by name, typed; raises SettingsError with all problems at once."""
    values: dict[str, Any] = {}
    problems: list[str] = []
    for setting in SETTINGS:
        text = environ.get(setting.name, setting.default)
        try:
            values[setting.name] = setting.kind(text)
        except ValueError as error:
            problems.append(f"{setting.name} is wrong: {error}. ({setting.sentence})")
    if values.get("COMPTOIR_PROFILE") == "production":
        problems += _production_problems(values, environ)
    problems += _combination_problems(values)
    if problems:
        raise SettingsError(problems)
    return _derived(values)


def _production_problems(values: Mapping[str, Any], environ: Mapping[str, str]) -> list[str]:
    problems = [
        f"{setting.name} is missing: set it before starting in production. ({setting.sentence})"
        for setting in SETTINGS
        if setting.required_in_production and not environ.get(setting.name)
    ]
    secret = values.get("SECRET_KEY", "")
    if environ.get("SECRET_KEY") and (secret == DEVELOPMENT_SECRET or len(secret) < 32):
        problems.append(
            "SECRET_KEY is too weak: use at least 32 random characters, for example from `openssl rand -hex 32`."
        )
    if environ.get("SECURE_COOKIES") and not values.get("SECURE_COOKIES", True):
        problems.append("SECURE_COOKIES is off: set it to 1 and serve over HTTPS in production.")
    return problems


def _combination_problems(values: Mapping[str, Any]) -> list[str]:
    if values.get("SEARCH_ENGINE") == "elasticsearch" and not values.get("ELASTICSEARCH_URL"):
        return ["ELASTICSEARCH_URL is missing: set it, or set SEARCH_ENGINE to embedded."]
    return []


def _derived(values: dict[str, Any]) -> dict[str, Any]:
    """Add what follows from the settings: folders, the database address, Flask's own names."""
    folder = Path(values["DATA_FOLDER"])
    folder = folder if folder.is_absolute() else ROOT / folder
    values["DATA_FOLDER"] = folder
    values["FILES_FOLDER"] = folder / "files"
    values["SEARCH_PATH"] = folder / "search"
    values["MAIL_FOLDER"] = folder / "mail"
    values["SQLALCHEMY_DATABASE_URI"] = values["DATABASE_URL"] or f"sqlite:///{folder / 'comptoir.db'}"
    values["MAX_CONTENT_LENGTH"] = values["MAX_UPLOAD_MB"] * 1024 * 1024
    values["BABEL_DEFAULT_LOCALE"] = values["DEFAULT_LOCALE"]
    values["BABEL_DEFAULT_TIMEZONE"] = values["TIMEZONE"]
    values["BABEL_TRANSLATION_DIRECTORIES"] = str(ROOT / "backoffice" / "translations")
    values["IMAGES_CHECKED"] = values["CHECK_IMAGES"] == "on" or (
        values["CHECK_IMAGES"] == "auto" and values["COMPTOIR_PROFILE"] == "production"
    )
    values["BOOTSTRAP_SERVE_LOCAL"] = True
    values["TESTING"] = values["COMPTOIR_PROFILE"] == "test"
    # Forms stay valid as long as the session does; a page left open over lunch keeps what was typed.
    values["WTF_CSRF_TIME_LIMIT"] = None
    return values
