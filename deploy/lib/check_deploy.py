"""Checks the files of deploy/ that no build looks at: manifests, chart, compose file, Dockerfile, rules, unit.

Each by the schema or the linter of those who run it. Wants the packages of check-requirements.txt; promtool and
systemd-analyze are Debian's.
"""

import os
import pathlib
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import kubernetes_validate
import yaml
from helm_python.chart import Chart, lint

DEPLOY = pathlib.Path(__file__).resolve().parents[1]
CHART = DEPLOY / "helm/steno"
# The first that knows native sidecars as a matter of course, and one of this year's.
VERSIONS = ("1.29.0", "1.35.0")
VALUES: dict[str, dict[str, Any]] = {
    "defaults": {},
    "everything": {
        "replicas": 3,
        "image": {"repository": "steno", "tag": "1", "pullPolicy": "Always"},
        "imagePullSecrets": [{"name": "pull"}],
        "keys": ["scale-key"],
        "tlsSecret": "tls",
        "tokenSecret": "token",
        "console": {"tokenSecret": "console"},
        "storage": {"size": "1Gi", "className": "fast"},
        "networkPolicy": {"enabled": True, "from": [{"podSelector": {"matchLabels": {"a": "b"}}}]},
        "serviceMonitor": {"enabled": True},
        "nodeSelector": {"a": "b"},
        "tolerations": [{"key": "a", "operator": "Exists"}],
        "affinity": {"nodeAffinity": {}},
    },
}
WRONG = [{"replicas": 0}, {"replica": 2}, {"serviceMonitor": {"enabled": True}}]


def run(*command: str, **more: Any) -> None:
    result = subprocess.run(command, capture_output=True, text=True, **more)
    if result.returncode != 0:
        raise AssertionError(f"{' '.join(command[:3])} …\n{result.stdout}{result.stderr}")


def validate(documents: list[dict[str, Any]], where: str) -> None:
    assert documents, f"{where}: nothing in it"
    for document in documents:
        # Of an operator's, which may not be there: no schema of Kubernetes.
        if document["kind"] == "ServiceMonitor":
            continue
        for version in VERSIONS:
            kubernetes_validate.validate(document, version, strict=True)
        safety(document, where)


def safety(document: dict[str, Any], where: str) -> None:
    """What the pods promise: an unprivileged user, nothing to write to but volumes, no capability, a bound of memory."""
    spec = document.get("spec", {}).get("template", {}).get("spec")
    if not spec:
        return
    assert spec["securityContext"]["runAsNonRoot"] and spec["automountServiceAccountToken"] is False, where
    assert spec["terminationGracePeriodSeconds"] > 50, where
    steno = next(c for c in spec.get("initContainers", []) + spec["containers"] if c["name"] == "steno")
    assert steno["securityContext"]["readOnlyRootFilesystem"], where
    assert steno["securityContext"]["allowPrivilegeEscalation"] is False, where
    assert steno["securityContext"]["capabilities"] == {"drop": ["ALL"]}, where
    assert steno["resources"]["limits"]["memory"] and steno["startupProbe"], where
    mounts = {m["name"] for m in steno["volumeMounts"]}
    claims = document["spec"].get("volumeClaimTemplates", [])
    there = {v["name"] for v in spec["volumes"]} | {c["metadata"]["name"] for c in claims}
    assert mounts <= there, f"{where}: no volume for {mounts - there}"


def manifests() -> None:
    for path in sorted((DEPLOY / "kubernetes").glob("*.yaml")):
        documents = list(yaml.safe_load_all(path.read_text()))
        validate(documents, path.name)
        for document in documents:
            if document["kind"] == "ConfigMap":
                check_configuration(document["data"]["steno.conf"], path.name)


def rendered(values: dict[str, Any]) -> list[dict[str, Any]]:
    with Chart.load(CHART) as chart:
        chart.validate_schema(values)
        out = chart.render(values, name="demo", namespace="apps")
    texts = [text for name, text in out.items() if name.endswith(".yaml")]
    return [document for text in texts for document in yaml.safe_load_all(text) if document]


