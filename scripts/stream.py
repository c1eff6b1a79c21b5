"""Writes a stream of 10,000 manifests to standard output: the releases of all presets and the project's
manifests of other kinds, over and over, each time under other names. The same on every run.

usage: stream.py HZGCHART
"""

import itertools
import pathlib
import re
import subprocess
import sys

MANIFESTS = 10_000
PRESETS = ["single-node", "nfs", "offline", "arm64"]


def release(hzgchart, preset, number):
    """The manifests of a release."""
    text = subprocess.run(
        [hzgchart, "render", "--no-validate", "--preset", preset, "--set", "storage.server=nfs.example.com",
         "--set", f"forguncy.service.nodePort=0,forguncy.containerPort={8000 + number}",
         "--name", f"shop-{number}", "--namespace", f"shop-{number}"],
        check=True, capture_output=True, text=True).stdout
    return [part for part in re.split(r"^---\n", text, flags=re.M) if "kind:" in part]


def renamed(text, number):
    """A manifest under another name, in another namespace."""
    text = re.sub(r"^(  name: .*)$", rf"\1-{number}", text, count=1, flags=re.M)
    text = re.sub(r"nodePort: \d+", f"nodePort: {30000 + number}", text)
    return re.sub(r"^(  namespace: .*)$", rf"\1-{number}", text, count=1, flags=re.M)


def manifests(hzgchart):
    fixtures = sorted(pathlib.Path("tests/fixtures/kubernetes").glob("*.yaml"))
    texts = [path.read_text() for path in fixtures]
    for number in itertools.count():
        yield from release(hzgchart, PRESETS[number % len(PRESETS)], number)
        for text in texts:
            yield renamed(text, number)


for manifest in itertools.islice(manifests(sys.argv[1]), MANIFESTS):
    sys.stdout.write("---\n" + manifest)
