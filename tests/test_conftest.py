"""What conftest.py promises for all tests."""

import socket
import urllib.request

import pytest


@pytest.mark.parametrize(
    "reach",
    [
        lambda: socket.create_connection(("192.0.2.1", 80), timeout=1),
        lambda: urllib.request.urlopen("http://example.org/mnist.gz", timeout=1),
        lambda: urllib.request.urlopen("https://192.0.2.1/mnist.gz", timeout=1),
    ],
)
def test_a_download_in_a_test_fails_it(reach, monkeypatch):
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(pytest.fail.Exception, match="tests never download"):
        reach()


def test_a_server_on_this_machine_can_be_reached():
    with socket.create_server(("127.0.0.1", 0)) as server:
        with socket.create_connection(server.getsockname(), timeout=5) as client:
            assert client.getpeername() == server.getsockname()
