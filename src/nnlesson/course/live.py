"""Live figures: JavaScript that follows the hand at once, and its still for the stored notebook."""

from __future__ import annotations

import base64
import html
import json
import math
import os
import re
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import anywidget
import numpy as np
import traitlets

KIT = Path(__file__).with_name("live.js")
STILL = KIT.with_name("still.js")
# Set when outputs are stored or compared. A learner's kernel need not start a JavaScript engine.
MAKE_STILLS = "NNLESSON_STILLS"
# The kind of an output that no notebook shows: `make site` reads in it what moves a figure.
RECORD = "application/vnd.nnlesson.live"
IMPORT = re.compile(r'^import (\{[^}]*\}) from "([^"]+)";$', re.MULTILINE)
EXPORT = re.compile(r"^export (?=(?:const|function) (\w+))", re.MULTILINE)


def joined(path: Path, *others: Path) -> str:
    """A figure's file, others and all they import as one script.

    The script names the figure `figure`, this folder's files `kit` and `still`.

    anywidget loads a single module. Each file becomes a function that returns what it exports, so
    names of two files cannot collide, and a name that a file forgot to import is missing here too.
    """
    names: dict[Path, str] = {}
    parts: list[str] = []

    def add(path: Path) -> str:
        if path in names:
            return names[path]

        def imported(match: re.Match[str]) -> str:
            return f"const {match[1]} = {add((path.parent / match[2]).resolve())};"

        source = IMPORT.sub(imported, path.read_text(encoding="utf-8"))
        exported = EXPORT.findall(source)
        source = EXPORT.sub("", source)
        if "\nexport default {" in source:
            source = source.replace("\nexport default {", "\nconst figure = {")
            exported.append("figure")
        names[path] = {KIT: "kit", STILL: "still"}.get(path, f"module{len(names)}")
        ending = f"return {{ {', '.join(exported)} }};\n"
        parts.append(f"const {names[path]} = (() => {{\n{source}{ending}}})();\n")
        return names[path]

    name, *_ = [add(one.resolve()) for one in (path, *others)]
    return "".join(parts) + f"const {{ figure }} = {name};\n"


def plain(value: Any) -> Any:
    """A value as JSON holds it: arrays as lists, and None for what is not finite."""
    if isinstance(value, Mapping):
        return {str(name): plain(item) for name, item in value.items()}
    if isinstance(value, np.ndarray | np.generic):
        return plain(value.tolist())
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def looks(
    path: Path, given: Mapping[str, Any], settings: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """What a figure says, computes and draws for each of some settings, without a browser.

    Needs mini-racer, which maintainers have; raises ImportError without it.
    """
    from py_mini_racer import MiniRacer

    # Closed at once: an engine left open now and then keeps Python from ending.
    with MiniRacer() as engine:
        data = json.dumps(given, default=list)  # bytes come as a list here, as a DataView there
        engine.eval(f"{joined(path, STILL)}\nconst given = {data};\n0")
        calls = [f"JSON.stringify(still.look(figure, given, {json.dumps(v)}))" for v in settings]
        return [json.loads(str(engine.eval(call))) for call in calls]


def recorded(text: str) -> dict[str, Any]:
    """What Live.record packed: `figure`, its file; `start`; `given`, None if that has bytes."""
    record: dict[str, Any] = json.loads(zlib.decompress(base64.b64decode(text)))
    return record


class Live(anywidget.AnyWidget):
    """A figure that moves in the browser; the last line of a cell.

    path: the figure's JavaScript file. `given` are its data: numbers, texts, bytes, lists, arrays;
    show(...) changes them while the figure is seen. `now` are more of them, which change often and
    are sent without the rest. `start` are values of controls to begin with.
    `values` are those a learner left the controls at, `reached` the goals reached.
    """

    _css = KIT.with_suffix(".css")
    needs_kernel = False  # True: Python computes while it is used, so a page alone shows its still
    values = traitlets.Dict().tag(sync=True)
    given = traitlets.Dict().tag(sync=True)
    now = traitlets.Dict().tag(sync=True)
    reached: Any = traitlets.List().tag(sync=True)

    def __init__(self, path: Path, start: Mapping[str, Any] | None = None, **given: Any) -> None:
        self.path, self.start = path, plain(start or {})
        module = f"{joined(path)}export default kit.live(figure);\n"
        super().__init__(_esm=module, values=self.start, given=plain(given))

    def show(self, **given: Any) -> None:
        """Give the figure new data; what is not named stays."""
        self.given = {**self.given, **plain(given)}

    def see(self, *settings: Mapping[str, Any]) -> list[dict[str, Any]]:
        """looks() for this figure and its data; values not named are those of the start."""
        return looks(
            self.path, {**self.given, **self.now}, [{**self.start, **one} for one in settings]
        )

    def still(self) -> str:
        """The figure at its start as HTML: the finding, the picture, and the table."""
        (seen,) = self.see({})
        picture = base64.b64encode(seen["svg"].encode()).decode("ascii")
        said, settings = html.escape(seen["says"]), html.escape(", ".join(seen["settings"]))
        at = f", at {settings}" if settings else ""
        return (
            f'<p><b>{said}</b></p><img alt="{said}" width="{seen["width"]}" '
            'style="max-width: 100%; height: auto" '
            f'src="data:image/svg+xml;base64,{picture}">{seen["rest"]}'
            f"<p>Still picture{at}. Run the cells to move it.</p>"
        )

    def record(self) -> str:
        """The figure's name, start and data, packed; no data if there are bytes (images, weights).

        recorded(text) unpacks it.
        """
        name = self.path.relative_to(KIT.parent).with_suffix("").as_posix()
        try:
            said = json.dumps({"figure": name, "start": self.start, "given": self.given})
        except TypeError:
            said = json.dumps({"figure": name, "start": self.start, "given": None})
        return base64.b64encode(zlib.compress(said.encode(), 9)).decode("ascii")

    def _repr_mimebundle_(self, **options: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        # One output with both: where the widget lives it is seen, elsewhere the still is.
        data, metadata = super()._repr_mimebundle_(**options) or ({}, {})
        data = {**data, "text/plain": "A live figure: run the cells to use it."}
        if MAKE_STILLS in os.environ:
            data["text/html"] = self.still()
            if not self.needs_kernel and self.path.is_relative_to(KIT.parent):
                data[RECORD] = self.record()
        return data, metadata
