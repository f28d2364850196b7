"""A real ClickHouse server on loopback, as a plain process: Debian's, if it is installed."""

import os
import pathlib
import shutil
import subprocess
import urllib.parse
import urllib.request

from .ports import free_port
from .waiting import eventually

BINARY = shutil.which("clickhouse-server") or shutil.which("clickhouse")

CONFIG = """<yandex>
  <logger><level>warning</level><log>{folder}/log</log><errorlog>{folder}/errors</errorlog></logger>
  <http_port>{port}</http_port><listen_host>127.0.0.1</listen_host>
  <path>{folder}/data/</path><tmp_path>{folder}/tmp/</tmp_path><user_files_path>{folder}/files/</user_files_path>
  <users_config>{folder}/users.xml</users_config><default_profile>default</default_profile>
  <default_database>default</default_database><mark_cache_size>5368709120</mark_cache_size>
</yandex>"""

USERS = """<yandex>
  <profiles><default><max_memory_usage>2000000000</max_memory_usage></default></profiles>
  <users><steno><password>{password}</password><networks><ip>::/0</ip></networks>
    <profile>default</profile><quota>default</quota></steno></users>
  <quotas><default/></quotas>
</yandex>"""


class ClickHouse:
    USER, PASSWORD = "steno", "a-password-of-the-test"

    def __init__(self, folder: pathlib.Path):
        self.folder, self.port = folder, free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "config.xml").write_text(CONFIG.format(folder=folder, port=self.port))
        (folder / "users.xml").write_text(USERS.format(password=self.PASSWORD))
        self.process: subprocess.Popen[bytes] | None = None
        self.up()

    def up(self) -> None:
        assert BINARY
        command = [BINARY] if BINARY.endswith("server") else [BINARY, "server"]
        environment = os.environ | {"CLICKHOUSE_WATCHDOG_ENABLE": "0"}
        with (self.folder / "output").open("ab") as output:
            self.process = subprocess.Popen(
                [*command, f"--config-file={self.folder}/config.xml"], stdout=output, stderr=output, cwd=self.folder,
                env=environment,
            )  # fmt: skip
        eventually("the server answers", self._answers, 60)

    def down(self) -> None:
        if self.process:
            self.process.terminate()
            self.process.wait(30)
            self.process = None

    def _answers(self) -> bool:
        assert self.process and self.process.poll() is None, (self.folder / "output").read_text()[-2000:]
        try:
            return self.ask("SELECT 1") == "1\n"
        except OSError:
            return False

    def ask(self, query: str) -> str:
        request = urllib.request.Request(f"{self.url}/?query={urllib.parse.quote(query)}", data=b"")
        request.add_header("x-clickhouse-user", self.USER)
        request.add_header("x-clickhouse-key", self.PASSWORD)
        with urllib.request.urlopen(request, timeout=20) as response:
            return response.read().decode()
