"""Times the same work side by side and prints ratios: `make bench`, or `python benchmarks/run.py`.

Peers take turns in one run, and the median of several rounds counts, so that a busy machine slows
all of them alike. Every number of BLAS threads gets a process of its own. Results go to
benchmarks/results.json and results.png. Timings are never part of a test.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
from pathlib import Path
from statistics import median
from time import perf_counter

HERE = Path(__file__).parent
THREAD_VARIABLES = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")
HIDDEN, BATCHES = (25, 50, 100, 200, 400, 800), (1, 5, 20, 100, 500)


def time_in_turns(works, rounds, at_least=0.05):
    """{name: median seconds of one call}, the works taking turns; short ones are repeated."""
    repeats, seconds = {}, {name: [] for name in works}
    for name, work in works.items():
        start = perf_counter()
        work()  # also warms caches and compilers
        repeats[name] = max(1, round(at_least / max(perf_counter() - start, 1e-9)))
    for _ in range(rounds):
        for name, work in works.items():
            start = perf_counter()
            for _ in range(repeats[name]):
                work()
            seconds[name].append((perf_counter() - start) / repeats[name])
    return {name: median(values) for name, values in seconds.items()}


def worker(names, threads, rounds):
    """Times the cases with this number of threads; returns {case: {peer: seconds}}."""
    if threads == 1 and hasattr(
        os, "sched_setaffinity"
    ):  # for peers with thread pools of their own
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    from cases import CASES, SHARE

    results = {}
    for name in names:
        works = CASES[name](threads)
        times = time_in_turns(works, rounds)
        results[name] = {peer: s / SHARE.get((name, peer), 1) for peer, s in times.items()}
    return results


def growth(threads, rounds):
    """Seconds per step, ours and the bare products, over hidden units and over batch sizes."""
    import numpy as np
    import peers

    rng = np.random.default_rng(0)
    x, t = rng.uniform(-1, 1, (5_000, 784)).astype(np.float32), rng.integers(0, 10, 5_000)
    results = {"hidden": [], "batch": []}
    points = [("hidden", m, m, 100) for m in HIDDEN] + [("batch", b, 100, b) for b in BATCHES]
    for kind, value, hidden, batch in points:
        n = min(5_000, 20 * batch)
        problem = peers.Problem(x[:n], t[:n], (784, hidden, 10), True, threads, batch)
        makers = {"nnlesson": peers.ours_epoch, "matrix products": peers.products_epoch}
        works = {name: make(problem) for name, make in makers.items()}
        times = time_in_turns(works, rounds, 0.02)
        steps = -(-n // batch)
        results[kind].append({"value": value} | {k: s / steps for k, s in times.items()})
    return results


def peak_memory():
    """Bytes at the peak of a training run of [A1] over two epochs, in a process of its own."""
    code = (
        "import sys, resource; sys.path.insert(0, sys.argv[1]);"
        "import cases, peers, numpy as np;"
        "from nnlesson.training import train; from nnlesson.optimizers import SGD;"
        "data = cases.mnist();"
        "net = peers.our_network(peers.Problem(*data.train, (784, 100, 10), True));"
        "rng = np.random.default_rng(0);"
        "list(train(net, data, SGD(0.05), epochs=2, batch_size=100, rng=rng));"
        "unit = 1 if sys.platform == 'darwin' else 1024;"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit)"
    )
    run = [sys.executable, "-c", code, str(HERE)]
    return int(subprocess.run(run, check=True, capture_output=True, text=True).stdout)


def in_a_process(arguments, threads):
    """Runs this file as a worker with the threads set before NumPy loads; returns its result."""
    env = os.environ | dict.fromkeys(THREAD_VARIABLES, str(threads))
    command = [sys.executable, str(HERE / "run.py"), "--worker", "--threads", str(threads)]
    done = subprocess.run([*command, *arguments], env=env, check=True, stdout=subprocess.PIPE)
    return json.loads(done.stdout)


def machine():
    """What ran the benchmark, in a dict of texts."""
    import numpy as np

    name = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        lines = info.read_text(encoding="utf-8").splitlines()
        name = next((s.split(":")[1].strip() for s in lines if s.startswith("model name")), name)
    from importlib.metadata import PackageNotFoundError, version

    versions = {}
    for package in ("numpy", "torch", "scikit-learn", "jax"):
        try:
            versions[package] = version(package)
        except PackageNotFoundError:
            versions[package] = "not installed"
    blas = np.show_config(mode="dicts")["Build Dependencies"]["blas"]["name"]
    described = {"processor": name, "cores": str(os.cpu_count()), "system": platform.system()}
    return described | {"python": platform.python_version(), "blas": blas} | versions


def table(results):
    """The ratios as text: seconds of each peer, and nnlesson's time divided by them."""
    lines = []
    for threads, cases in results["threads"].items():
        for case, times in cases.items():
            if "nnlesson" not in times:
                continue
            lines.append(f"{case}, {threads} thread{'s' * (threads != '1')}")
            for peer, seconds in times.items():
                ratio = times["nnlesson"] / seconds
                lines.append(f"    {peer:28s} {seconds * 1e3:12.3f} ms   ours / this {ratio:10.4g}")
    return "\n".join(lines)


