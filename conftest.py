"""What holds for all tests: one thread, no network, kernels without the user's own settings."""

import gc
import importlib.util
import os
import sys
import tempfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent

# A second thread makes small matrix products slower, much slower when another job is running.
# NumPy reads this once, when it is first imported: here, and in the notebooks' kernels.
for library in ("OPENBLAS", "OMP", "MKL"):
    os.environ.setdefault(f"{library}_NUM_THREADS", "1")
assert "numpy" not in sys.modules or os.environ["OPENBLAS_NUM_THREADS"] == "1"


# What a kernel of a notebook runs when it starts.
WATCH = """
import importlib.util as util
spec = util.spec_from_file_location("watch", {!r})
watch = util.module_from_spec(spec)
spec.loader.exec_module(watch)
watch.install()
del spec, util, watch
"""
# Whatever is tested, and whenever: also while tests are collected and modules imported.
spec = importlib.util.spec_from_file_location("watch", ROOT / "tests" / "watch.py")
watch = importlib.util.module_from_spec(spec)
spec.loader.exec_module(watch)
watch.install(pytest.fail.Exception)


def pytest_configure(config: pytest.Config) -> None:
    """Give kernels a clean IPython folder that watches, and nbval its sanitize file anywhere."""
    if not hasattr(config, "workerinput"):  # the workers of pytest-xdist share one folder
        folder = tempfile.TemporaryDirectory(prefix="nnlesson-ipython-")
        os.environ["IPYTHONDIR"] = folder.name
        config.add_cleanup(folder.cleanup)
        startup = Path(folder.name) / "profile_default" / "startup"
        startup.mkdir(parents=True)
        (startup / "watch.py").write_text(WATCH.format(spec.origin), encoding="utf-8")
    if config.getoption("nbval_sanitize_with", None) is None:
        config.option.nbval_sanitize_with = str(ROOT / "tests" / "sanitize.cfg")
    # Live figures draw their stills where there is a JavaScript engine (mini-racer).
    if importlib.util.find_spec("py_mini_racer"):
        os.environ["NNLESSON_STILLS"] = "1"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave uncompared the packed data of a live figure: another zlib packs them otherwise.

    Tests unpack them. Without a JavaScript engine there are no stills, so no HTML to compare.
    """
    left_out = ["application/vnd.nnlesson.live"]
    left_out += [] if "NNLESSON_STILLS" in os.environ else ["text/html"]
    for notebook in {item.parent for item in items if hasattr(item.parent, "skip_compare")}:
        notebook.skip_compare += tuple(left_out)


def pytest_collection_finish() -> None:
    """What is in memory before the first test stays: searching it for garbage takes long."""
    gc.collect()
    gc.freeze()
