"""Pages of long work: drawn again every few seconds while it is under way, so that one can leave and come back."""

from flask import Response, make_response

# There is a link for those who cannot wait.
SECONDS_BETWEEN_LOOKS = 4


def follow(page: str, *, busy: bool) -> Response:
    """The page, which the browser asks for again for as long as the work is `busy`."""
    response = make_response(page)
    if busy:
        response.headers["Refresh"] = str(SECONDS_BETWEEN_LOOKS)
    return response