def figure(results):
    """Ratios as bars, and the time of one step as networks and batches grow."""
    from nnlesson.course.style import add_legend, label_axes, new_figure

    fig, axes = new_figure(9, 7.2, 2, 2)
    epochs = next(iter(results["threads"].values()))
    for ax, case in zip(axes[0], ("a1_epoch", "deep_epoch"), strict=True):
        times = epochs[case]
        others = [name for name in times if name != "nnlesson"]
        ratios = [times["nnlesson"] / times[name] for name in others]
        ax.barh(others, ratios)
        ax.axvline(1, color="black", linewidth=1)
        for i, ratio in enumerate(ratios):
            ax.annotate(
                f"{ratio:.2f}", (ratio, i), (4, 0), textcoords="offset points", va="center",
                fontsize=9, bbox={"facecolor": "white", "edgecolor": "none", "pad": 1},
            )  # fmt: skip
        ax.set_xlim(0, 1.25 * max(*ratios, 1))
        label_axes(ax, f"{case}: our time / theirs", "below 1: nnlesson is faster", "")
    for ax, (kind, label) in zip(
        axes[1],
        (("hidden", "hidden units (batch 100)"), ("batch", "batch size (100 hidden)")),
        strict=True,
    ):
        points = results["growth"][kind]
        for style, name in (("o-", "nnlesson"), ("s--", "matrix products")):
            values = [p["value"] for p in points]
            ax.loglog(values, [1e3 * p[name] for p in points], style, label=name)
        ax.set_xticks(values, [str(value) for value in values])
        ax.minorticks_off()
        label_axes(ax, "Larger is nearer to the products", label, "ms per step")
        add_legend(ax)
    return fig


def main():
    """Reads the options, times everything, prints the table and writes the results."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", nargs="*", help="only these cases")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--threads", type=int, nargs="*", default=[1, 2])
    parser.add_argument("--out", type=Path, default=HERE, help="folder of results.json and .png")
    parser.add_argument("--worker", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--growth", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    sys.path.insert(0, str(HERE))
    if options.worker:
        threads = options.threads[0]
        if options.growth:
            print(json.dumps(growth(threads, options.rounds)))
        else:
            print(json.dumps(worker(options.cases, threads, options.rounds)))
        return
    from cases import CASES

    unknown = set(options.cases or []) - set(CASES)
    if unknown:
        parser.error(f"no such case: {', '.join(sorted(unknown))}; there are {', '.join(CASES)}")
    names = options.cases or list(CASES)
    rounds = ["--rounds", str(options.rounds)]
    results = {"machine": machine(), "threads": {}}
    for threads in options.threads:
        results["threads"][str(threads)] = in_a_process(["--cases", *names, *rounds], threads)
    print(table(results))
    if not options.cases:
        results["growth"] = in_a_process(["--growth", *rounds], 1)
        results["peak_memory_bytes"] = peak_memory()
        print(
            f"memory of a training run of [A1] at its peak: "
            f"{results['peak_memory_bytes'] / 1e9:.2f} GB"
        )
        write(options.out / "results.json", json.dumps(results, indent=1).encode() + b"\n")
        from nnlesson.course.style import to_png

        write(options.out / "results.png", to_png(figure(results)))


def write(path, content):
    """Writes the bytes under another name first, so that no half file is left."""
    partial = path.with_name(path.name + ".partial")
    partial.write_bytes(content)
    partial.replace(path)


if __name__ == "__main__":
    main()
