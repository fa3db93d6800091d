"""The signals through which packages that do not know each other meet; `app.py` wires senders to receivers.

Each is sent inside the sender's transaction: a receiver writes with the same session and never commits.
"""

from __future__ import annotations

from blinker import Namespace

_signals = Namespace()

# Sender is the vendor; keywords: actor, before, after.
vendor_status_changed = _signals.signal("vendor-status-changed")
# Sender is the dispute; keywords: actor, quote. Lines carry the listing's identity (vendor_id, sku).
product_misdescribed = _signals.signal("product-misdescribed")
# Sender is the dispute; keywords: actor. Decided or agreed, with outcome, remedy and fault recorded.
dispute_resolved = _signals.signal("dispute-resolved")