def chart() -> None:
    lint(CHART)
    for name, values in VALUES.items():
        documents = rendered(values)
        validate(documents, f"chart, {name}")
        kinds = {d["kind"] for d in documents}
        assert {"ConfigMap", "Service", "StatefulSet"} <= kinds, kinds
        if name == "everything":
            assert {"NetworkPolicy", "PodDisruptionBudget", "ServiceMonitor"} <= kinds, kinds
        config = next(d for d in documents if d["kind"] == "ConfigMap")["data"]["steno.conf"]
        check_configuration(config, f"chart, {name}")
    for values in WRONG:
        try:
            rendered(values)
        except Exception:  # noqa: BLE001 the binding has a class for each cause
            continue
        raise AssertionError(f"the chart takes {values}")


def check_configuration(text: str, where: str) -> None:
    """By the binary, if there is one; what files it names are in the cluster, not here."""
    binary = os.environ.get("STENO")
    if not binary or not os.access(binary, os.X_OK):
        return
    lines = [line for line in text.splitlines() if "_file = " not in line and not line.startswith("console.listen")]
    config = pathlib.Path(os.environ.get("TMPDIR", "/tmp")) / f"steno-check-{os.getpid()}.conf"
    config.write_text("\n".join(lines) + "\n")
    try:
        run(binary, "check", "--config", str(config))
    except AssertionError as error:
        raise AssertionError(f"{where}: {error}") from None
    finally:
        config.unlink()


def compose() -> None:
    run(sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", str(DEPLOY / "compose.yaml"))
    services = yaml.safe_load((DEPLOY / "compose.yaml").read_text())["services"]
    assert services["steno"]["read_only"] and services["steno"]["cap_drop"] == ["ALL"]


def dockerfile() -> None:
    run(str(pathlib.Path(sys.executable).parent / "hadolint"), str(DEPLOY / "Dockerfile"))
    text = (DEPLOY / "Dockerfile").read_text()
    # From `COPY --from=root / /` on: nothing is root's.
    assert re.search(r"^USER 65532:65532$", text, re.MULTILINE) and "doctor" in text


def rules() -> None:
    for command in (["check", "rules", "alerts.yml"], ["test", "rules", "alerts.test.yml"]):
        run("promtool", *command, cwd=DEPLOY / "prometheus")


def unit() -> None:
    """What the unit's program is called needs not be installed here."""
    text = (DEPLOY / "systemd/steno.service").read_text().replace("/usr/bin/steno", "/bin/true")
    folder = pathlib.Path(os.environ.get("TMPDIR", "/tmp")) / f"steno-unit-{os.getpid()}"
    folder.mkdir()
    try:
        path = folder / "steno.service"
        path.write_text(text)
        run("systemd-analyze", "verify", "--man=no", str(path))
        result = subprocess.run(
            ["systemd-analyze", "security", "--offline=yes", "--threshold=20", str(path)], capture_output=True, text=True
        )
        print("   ", result.stdout.strip().splitlines()[-1])
        assert result.returncode == 0, result.stdout
    finally:
        shutil.rmtree(folder)


def hosts() -> None:
    """Images are named in short: which registry they come from is for those to say who run them."""
    for path in sorted(DEPLOY.rglob("*")):
        if path.suffix in (".yaml", ".yml", ".tpl") or path.name == "Dockerfile":
            for image in re.findall(r"(?:image:|repository:|^FROM) *\"?([^\s\"]+)", path.read_text(), re.MULTILINE):
                assert "{{" in image or "/" not in image or "." not in image.split("/")[0], f"{path.name}: {image}"


def checks() -> Iterator[tuple[str, Any]]:
    for check in (manifests, chart, compose, dockerfile, rules, unit, hosts):
        yield check.__name__, check


failed = 0
for name, check in checks():
    try:
        check()
        print(f"ok    {name}")
    except Exception as error:  # noqa: BLE001 each is told, whatever it is
        failed += 1
        print(f"FAIL  {name}: {type(error).__name__}: {error}")
sys.exit(1 if failed else 0)
