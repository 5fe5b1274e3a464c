"""Rows of long lists, written by Python: a template would spend most of a page's time on escaping cell by cell."""

from collections.abc import Iterable, Sequence
from html import escape

from markupsafe import Markup

BETWEEN = "\0"


def linked_rows(
    titles: Sequence[str],
    rows: Iterable[Sequence[str]],
    whole: Sequence[str] = (),
    action: tuple[str, str] | None = None,
) -> Markup:
    """Table rows whose first cell links to the thing itself.

    `titles` name the columns from the second on (phones show them beside each value), those also in `whole` are not
    broken over lines; each row is address, name and then one text per title. `action` adds a link to what can be done
    with the thing: its words, and what its address adds to the thing's own. Everything is escaped here.
    """
    cells = "".join(
        f'<td{" class=nowrap" if title in whole else ""} data-label="{_escaped(title)}">%s</td>'
        for title in titles
    )
    if action:
        words, further = map(_escaped, action)
        about = '<span class="ds-sr-only"> %s</span>'
        cells += f'<td><a class="ds-link nowrap" href="%s{further}">{words}{about}</a></td>'
    row = f'<tr><th scope="row"><a class="ds-link" href="%s"><bdi>%s</bdi></a></th>{cells}</tr>\n'
    # All cells are escaped in one go; no text from the database or a form holds the sign between them.
    texts = [str(text).replace(BETWEEN, "") for values in rows for text in values]
    safe, width = escape(BETWEEN.join(texts)).split(BETWEEN), len(titles) + 2
    again = 2 if action else 0  # the action's link says address and name once more
    starts = range(0, len(texts), width)
    lines = [row % (*safe[start : start + width], *safe[start : start + again]) for start in starts]
    return Markup("".join(lines))  # noqa: S704  # escaped above


def _escaped(title: str) -> str:
    return escape(str(title)).replace("%", "%%")
