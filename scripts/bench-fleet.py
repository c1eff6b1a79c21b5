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
# In each round a figure is of so many entries at least.
ROUNDS, ENTRIES_IN_A_ROUND = 3, 500
# A fleet of one entry pays for the start alone, in so many runs of a round.
STARTS = 17

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


def start(argv, out=os.devnull):
    to = [(os.POSIX_SPAWN_OPEN, 1, out, os.O_WRONLY | os.O_CREAT, 0o644), (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0)]
    return os.posix_spawn(argv[0], argv, {"PATH": os.environ["PATH"], "HOME": os.environ["HOME"]}, file_actions=to)


def end(pid, argv):
    """What a process used, which must succeed."""
    _, status, usage = os.wait4(pid, 0)
    if status:
        sys.exit(f"bench: exit code {os.waitstatus_to_exitcode(status)} from {' '.join(argv)}")
    return usage


def run(argv, out=os.devnull):
    """The seconds and the processor's seconds of a process."""
    started = time.perf_counter()
    usage = end(start(argv, out), argv)
    return time.perf_counter() - started, usage.ru_utime + usage.ru_stime


def peak(argv):
    """The peak MiB of a process. A fork, and not the spawn above: a spawned process first shares this one's memory, which counts."""
    pid = os.fork()
    if pid == 0:
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, 1)
        os.dup2(null, 2)
        os.execve(argv[0], argv, {"PATH": os.environ["PATH"], "HOME": os.environ["HOME"]})
    return end(pid, argv).ru_maxrss / 1024


def fleet(size):
    folder = f"tenants-{size}"
    os.mkdir(folder)
    for number in range(size):
        with open(f"{folder}/t{number:05}.yaml", "w") as file:
            file.write(TENANT.format(f"t{number:05}", 100 + number % 400))
    with open(f"fleet-{size}.yaml", "w") as file:
        file.write(FLEET.format(size))


def command(hzgchart, size, jobs):
    """Packages a fleet into a new folder. Nothing is removed before the end: ext4 gives no inode again that was freed in the last
    minute, and searches past all of them."""
    charts = tempfile.mkdtemp(prefix="charts-", dir=".")
    return [hzgchart, "fleet", "package", f"fleet-{size}.yaml", "-d", charts, "--jobs", str(jobs)], charts


def once(hzgchart, size, jobs, measure=run):
    argv, charts = command(hzgchart, size, jobs)
    figures = measure(argv)
    made = len(os.listdir(charts))
    if made != size:
        sys.exit(f"bench: {made} charts of {size}")
    # What one run left for the disk to do is not the next one's.
    os.sync()
    return figures


def package(hzgchart, runs):
    """Medians for each size and number of jobs, of so many runs in each of some rounds: a busy moment of the machine falls on all
    alike."""
    series = {key: [] for key in runs}
    for _ in range(ROUNDS):
        for key, times in runs.items():
            series[key] += [once(hzgchart, *key) for _ in range(times)]
    return {key: [statistics.median(figures) for figures in zip(*all)] for key, all in series.items()}


def at_once(hzgchart, size, cores):
    """By how much a run on one core takes longer when as many as there are cores go on at once, the median of some."""
    ratios = []
    for _ in range(ROUNDS):
        alone, _ = once(hzgchart, size, 1)
        started = time.perf_counter()
        argvs = [command(hzgchart, size, 1)[0] for _ in range(cores)]
        for pid, argv in [(start(argv), argv) for argv in argvs]:
            end(pid, argv)
        ratios.append((time.perf_counter() - started) / alone)
        os.sync()
    return statistics.median(ratios)


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
        row("entries", "wall", "per entry", "per further entry", "on one core", "cores help by", "cores busy", "peak memory")
        row(*["---"] * 8)
        sizes = QUICK_SIZES if quick else SIZES
        runs = {(1, cores): STARTS}
        for size in sizes:
            runs[size, cores] = runs[size, 1] = max(1, ENTRIES_IN_A_ROUND // size)
        for size in (1, *sizes):
            fleet(size)
        figures = package(hzgchart, runs)
        memory = {size: once(hzgchart, size, cores, peak) for size in (1, *sizes)}
        first, _ = figures[1, cores]
        row("1", f"{first:.4f} s", f"{first * 1e3:.2f} ms", "", "", "", "", f"{memory[1]:.1f} MiB")
        for size in sizes:
            (wall, busy), (alone, _) = figures[size, cores], figures[size, 1]
            row(f"{size:,}", f"{wall:.3f} s", f"{wall / size * 1e3:.2f} ms", f"{(wall - first) / (size - 1) * 1e3:.2f} ms", f"{alone:.3f} s",
                f"{alone / wall:.2f}", f"{busy / wall:.2f}", f"{memory[size]:.1f} MiB")
        size = min(1_000, sizes[-1])
        print(f"\n{cores} runs of {size:,} entries at once, on one core each, take {at_once(hzgchart, size, cores):.2f} times as long as one: "
              "so much this machine's cores slow each other down.")

        run([hzgchart, "fleet", "package", f"fleet-{HELM_ENTRIES}.yaml", "-d", "charts"])
        charts = []
        for archive in sorted(os.listdir("charts")):
            with tarfile.open(f"charts/{archive}") as tar:
                name = tar.next().name.split("/")[0]
                tar.extractall("folders", filter="data")
            charts.append(name)
        os.mkdir("helm")
        print(f"\nThe same {HELM_ENTRIES} charts, `helm template` and `helm package` for each, one after the other:\n")
        row("program", "wall", "per entry", "hzgchart, before and after it", "hzgchart is")
        row(*["---"] * 5)
        before = statistics.median(once(hzgchart, HELM_ENTRIES, cores)[0] for _ in range(ROUNDS))
        for name, helm in helms.items():
            took = helm_loop(helm, charts)
            after = statistics.median(once(hzgchart, HELM_ENTRIES, cores)[0] for _ in range(ROUNDS))
            ours, before = (before + after) / 2, after
            row(name, f"{took:.2f} s", f"{took / HELM_ENTRIES * 1e3:.1f} ms", f"{ours:.3f} s", f"{took / ours:.0f} times faster")


main(*sys.argv[1:])
