"""Orders as the storefront reports them: what disputes and commissions stand on.

    storefront ─ CSV file or POST /api/v1/orders ─► basket split by vendor ─► orders and lines ─► commission frozen

Promise: an order sent twice is taken once; a line's commission is fixed by the most specific rule on the day it
arrives and keeps that rule's id. Not here: money movements, and the storefront's checkout.
"""
