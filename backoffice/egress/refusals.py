"""Why an address was not fetched: a code for programs, a sentence in both languages for people. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

# code: (French, English). The names in braces are the refusal's parameters.
_WORDS: Mapping[str, tuple[str, str]] = {
    "bad_address": (
        "L’adresse « {address} » n’est pas valable : donnez-la entière, à partir de https://.",
        "The address “{address}” is not valid: give it whole, starting with https://.",
    ),
    "bad_scheme": (
        "Seules les adresses http et https sont lues, pas « {scheme} ».",
        "Only http and https addresses are read, not “{scheme}”.",
    ),
    "bad_port": (
        "Le port {port} n’est pas permis.",
        "The port {port} is not allowed.",
    ),
    "credentials_in_address": (
        "L’adresse contient un mot de passe : retirez-le et donnez-le dans le champ prévu.",
        "The address holds a password: take it out and give it in its own field.",
    ),
    "unknown_host": (
        "Le serveur « {host} » est introuvable.",
        "The server “{host}” cannot be found.",
    ),
    "not_public": (
        "L’adresse « {host} » mène à l’intérieur d’un réseau ; seules les adresses publiques sont lues.",
        "The address “{host}” leads inside a network; only public addresses are read.",
    ),
    "too_many_redirects": (
        "L’adresse renvoie d’une adresse à l’autre sans fin.",
        "The address leads from one address to another without end.",
    ),
    "no_answer": (
        "Le serveur « {host} » ne répond pas.",
        "The server “{host}” does not answer.",
    ),
    "secret_lost": (
        "Le mot de passe ou la clé gardés pour cette adresse ne peuvent plus être lus : donnez-les à nouveau.",
        "The password or key kept for this address can no longer be read: give it again.",
    ),
    "too_slow": (
        "Le serveur « {host} » a mis plus de {seconds} secondes.",
        "The server “{host}” took more than {seconds} seconds.",
    ),
    "certificate": (
        "Le certificat du serveur « {host} » n’est pas valable.",
        "The certificate of the server “{host}” is not valid.",
    ),
    "status": (
        "Le serveur « {host} » a répondu par l’erreur {status}.",
        "The server “{host}” answered with the error {status}.",
    ),
    "unexpected_type": (
        "Le serveur a envoyé « {found} », qui n’est pas ce qui était attendu.",
        "The server sent “{found}”, which is not what was expected.",
    ),
    "too_large": (
        "Le fichier dépasse {megabytes} Mo.",
        "The file is larger than {megabytes} MB.",
    ),
    "broken": (
        "La réponse du serveur « {host} » est incomplète ou abîmée.",
        "The answer of the server “{host}” is incomplete or damaged.",
    ),
}
CODES = frozenset(_WORDS)
# The errors with a remedy of their own, by the number that the server gave: (French, English).
_ANSWERS: Mapping[int, tuple[str, str]] = {
    401: (
        "Le serveur « {host} » demande un mot de passe ou une clé, ou refuse ceux qu’on lui donne (erreur 401).",
        "The server “{host}” asks for a password or key, or refuses the one it is given (error 401).",
    ),
    403: (
        "Le serveur « {host} » refuse de donner ce fichier (erreur 403).",
        "The server “{host}” refuses to give this file (error 403).",
    ),
    404: (
        "Le serveur « {host} » n’a rien à cette adresse (erreur 404).",
        "The server “{host}” has nothing at this address (error 404).",
    ),
}
# What another try may mend: the server's trouble, not the address.
PASSING = frozenset({"unknown_host", "no_answer", "too_slow", "broken"})


class FetchRefused(Exception):
    """An address that was not fetched; `passing` says whether it is worth trying again soon."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(f"{code}: {params}")
        self.code = code
        self.params = params

    @property
    def passing(self) -> bool:
        """Whether the trouble may be over in a while."""
        return self.code in PASSING or (
            self.code == "status" and (self.params["status"] in (408, 425, 429) or self.lame)
        )

    @property
    def lame(self) -> bool:
        """Whether the server said that the fault is its own."""
        return self.code == "status" and int(self.params["status"]) >= 500


def sentence(code: str, params: Mapping[str, Any], locale: str) -> str:
    """Return what is said of a refusal in this language; a code of another version is shown as it is."""
    if code not in _WORDS:
        return code
    words = _ANSWERS.get(params.get("status", 0), _WORDS[code]) if code == "status" else _WORDS[code]
    return words[0 if locale.startswith("fr") else 1].format_map(_Given(params))


class _Given(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "?"
