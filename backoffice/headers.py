"""The headers on every answer: a content policy with a nonce, and the others that keep a browser careful."""

from __future__ import annotations

import secrets

from flask import Flask, Response, g, request

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def csp_nonce() -> str:
    """Return this answer's nonce, for the script and style tags we wrote ourselves."""
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(16)
    return str(g.csp_nonce)


def _policy() -> str:
    nonce = csp_nonce()
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src 'self' 'nonce-{nonce}'",
            f"style-src 'self' 'nonce-{nonce}'",
            # Bootstrap's own stylesheet draws its small icons from data: addresses.
            "img-src 'self' data:",
            "font-src 'self'",
            "connect-src 'self'",
            "form-action 'self'",
            "frame-ancestors 'none'",
            "base-uri 'none'",
        )
    )


def register(app: Flask) -> None:
    """Number every request and put the headers on every answer."""

    @app.before_request
    def number() -> None:
        g.request_id = secrets.token_hex(8)

    @app.after_request
    def careful(response: Response) -> Response:
        response.headers.setdefault("Content-Security-Policy", _policy())
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if app.config["SECURE_COOKIES"]:
            response.headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
        if not request.path.startswith(("/static/", "/bootstrap/")):
            response.headers.setdefault("Cache-Control", "no-store")
        response.headers["X-Request-Id"] = g.get("request_id", "")
        return response

    app.jinja_env.globals["csp_nonce"] = csp_nonce
