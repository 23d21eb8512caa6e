"""Serving: a real server that says where it is, refuses a taken port and stops when told."""

import signal
import socket
import subprocess
import sys
from pathlib import Path
from urllib.request import urlopen

import pytest

from bioloom.doors.stores.answering import address_of, noted
from bioloom.doors.stores.settings import CityMissing
from bioloom.doors.web.serving import PortTaken, serve
from tests.doors.web.hostile_city import ODD_DISTRICT, make_city

PROGRAM = "import sys; from bioloom.doors.web.serving import serve; serve(sys.argv[1], port=0)"


@pytest.mark.parametrize("asked", [signal.SIGINT, signal.SIGTERM])
def test_a_page_is_served_until_told_to_stop(tmp_path: Path, asked: signal.Signals) -> None:
    make_city(tmp_path / "own").close()
    with subprocess.Popen(
        [sys.executable, "-u", "-c", PROGRAM, str(tmp_path / "own")],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as server:
        assert server.stdout is not None
        assert server.stderr is not None
        try:
            told = server.stdout.readline()
            address = told.split(" at ")[1].split()[0]
            # The server decodes the path once more than we would like; ids must survive that.
            odd = f"{address}districts/a%2F%2Fb%20%22c%22%26d%2F"
            with urlopen(address) as today, urlopen(odd) as district:
                assert "What needs hands" in today.read().decode()
                assert "<h1>Odd</h1>" in district.read().decode()
        finally:
            server.send_signal(asked)
        assert server.wait(20) == 0
        assert server.stderr.read() == ""
    assert ODD_DISTRICT == 'a//b "c"&d/'


def test_a_port_that_is_taken_is_refused_with_another(tmp_path: Path) -> None:
    make_city(tmp_path / "own").close()
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        with pytest.raises(PortTaken, match="it is in use") as refused:
            serve(tmp_path / "own", port=port)

    assert f"--port {port + 1}" in refused.value.remedy


def test_an_address_that_is_not_ours_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PortTaken, match="192"):
        serve(tmp_path, host="192.0.2.1", port=0)


def test_a_folder_without_a_city_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CityMissing, match="no city"):
        serve(tmp_path, port=0)


def test_links_name_the_address_where_the_page_is_served_just_now(tmp_path: Path) -> None:
    assert address_of(tmp_path) == "http://127.0.0.1:8000"
    with noted(tmp_path, "http://127.0.0.1:4321"):
        assert address_of(tmp_path) == "http://127.0.0.1:4321"
        with noted(tmp_path, "https://commons.example.org"):
            assert address_of(tmp_path) == "https://commons.example.org"
    assert address_of(tmp_path) == "http://127.0.0.1:8000"
