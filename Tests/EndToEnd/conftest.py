import pathlib
import subprocess
import sys
import urllib.parse
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from support.collector import Collector
from support.steno import ROOT, Steno
from support.tls import Authority, Terminator
from support.upstream import Script, Upstream
from support.waiting import eventually


@pytest.fixture(scope="session")
def model(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The base URL of a real model's server: OpenAI chat and Responses, Anthropic Messages."""
    folder = tmp_path_factory.mktemp("model")
    output, log = folder / "out", folder / "log"
    arguments = [sys.executable, ROOT / "deploy/lib/model_server.py", "--cache", ROOT / ".build-model"]
    with output.open("wb") as out, log.open("wb") as err:
        process = subprocess.Popen(arguments, stdout=out, stderr=err)
    try:

        def listening() -> str:
            assert process.poll() is None, log.read_text()[-2000:]
            return output.read_text().partition("listening ")[2].strip()

        yield eventually("the model's server listens", listening, 120)
    finally:
        process.terminate()
        process.wait(20)


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("ca"))


@pytest.fixture(scope="session")
def tls_model(model: str, authority: Authority) -> Iterator[Terminator]:
    """The model behind TLS, with a certificate that only the test's own authority vouches for."""
    parts = urllib.parse.urlsplit(model)
    terminator = Terminator(authority, (parts.hostname or "", parts.port or 0))
    yield terminator
    terminator.close()


@pytest.fixture
def collector() -> Iterator[Collector]:
    collector = Collector()
    yield collector
    collector.down()


@pytest.fixture
def small_disk(tmp_path: pathlib.Path) -> Iterator[pathlib.Path]:
    folder = tmp_path / "small"
    folder.mkdir()
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", folder], capture_output=True, text=True)
    if made.returncode:
        pytest.skip(f"SKIPPED: mounting a small file system needs root: {made.stderr.strip()}")
    yield folder
    subprocess.run(["umount", "-l", folder], check=True)


StartSteno = Callable[..., Steno]


@pytest.fixture
def start_steno(tmp_path: pathlib.Path) -> Iterator[StartSteno]:
    """Starts Steno with an upstream, settings and perhaps a collector; ends what it started."""
    started: list[Steno] = []

    def start(
        upstream: str | None = None, collector: Collector | None = None, settings: dict[str, Any] | None = None,
        environment: dict[str, str] | None = None,
    ) -> Steno:  # fmt: skip
        folder = tmp_path / f"steno-{len(started)}"
        folder.mkdir()
        default = {"upstream": upstream} if upstream else {}
        steno = Steno(folder, {"presets": "off", **default, **(settings or {})}, collector, environment)
        started.append(steno)
        return steno

    yield start
    for steno in started:
        steno.kill()


@pytest.fixture
def upstream() -> Iterator[Callable[[Script], Upstream]]:
    """Starts a scripted upstream."""
    started: list[Upstream] = []

    def start(script: Script) -> Upstream:
        started.append(Upstream(script))
        return started[-1]

    yield start
    for each in started:
        each.close()


@pytest.fixture(scope="module")
def through(tls_model: Terminator, authority: Authority, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """One Steno for a module: the model over verified TLS above it, a v4 collector beside it."""
    collector = Collector()
    settings = {"upstream": tls_model.url, "route.default.tls.ca_file": authority.ca_file, "presets": "off"}
    steno = Steno(tmp_path_factory.mktemp("steno"), settings, collector)
    yield steno, collector
    assert steno.stop() == 0
    collector.down()
