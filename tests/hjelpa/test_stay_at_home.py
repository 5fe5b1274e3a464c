"""Tests reach nothing outside this machine, and are told so when they try."""

import socket
import urllib.request

import pytest

FAMILIES = {socket.AF_INET: "192.0.2.1", socket.AF_INET6: "2001:db8::1"}


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("how", ["connect", "connect_ex"])
def test_an_address_elsewhere_is_refused_by_name(family: socket.AddressFamily, how: str) -> None:
    with socket.socket(family) as outgoing, pytest.raises(AssertionError, match=FAMILIES[family]):
        getattr(outgoing, how)((FAMILIES[family], 443))


def test_a_library_that_fetches_is_refused() -> None:
    with pytest.raises(AssertionError, match=r"192\.0\.2\.1 port 80"):
        urllib.request.urlopen("http://192.0.2.1/", timeout=1)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_this_machine_is_not(host: str) -> None:
    with socket.socket() as server, socket.socket() as client:
        server.bind(("127.0.0.1", 0))
        server.listen()
        client.connect((host, server.getsockname()[1]))
