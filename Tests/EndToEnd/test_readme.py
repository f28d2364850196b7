"""What the README and the example configuration promise works: its Python examples run as they stand."""

import os
import pathlib
import re
import subprocess
import sys

import pytest

from support.steno import ROOT, command

README = (ROOT / "README.md").read_text()
EXAMPLES = re.findall(r"^```python\n(.*?)^```", README, re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("example", EXAMPLES, ids=[re.search(r"(?:from|import) (\w+)", e)[1] for e in EXAMPLES])
def test_python_examples_run_as_they_stand(example, tls_model, authority, collector, start_steno, tmp_path):
    """The same code, with Steno's port and the vendors' hosts replaced by the test's."""
    settings = {"presets": "on"}
    for vendor in ("openai", "anthropic"):
        settings |= {f"route.{vendor}.upstream": tls_model.url, f"route.{vendor}.tls.ca_file": authority.ca_file}
    steno = start_steno(tls_model.url, collector, settings | {"route.default.tls.ca_file": authority.ca_file})
    script = tmp_path / "example.py"
    script.write_text(example.replace("127.0.0.1:4141", steno.host))
    keys = {"OPENAI_API_KEY": "none-needed", "ANTHROPIC_API_KEY": "none-needed", "LANGSMITH_TRACING": "false"}
    result = subprocess.run([sys.executable, script], env=os.environ | keys, capture_output=True, text=True, timeout=90)
    assert result.returncode == 0, result.stderr
    assert result.stdout.strip(), "the example printed nothing"
    for interaction in collector.wait_for(1):
        assert interaction["operation_status"] == "SUCCESS"
        assert interaction["output"]["response"].strip() in result.stdout


def test_the_readme_has_examples():
    assert len(EXAMPLES) >= 3


def test_the_example_configuration_is_valid():
    example = ROOT / "deploy/steno.conf.example"
    result = command("check", "--config", str(example))
    assert result.returncode == 0, result.stderr


def check(text: str, folder: pathlib.Path, pem: pathlib.Path) -> subprocess.CompletedProcess[str]:
    """`steno check` of a configuration, with the files that it names in the test's folder."""
    for name in re.findall(r"= (/etc/steno/\S+)", text):
        file = folder / pathlib.Path(name).name
        own = pem if file.suffix in (".pem", ".key") else None
        file.write_bytes(own.read_bytes() if own else b"content-of-a-file\n")
        text = text.replace(name, str(file))
    config = folder / "steno.conf"
    config.write_text(text.replace("/var/lib/steno", str(folder)))
    return command("check", "--config", str(config))


def test_every_setting_of_the_example_configuration_is_known(tmp_path: pathlib.Path, authority):
    text = (ROOT / "deploy/steno.conf.example").read_text()
    text = re.sub(r"^#(?=[a-z][\w.-]* = )", "", text, flags=re.MULTILINE)
    result = check(text, tmp_path, authority.server_file)
    assert result.returncode == 0, result.stderr


def test_the_configuration_in_the_readme_is_valid(tmp_path: pathlib.Path, authority):
    first, *others = re.findall(r"^```ini\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
    result = check(first, tmp_path, authority.server_file)
    assert result.returncode == 0, result.stderr
    assert "https://llm.example.com/v2" in result.stdout and "what no other" not in result.stdout
    for text in others:
        result = check(text, tmp_path, authority.server_file)
        assert result.returncode == 0, result.stderr


def test_the_configuration_of_each_kind_of_sink_is_valid(tmp_path: pathlib.Path, authority):
    page = (ROOT / "deploy/docs/sinks.md").read_text()
    _, *kinds = re.findall(r"^```ini\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    assert len(kinds) == 4
    for text in kinds:
        result = check(text, tmp_path, authority.server_file)
        assert result.returncode == 0, result.stderr


def test_the_commands_in_the_readme_exist():
    table = README.partition("| command |")[2].partition("\n\n")[0]
    for name in set(re.findall(r"`steno ([a-z]+)", table)):
        assert command(name, "--help").returncode == 0, name
