"""The back office: who works here, whom we work with, what was ordered, and the foundations all of it stands on.

Foundations (`backoffice/*.py`) know no capability; capabilities (`accounts`, `vendors`, `orders`, `dashboard`, `api`)
know the foundations and those before them in that list. The catalogue and the disputes stand above; `app.py` composes.
"""
