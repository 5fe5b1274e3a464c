"""The sign-in cookie."""

from hjelpa.web.token_cookie import TokenCookie
from tenants.identity.rules import ABSOLUTE

# `__Host-` binds it to this host and TLS.
_COOKIE = TokenCookie("hjelpa", "__Host-", ABSOLUTE, lambda: "/")
cookie_name, read_token, set_token, clear_token = _COOKIE.name, _COOKIE.read, _COOKIE.set, _COOKIE.clear
