"""How JupyterLab behaves for a learner: quiet, and git sees answers only. Set-up puts it in .venv.

Jupyter gives `c`. See also labconfig/ (settings of the page) and custom/ (its looks).
"""

import re
import warnings
from pathlib import Path

import nbformat
import zmq
from nbformat.sign import NotebookNotary
from tornado.log import app_log, gen_log

HERE = Path(__file__).parent
LESSON = re.compile(r"(.*/)?0\d_\w+\.ipynb")


def keep_stored_outputs(path, model, contents_manager, **_):
    """Before a lesson is saved: a cell with the source it had keeps the output it had.

    So running a lesson changes nothing for git; an answer, or a new cell, does.
    """
    place = Path(contents_manager.root_dir, path.strip("/"))
    if model["type"] != "notebook" or not LESSON.fullmatch(path) or not place.is_file():
        return
    stored = nbformat.read(place, as_version=4)
    by_id = {cell.id: cell for cell in stored.cells}
    model["content"]["metadata"] = stored.metadata  # the kernel adds its own version
    for cell in model["content"]["cells"]:
        before = by_id.get(cell["id"])
        if cell["cell_type"] == "code" and before and before.source == "".join(cell["source"]):
            cell["outputs"], cell["execution_count"] = before.outputs, before.execution_count


c = get_config()  # noqa: F821
# Jupyter reads this file twice, and warns of the second of two equal hooks.
warnings.filterwarnings("ignore", "Overriding existing pre_save_hook .keep_stored_outputs")
c.ContentsManager.pre_save_hook = keep_stored_outputs
c.LabApp.extension_manager = "readonly"  # nothing is installed from a page
c.LabApp.custom_css = True
c.ServerApp.tornado_settings = {"static_custom_path": [str(HERE / "custom")]}
# Tornado takes Jupyter's milliseconds for seconds, and warns of that. To set others would end good
# connections: Jupyter waits for three pings.
for log in (app_log, gen_log):
    log.addFilter(lambda record: "websocket_ping_timeout" not in record.getMessage())
if zmq.has("curve"):
    c.KernelManager.transport_encryption = "auto"
# Who opens the course runs its cells: then its stored pictures can be trusted, too.
for lesson in sorted(HERE.parents[2].glob("notebooks/0*.ipynb")):
    NotebookNotary().sign(nbformat.read(lesson, as_version=4))
