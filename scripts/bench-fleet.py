"""Times fleets of 10 to 10,000 entries, on all cores and on one, and 100 of their charts in a loop over Helm.

Started by `bench.sh --fleet`, as `bench-fleet.py HZGCHART [--quick]`. Every run writes to a new folder. An entry is loaded, rendered,
checked and packaged; the loop runs `helm template` and `helm package` for each of the same charts.
"""

import os
import statistics
import sys
import tarfile
import tempfile
import time

SIZES, QUICK_SIZES = (10, 100, 1_000, 10_000), (10, 100)
HELM_ENTRIES = 100
# So many entries are worked on at least, in so many runs, for each figure.
ENTRIES_FOR_A_FIGURE, RUNS = 1_000, 3
# A fleet of one entry pays for the start alone, in so many runs.
STARTS = 51

FLEET = """\
shared:
  presets: [nfs]
  version: 10.0.3.0
  values:
    storage: {{server: 10.0.0.9, root: "/srv/{{tenant}}"}}
    forguncy: {{image: {{tag: 10.0.3.0}}, service: {{nodePort: 0}}}}
tenantFiles: tenants-{0}
matrix: [{{}}]
"""

TENANT = """\
forguncy:
  podAnnotations: {{example.com/customer: "{0}"}}
  resources:
    requests: {{cpu: {1}m, memory: 2Gi}}
ingress:
  enabled: true
  className: nginx
  hosts: [{0}.example.com]
"""


def run(argv, out=os.devnull):
    """The seconds, the processor's seconds and the peak MiB of a process that must succeed."""
    start = time.perf_counter()
    pid = os.fork()
    if pid == 0:
        null = os.open(out, os.O_WRONLY | os.O_CREAT)
        os.dup2(null, 1)
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
        os.execve(argv[0], argv, {"PATH": os.environ["PATH"], "HOME": os.environ["HOME"]})
    _, status, usage = os.wait4(pid, 0)
    passed = time.perf_counter() - start
    if status:
        sys.exit(f"bench: exit code {os.waitstatus_to_exitcode(status)} from {' '.join(argv)}")
    return passed, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def fleet(size):
    folder = f"tenants-{size}"
    os.mkdir(folder)
    for number in range(size):
        with open(f"{folder}/t{number:05}.yaml", "w") as file:
            file.write(TENANT.format(f"t{number:05}", 100 + number % 400))
    with open(f"fleet-{size}.yaml", "w") as file:
        file.write(FLEET.format(size))


def package(hzgchart, size, jobs, times=0):
    """Medians of some runs."""
    runs = []
    for _ in range(times or max(RUNS, ENTRIES_FOR_A_FIGURE // size)):
        # Nothing is removed before the end: ext4 gives no inode again that was freed in the last minute, and searches past all of them.
        charts = tempfile.mkdtemp(prefix="charts-", dir=".")
        runs.append(run([hzgchart, "fleet", "package", f"fleet-{size}.yaml", "-d", charts, "--jobs", str(jobs)]))
        made = len(os.listdir(charts))
        if made != size:
            sys.exit(f"bench: {made} charts of {size}")
        # What one run left for the disk to do is not the next one's.
        os.sync()
    return [statistics.median(figures) for figures in zip(*runs)]


def helm_loop(helm, charts):
    """The seconds that a loop takes for charts, folders of them there already."""
    started = time.perf_counter()
    for name in charts:
        run([helm, "template", "forguncy", f"folders/{name}", "--namespace", name], f"helm/{name}.yaml")
        run([helm, "package", f"folders/{name}", "-d", "helm"])
    return time.perf_counter() - started


def row(*cells):
    print("| " + " | ".join(cells) + " |", flush=True)


def main(hzgchart, *options):
    quick = "--quick" in options
    helms = {"Helm 3": os.path.abspath(".tools/helm3"), "Helm 4": os.path.abspath(".tools/helm4")}
    cores = len(os.sched_getaffinity(0))
    with tempfile.TemporaryDirectory() as work:
        os.chdir(work)
        print(f"`fleet package` on {cores} cores ({os.uname().machine}), and on one. Every entry is rendered, checked and packaged.\n")
        row("entries", "wall", "per entry", "per further entry", "on one core", "cores help by", "processor, per entry", "peak memory")
        row(*["---"] * 8)
        fleet(1)
        first, _, memory = package(hzgchart, 1, cores, STARTS)
        row("1", f"{first:.3f} s", f"{first * 1e3:.2f} ms", "", "", "", "", f"{memory:.1f} MiB")
        for size in QUICK_SIZES if quick else SIZES:
            fleet(size)
            wall, busy, memory = package(hzgchart, size, cores)
            alone, _, _ = package(hzgchart, size, 1)
            row(f"{size:,}", f"{wall:.3f} s", f"{wall / size * 1e3:.2f} ms", f"{(wall - first) / (size - 1) * 1e3:.2f} ms", f"{alone:.3f} s",
                f"{alone / wall:.2f}", f"{busy / size * 1e3:.2f} ms", f"{memory:.1f} MiB")

        run([hzgchart, "fleet", "package", f"fleet-{HELM_ENTRIES}.yaml", "-d", "charts"])
        charts = []
        for archive in sorted(os.listdir("charts")):
            with tarfile.open(f"charts/{archive}") as tar:
                name = tar.next().name.split("/")[0]
                tar.extractall("folders", filter="data")
            charts.append(name)
        os.mkdir("helm")
        print(f"\nThe same {HELM_ENTRIES} charts, `helm template` and `helm package` for each, one after the other:\n")
        row("program", "wall", "per entry", "hzgchart is")
        row(*["---"] * 4)
        ours, _, _ = package(hzgchart, HELM_ENTRIES, cores)
        for name, helm in helms.items():
            took = helm_loop(helm, charts)
            row(name, f"{took:.2f} s", f"{took / HELM_ENTRIES * 1e3:.1f} ms", f"{took / ours:.0f} times faster")
        again, _, _ = package(hzgchart, HELM_ENTRIES, cores)
        row("hzgchart", f"{ours:.3f} s, then {again:.3f} s", f"{ours / HELM_ENTRIES * 1e3:.2f} ms", "")


main(*sys.argv[1:])
