"""What needs me today: the home page of every role, the search over everything, and the audit trail.

Packages above register what waits for whom (`app.extensions["home"]`) and what can be found (`app.extensions["finders"]`):
functions of the reader, called when a page asks. Promise: a reader sees and finds only what is theirs.
"""
