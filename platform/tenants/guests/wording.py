"""What is written to guests. A message lies open on a locked telephone: it says who writes and what to do, and no more."""

from urllib.parse import urlsplit

from flask import current_app
from flask_babel import force_locale, gettext

from hjelpa.web.i18n import LANGUAGES


def own_address(slug: str) -> str:
    """Where the own pages of a municipality are, for people outside it."""
    return f"{current_app.extensions['hjelpa_settings'].public_url}/{slug}/my/"


def write_invitation(slug: str, service: str, language: str) -> tuple[str, str]:
    """Subject and words of an invitation."""
    with force_locale(language if language in LANGUAGES else "nb"):
        subject = gettext("Your own pages at %(service)s", service=service)
        words = gettext(
            "You can now open your own pages. Go to %(address)s and write the address or number that this message "
            "came to. You then get a code.",
            address=own_address(slug),
        )
    return str(subject), str(words)


def write_code(code: str, slug: str, service: str, language: str) -> tuple[str, str]:
    """Subject and words of a one-time code. The last line lets a telephone fill it in, on our own pages only."""
    with force_locale(language if language in LANGUAGES else "nb"):
        subject = gettext("Your code for %(service)s", service=service)
        words = gettext(
            "Your code is %(code)s. Write it at %(address)s within ten minutes. We never ask for it by telephone.",
            code=code,
            address=own_address(slug),
        )
    host = urlsplit(own_address(slug)).hostname
    return str(subject), f"{words}\n\n@{host} #{code}"
