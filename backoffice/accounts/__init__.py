"""Users, roles, invitations, login, sessions and API tokens.

A user is invited by mail, chooses a password through a signed single-use link, and logs in to a server-side session
that can be revoked everywhere at once. Promise: no password, session id or token is stored in clear. Not here: what a
role may do (`backoffice.permissions`).
"""
