"""Switching a feature off for everybody is asked about first."""

import re

from tests.people import Town


def test_switching_off_is_asked_about_and_switching_on_is_not(town: Town) -> None:
    client = town.client("administrator")
    where = town.path("/settings?lang=en")
    page = client.get(where).text
    outside = re.sub(r"<dialog.*?</dialog>", "", page, flags=re.DOTALL)
    assert 'name="on" value="0"' not in outside
    assert "Switch off Feedback for the whole municipality?" in page
    opened = re.search(r'command="show-modal" commandfor="([^"]+)"', outside)
    assert opened and f'<dialog class="ds-dialog" id="{opened[1]}"' in page

    client.post(town.path("/settings/features/feedback"), data={"on": "0"})
    assert 'name="on" value="1"' in client.get(where).text
