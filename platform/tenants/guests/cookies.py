"""The citizen's cookie: for the own pages of one municipality only."""

from flask import g

from hjelpa.web.token_cookie import TokenCookie
from tenants.guests.rules import ABSOLUTE


def _own_pages() -> str:
    return f"/{g.tenant_slug}/my"


# `__Secure-` demands TLS; `__Host-` would send it to every municipality's pages.
_COOKIE = TokenCookie("hjelpa-my", "__Secure-", ABSOLUTE, _own_pages)
read_token, set_token, clear_token = _COOKIE.read, _COOKIE.set, _COOKIE.clear
