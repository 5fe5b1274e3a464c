"""Shares in words: no percentage of few people, and no 0 % where there was somebody."""

from flask_babel import get_locale, gettext

from hjelpa.web.charts import format_number, with_unit

# With fewer, one person's answers carry the figure.
FEWEST = 10


def say_share(part: int, whole: int) -> str:
    """A percentage where there are enough; otherwise only the counts, and a dash for none."""
    if whole >= FEWEST:
        return say_percent(part / whole)
    return gettext("%(part)s of %(whole)s", part=part, whole=whole) if whole else "–"


def say_percent(share: float) -> str:
    """A share from 0 to 1 as a whole percentage; “under 1 %” where it would be rounded away."""
    language = str(get_locale())
    if share > 0 and format_number(100 * share, language, 0) == "0":
        return gettext("under %(share)s", share=with_unit(1, "%", language, 0))
    return with_unit(100 * share, "%", language, 0)
