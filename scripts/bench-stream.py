"""Times the check of a stream of manifests: hzgchart, and kubernetes-validate as its peer.

Started by `bench.sh --stream`, as `bench-stream.py HZGCHART [--quick]`. Both check the same manifests, one after the other in one
run. The peer gets fewer of them, and its start is taken off before its rate is told.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time

RUNS, QUICK_RUNS = 9, 3
# How many manifests of the stream the peer checks, and so few that they tell the time that it takes to start.
PEER, QUICK_PEER, START = 2_000, 200, 1
PEER_PROGRAM = ".tools/python/bin/kubernetes-validate"


def measure(argv, text):
    """The seconds and the peak MiB of a process that may find something (exit code 1) but must not fail."""
    with tempfile.TemporaryFile() as stream, open(os.devnull, "w") as null:
        stream.write(text.encode())
        stream.seek(0)
        start = time.perf_counter()
        process = subprocess.Popen(argv, stdin=stream, stdout=null, stderr=null)
        _, status, usage = os.wait4(process.pid, 0)
        passed = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 1):
        sys.exit(f"bench: exit code {process.returncode} from {' '.join(argv)}")
    return passed, usage.ru_maxrss / 1024


def row(program, count, seconds, memory, rate):
    print(f"| {program} | {count} | {seconds:.2f} s | {rate:.0f} | {memory:.0f} MiB |")


def main(hzgchart, *options):
    quick = "--quick" in options
    stream = subprocess.run([sys.executable, "scripts/stream.py", hzgchart], check=True, capture_output=True, text=True).stdout
    manifests = ["---\n" + part for part in stream.split("---\n")[1:]]
    some = QUICK_PEER if quick else PEER
    few = "".join(manifests[:some])

    with tempfile.NamedTemporaryFile("w", suffix=".yaml") as shared, tempfile.NamedTemporaryFile("w", suffix=".yaml") as first:
        shared.write(few)
        shared.flush()
        first.write("".join(manifests[:START]))
        first.flush()
        ours = [measure([hzgchart, "validate", "-"], stream) for _ in range(QUICK_RUNS if quick else RUNS)]
        peer = [PEER_PROGRAM, "--strict", "--quiet", "-k", "1.37"]
        begun, _ = measure([*peer, first.name], "")
        took, memory = measure([*peer, shared.name], "")

    seconds = statistics.median(passed for passed, _ in ours)
    print(f"A stream of {len(manifests)} manifests, {len(stream.encode()) / 2**20:.1f} MiB; "
          f"{os.cpu_count()} cores, {os.uname().machine}.\n")
    print("| program | manifests | wall | manifests a second | peak memory |")
    print("|---|---|---|---|---|")
    rate, peer_rate = len(manifests) / seconds, (some - START) / (took - begun)
    row("hzgchart validate -", len(manifests), seconds, max(memory for _, memory in ours), rate)
    row("kubernetes-validate --strict", some, took, memory, peer_rate)
    print(f"\nhzgchart is {rate / peer_rate:.0f} times as fast, start of the peer not counted. "
          "It also checks what the objects name in each other.")


main(*sys.argv[1:])
