"""REST v1 for programs: thin resources over the same functions that the pages call.

    request ─ bearer token → caller (the operator's, or one vendor's) ─ throttle ─ schema ─► resource ─► answer by schema
                                                       POST with Idempotency-Key: claimed, done once, replayed

Promise: no answer without a token but the OpenAPI document; another vendor's thing is 404; every error has one shape.
Packages above hang their resources on with `registry.add`. Not here: webhooks.
"""
