"""Times whole processes: hzgchart, Helm 3, Helm 4, and an empty program as the floor.

Started by bench.sh, as `bench.py HZGCHART FLOOR [--quick]`, with an interpreter that loads as
little as possible: what Python itself holds in memory shows in the figures of small programs.
"""

import os
import sys
import time

RUNS, WARM_UP, MEMORY_RUNS = 101, 5, 9
QUICK_RUNS, QUICK_WARM_UP, QUICK_MEMORY_RUNS = 15, 2, 3


def environment(home):
    return {"PATH": os.environ["PATH"], "HOME": home}


def fail(argv, status):
    sys.exit(f"bench: exit code {os.waitstatus_to_exitcode(status)} from {' '.join(argv)}")


def empty(folder):
    for name in os.listdir(folder):
        os.remove(f"{folder}/{name}")


def milliseconds(argv, home, null):
    """Wall time from the start of a process to its end."""
    actions = [(os.POSIX_SPAWN_DUP2, null, 1)]
    start = time.perf_counter_ns()
    pid = os.posix_spawn(argv[0], argv, environment(home), file_actions=actions)
    _, status, _ = os.wait4(pid, 0)
    passed = time.perf_counter_ns() - start
    if status:
        fail(argv, status)
    return passed / 1e6


def mebibytes(argv, home, null):
    """Peak memory of a process. A fork, and not the spawn above, because a spawned process first
    shares its parent's memory and would be charged with all of it."""
    pid = os.fork()
    if pid == 0:
        os.dup2(null, 1)
        os.execve(argv[0], argv, environment(home))
    _, status, usage = os.wait4(pid, 0)
    if status:
        fail(argv, status)
    return usage.ru_maxrss / 1024


def median(numbers):
    numbers = sorted(numbers)
    middle = len(numbers) // 2
    return numbers[middle] if len(numbers) % 2 else (numbers[middle - 1] + numbers[middle]) / 2


def commands(hzgchart, floor, work):
    """Each job with its programs; every program does the same whole job."""
    values = ["--preset", "nfs"]
    chart = [hzgchart, "package", *values, "--version", "1.2.3", "-d", work]
    null = os.open(os.devnull, os.O_WRONLY)
    milliseconds([*chart, "--format", "tgz"], work, null)
    before = set(os.listdir(work))
    milliseconds([*chart, "--format", "dir"], work, null)
    archive = f"{work}/" + next(name for name in before if name.endswith(".tgz"))
    folder = f"{work}/" + next(iter(set(os.listdir(work)) - before))
    out = f"{work}/out"
    os.mkdir(out)
    # Packages go to an empty folder, as in a job of CI: to replace a file makes ext4 write it to the disk at once.
    helms = {"Helm 3": os.path.abspath(".tools/helm3"), "Helm 4": os.path.abspath(".tools/helm4")}
    jobs = {
        "render": {
            "hzgchart": [hzgchart, "render", *values],
            **{name: [helm, "template", "forguncy", archive] for name, helm in helms.items()},
        },
        "render --no-validate": {"hzgchart": [hzgchart, "render", "--no-validate", *values]},
        "package": {
            "hzgchart": [hzgchart, "package", *values, "--version", "1.2.3", "-d", out],
            **{name: [helm, "package", folder, "-d", out] for name, helm in helms.items()},
        },
        "floor": {"empty Rust program": [floor]},
    }
    return jobs, null, out


def measure(jobs, home, null, out, runs, warm_up, memory_runs):
    """Interleaved, so that a busy moment of the machine falls on all programs alike."""
    series = {(job, name): ([], []) for job, programs in jobs.items() for name in programs}
    for run in range(warm_up + runs):
        for (job, name), (times, _) in series.items():
            empty(out)
            took = milliseconds(jobs[job][name], home, null)
            if run >= warm_up:
                times.append(took)
    for _ in range(memory_runs):
        for (job, name), (_, peaks) in series.items():
            peaks.append(mebibytes(jobs[job][name], home, null))
    return {key: (median(times), min(times), max(times), median(peaks))
            for key, (times, peaks) in series.items()}


def row(*cells):
    print("| " + " | ".join(cells) + " |")


def report(figures, runs):
    floor = figures["floor", "empty Rust program"]
    print(f"Whole processes, medians of {runs} interleaved runs; "
          f"{os.cpu_count()} cores, {os.uname().machine}.\n")
    row("job", "program", "wall (min–max)", "above the floor", "peak memory", "hzgchart is", "and takes")
    row(*["---"] * 7)
    for (job, name), (wall, least, most, memory) in figures.items():
        ours = figures.get((job, "hzgchart"))
        compared = ours is not None and name != "hzgchart"
        row(job, name, f"{wall:.1f} ms ({least:.1f}–{most:.1f})",
            f"{wall - floor[0]:.1f} ms" if job != "floor" else "",
            f"{memory:.1f} MiB",
            f"{wall / ours[0]:.1f} times faster" if compared else "",
            f"{ours[3] / memory:.0%} of its memory" if compared else "")
    print("\nMemory below that of the empty program cannot be told apart from it.")


def main(hzgchart, floor, *options):
    if set(options) - {"--quick"}:
        sys.exit("usage: scripts/bench.sh [--quick]")
    quick = "--quick" in options
    counts = (QUICK_RUNS, QUICK_WARM_UP, QUICK_MEMORY_RUNS) if quick else (RUNS, WARM_UP, MEMORY_RUNS)
    work = f"{os.environ.get('TMPDIR', '/tmp')}/hzgchart-bench-{os.getpid()}"
    os.mkdir(work)
    try:
        jobs, null, out = commands(hzgchart, floor, work)
        report(measure(jobs, work, null, out, *counts), counts[0])
    finally:
        for folder, folders, files in os.walk(work, topdown=False):
            for name in files:
                os.remove(os.path.join(folder, name))
            for name in folders:
                os.rmdir(os.path.join(folder, name))
        os.rmdir(work)


main(*sys.argv[1:])
