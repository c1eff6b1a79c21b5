"""Runs hzgchart, Helm 3, Helm 4 and kubernetes-validate on each broken input of tests/fixtures/invalid.

Started by validation-table.sh, as `validation-table.py HZGCHART [--check]`. A values file is given to `helm lint --strict`
with the chart that hzgchart packages; kubernetes-validate gets the objects that `hzgchart render --no-validate` writes.
Manifests are given to Helm as the template of a chart of their own.
"""

import concurrent.futures
import functools
import json
import pathlib
import subprocess
import sys
import tempfile

import yaml
from kubernetes_validate import utils

FIXTURES = pathlib.Path("tests/fixtures/invalid")
PAGE = pathlib.Path("docs/validation.md")
BEGIN, END = "<!-- table -->\n", "<!-- end of table -->\n"
HELMS = [pathlib.Path(".tools/helm3").resolve(), pathlib.Path(".tools/helm4").resolve()]
NEWEST = "1.37"
CHART = "apiVersion: v2\nname: manifests\nversion: 1.0.0\nicon: https://example.com/icon.svg\n"
NOTICED, MISSED, NOT_RENDERED = "yes", "", "–"

# The library reads the same few files again for each object.
utils.schema_contents = functools.lru_cache(maxsize=None)(utils.schema_contents)
utils.all_versions = functools.lru_cache(maxsize=None)(utils.all_versions)


class Fixture:
    """A broken input; its name is the path below the folder, without the ending."""

    def __init__(self, path):
        self.path = path
        self.name = str(path.relative_to(FIXTURES).with_suffix(""))
        self.is_manifests = self.name.startswith("manifests/")
        lines = [line for line in path.read_text().splitlines() if line.startswith("# args: ")]
        self.args = lines[0].removeprefix("# args: ").split() if lines else []

    def args_of(self, *names):
        """The arguments of these names; each has a value."""
        pairs = zip(self.args[::2], self.args[1::2])
        return [word for name, value in pairs if name in names for word in (name, value)]


def run(*argv, cwd=None):
    return subprocess.run([str(word) for word in argv], cwd=cwd, capture_output=True, text=True)


def rules_of(hzgchart, fixture):
    """The rules that hzgchart finds broken; none for waivers that cannot be read."""
    target = [fixture.path.name] if fixture.is_manifests else ["-f", fixture.path.name]
    command = ["validate", "--strict", "--format", "json", *fixture.args, *target]
    finished = run(hzgchart, *command, cwd=fixture.path.parent)
    if finished.returncode not in (1, 2):
        sys.exit(f"validation-table: {fixture.name}: hzgchart ends with {finished.returncode}")
    if not finished.stdout:
        return []
    findings = json.loads(finished.stdout)["findings"]
    return sorted({finding["rule"] for finding in findings if finding["severity"] != "note"})


def chart_of(hzgchart, fixture, folder):
    """A chart folder for Helm, the same for all values files with the same preset."""
    if fixture.is_manifests:
        chart = folder / fixture.path.stem
        (chart / "templates").mkdir(parents=True)
        (chart / "Chart.yaml").write_text(CHART)
        (chart / "templates" / fixture.path.name).write_text(fixture.path.read_text())
        return chart
    args = fixture.args_of("--preset", "--set")
    parent = folder / ("chart " + " ".join(args)).replace("/", "_")
    if not parent.exists():
        command = ["package", "--no-validate", "--format", "dir", "--version", "1.0.0", "-d", parent]
        finished = run(hzgchart, *command, *args)
        if finished.returncode:
            sys.exit(f"validation-table: {fixture.name}: {finished.stderr}")
    return next(path for path in parent.iterdir() if path.is_dir())


def helm_notices(helm, chart, fixture):
    values = [] if fixture.is_manifests else ["-f", fixture.path]
    version = fixture.args_of("--kube-version")
    return NOTICED if run(helm, "lint", "--strict", chart, *values, *version).returncode else MISSED


def objects_of(hzgchart, fixture):
    """The YAML text of the objects; none when the values are refused."""
    if fixture.is_manifests:
        return fixture.path.read_text()
    args = fixture.args_of("--preset", "--set", "--name", "--namespace")
    finished = run(hzgchart, "render", "--no-validate", *args, "-f", fixture.path)
    return None if finished.returncode else finished.stdout


def schemas_notice(text, version):
    """What `kubernetes-validate --strict` says, which lets kinds pass that it has no schema for."""
    if text is None:
        return NOT_RENDERED
    try:
        for thing in filter(None, yaml.safe_load_all(text)):
            try:
                utils.validate(thing, version, strict=True)
            except utils.SchemaNotFoundError:
                continue
    except Exception:  # A refusal, or the tool itself gives up.
        return NOTICED
    return MISSED


def rows(hzgchart, fixtures):
    with tempfile.TemporaryDirectory() as folder:
        charts = [chart_of(hzgchart, fixture, pathlib.Path(folder)) for fixture in fixtures]

        def ask(pair):
            fixture, chart = pair
            helms = [helm_notices(helm, chart, fixture) for helm in HELMS]
            return fixture, rules_of(hzgchart, fixture), helms, objects_of(hzgchart, fixture)

        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            for fixture, rules, helms, text in pool.map(ask, zip(fixtures, charts)):
                version = fixture.args_of("--kube-version")[1:] or [NEWEST]
                yield fixture, rules, [*helms, schemas_notice(text, version[0])]


def table(title, rows):
    def cells(fixture, rules, others):
        fault = f"[{fixture.path.stem.replace('_', ' ')}](../{fixture.path})"
        links = ", ".join(f"[{rule}](rules/{rule}.md)" for rule in rules)
        return [fault, links or "refused", *others]

    count = [sum(others[at] == NOTICED for _, _, others in rows) for at in range(3)]
    lines = [
        ["Fault", "hzgchart", "helm 3 lint", "helm 4 lint", "kubernetes-validate"],
        ["---"] * 5,
        [f"**all {len(rows)}**", f"**{len(rows)}**", *(f"**{n}**" for n in count)],
        *(cells(*row) for row in rows),
    ]
    text = "".join("| " + " | ".join(line) + " |\n" for line in lines)
    return f"### {title}\n\n{text}".replace("|  |", "| |").replace("|  |", "| |")


def summary(rows):
    alone = sum(NOTICED not in others for _, _, others in rows)
    return f"Of {len(rows)} faults, {alone} are noticed by hzgchart alone.\n"


def main(hzgchart, *flags):
    hzgchart = pathlib.Path(hzgchart).resolve()
    paths = [path for path in FIXTURES.rglob("*.yaml") if not path.name.endswith(".waivers.yaml")]
    found = list(rows(hzgchart, [Fixture(path) for path in sorted(paths)]))
    values = [row for row in found if not row[0].is_manifests]
    manifests = [row for row in found if row[0].is_manifests]
    parts = [summary(found), table("Values files", values), table("Manifests", manifests)]

    page = PAGE.read_text()
    before, rest = page.split(BEGIN)
    after = rest.split(END)[1]
    current = before + BEGIN + "\n" + "\n".join(parts) + "\n" + END + after
    if "--check" in flags and current != page:
        sys.exit(f"validation-table: the table of {PAGE} is not current: run scripts/validation-table.sh")
    PAGE.write_text(current)
    print(summary(found), end="")


main(*sys.argv[1:])
