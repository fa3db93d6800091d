"""The API for programs, version 1: its OpenAPI document, addresses that do not exist, and the resources of this floor.

Packages above register theirs after this one, with `backoffice.api.registry.add`.
"""

from __future__ import annotations

from flask import Blueprint, Flask, Response, current_app, jsonify
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import HTTPException, MethodNotAllowed
from werkzeug.routing import RequestRedirect

from backoffice.api import account_resources, caller, order_resources, registry
from backoffice.api.idempotency import KEPT
from backoffice.api.registry import PREFIX, Api
from backoffice.api.throttle import REQUESTS, WINDOW_SECONDS, Throttle
from backoffice.errors import BackofficeError, NotFound
from backoffice.extensions import csrf
from backoffice.permissions import public

blueprint = Blueprint("api", __name__, url_prefix=PREFIX)
# What holds for every address, for who has the document alone.
GUIDE = f"""\
**Key.** Make one under "API keys" and send it with each request: `Authorization: Bearer cpt_…`. A key of the
marketplace opens everything, a vendor's key that vendor's own; what is another's is answered as if it were not there.

**Language.** Sentences and labels are in French, or in English with `Accept-Language: en`.

**Money** is in minor units (1999 is 19.99), times are ISO 8601 with their zone.

**Lists** are read page by page: send `next_page_token` of the answer as `page_token`, with all else unchanged; it is
null on the last page.

**Errors** have one shape: `code` for programs, `message` for people, `details` with a sentence for each field. 401 the
key is missing or revoked, 404 there is no such thing, 405 see `Allow`, 409 its state does not allow it, 422 a field is
to be corrected, 429 too many requests, 503 try again in a moment.

**Sending twice.** A POST with an `Idempotency-Key` is done once: sent again within {KEPT.days} days it is answered as
before, with `Idempotency-Replayed: true`. Another body under the same key is refused with 422, one still being done
with 409.

**Limit.** {REQUESTS:,} requests in {WINDOW_SECONDS} seconds and key; over it 429, with the seconds to wait in `Retry-After`.
"""
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


class WrongMethod(BackofficeError):
    """The address exists, but takes other methods; `details` names them."""

    status = 405
    code = "method_not_allowed"


@blueprint.get("/openapi.json")
@public
def openapi() -> ResponseReturnValue:
    """Return the OpenAPI document; it says nothing of anyone's data."""
    return jsonify(current_app.extensions["api"].spec.to_dict())


@blueprint.route("/<path:address>", methods=METHODS)
@public
def nowhere(address: str) -> ResponseReturnValue:
    """Answer an address that is none, or takes another method, in the shape of every error."""
    caller.authenticate()
    allowed = sorted(method for method in METHODS if _exists(f"{PREFIX}/{address}", method))
    if allowed:
        raise WrongMethod(_("This address does not take that kind of request."), details={"allowed_methods": allowed})
    raise NotFound(_("There is nothing at this address."))


def _exists(path: str, method: str) -> bool:
    try:
        endpoint, _values = current_app.url_map.bind("house").match(path, method)
    except (HTTPException, RequestRedirect):
        return False
    return bool(endpoint != f"{blueprint.name}.{nowhere.__name__}")


@blueprint.after_request
def name_the_methods(response: Response) -> Response:
    """Say in the header, as HTTP asks, which methods an address takes."""
    if response.status_code == MethodNotAllowed.code:
        response.headers["Allow"] = ", ".join((response.get_json() or {})["error"]["details"]["allowed_methods"])
    return response


def register(app: Flask) -> None:
    """Add the API with the resources of accounts, vendors and orders."""
    app.config.update(API_TITLE=f"{app.config['OPERATOR_NAME']} API", API_VERSION="v1", OPENAPI_VERSION="3.0.3")
    api = Api(app)
    api.spec.components.security_scheme("bearer", {"type": "http", "scheme": "bearer"})
    api.spec.options |= {"security": [{"bearer": []}], "info": {"description": GUIDE}}
    app.extensions["api"] = api
    app.extensions["api_throttle"] = Throttle()
    for resources in (account_resources.bp, order_resources.bp):
        registry.add(app, resources)
    csrf.exempt(blueprint)
    app.register_blueprint(blueprint)
