"""Controls with names, a figure as a widget, and how both show themselves in a notebook."""

from __future__ import annotations

import html
from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

import ipywidgets
import traitlets
from IPython.display import HTML, display

from nnlesson.course.style import SCREEN_DPI, Figure, described, to_png

DESCRIPTION = {"description_width": "11em"}

WIDE = "min(100%, 34em)"


Control: TypeAlias = ipywidgets.ValueWidget


def slider(label: str, low: float, high: float, value: float, step: float | None = None) -> Control:
    """A labelled slider: integers when low, high, value and step are, numbers otherwise."""
    whole = all(isinstance(v, int) for v in (low, high, value, step if step is not None else 0))
    options = {"min": low, "max": high, "value": value, **_named(label)}
    if whole:
        return ipywidgets.IntSlider(step=step or 1, **options)
    step = step if step is not None else (high - low) / 100
    places = max(0, len(f"{step:.6f}".rstrip("0").split(".")[1]))
    return ipywidgets.FloatSlider(step=step, readout_format=f".{places}f", **options)


def log_slider(label: str, low: float, high: float, value: float, step: float = 0.1) -> Control:
    """A slider over powers of ten: from 10**low to 10**high; `value` is the number itself."""
    options = {"min": low, "max": high, "value": value, "step": step, "readout_format": ".2g"}
    return ipywidgets.FloatLogSlider(base=10, **options, **_named(label))


def choice(label: str, options: Sequence[Any], value: object = None) -> Control:
    """A labelled drop-down list of options: values, or pairs (text, value)."""
    made = ipywidgets.Dropdown(options=options, **_named(label))
    if value is not None:
        made.value = value
    return made


def _named(label: str) -> dict[str, Any]:
    # without a tooltip the label says "null" under the mouse
    look = {"style": DESCRIPTION, "layout": {"width": WIDE}}
    return {"description": label, "tooltip": label, **look}


def button(
    label: str, tooltip: str, press: Callable[[], object], icon: str = ""
) -> ipywidgets.Button:
    """A button that calls press() at each click."""
    made = ipywidgets.Button(description=label, tooltip=tooltip, icon=icon)
    made.on_click(lambda _: press())
    return made


def row(*widgets: ipywidgets.Widget) -> ipywidgets.HBox:
    """Widgets side by side, wrapped where the page is narrow."""
    return ipywidgets.HBox(widgets, layout={"flex_flow": "row wrap", "align_items": "center"})


class Picture(ipywidgets.Image):
    """A figure as a widget. Its tooltip is its accessible name: an Image has no alt text.

    The browser's half of ipywidgets 8 fails on the tooltip of a widget without a description.
    Raises ValueError when `alt` is empty.
    """

    description = traitlets.Unicode("").tag(sync=True)

    def __init__(self, figure: Figure, alt: str) -> None:
        look = {"max_width": "100%", "object_fit": "contain"}
        width = str(round(figure.get_figwidth() * SCREEN_DPI))
        super().__init__(format="png", tooltip=described(alt), width=width, layout=look)
        self.show(figure)

    def show(self, figure: Figure) -> None:
        """Show another figure of the same size."""
        self.value = to_png(figure)


def show_box(box: ipywidgets.Widget, text: str, still: str = "") -> None:
    """Display a widget, a plain text for readers that show none, and a folded still picture."""
    data = box._repr_mimebundle_()
    bundle, metadata = data if isinstance(data, tuple) else (data, {})
    display({**bundle, "text/plain": text}, metadata=metadata, raw=True)
    if still:
        folded("Still picture, for reading without running", still)


def folded(summary: str, inside: str) -> None:
    """Display HTML folded under a line that opens with a click or Enter."""
    display(HTML(f"<details><summary>{html.escape(summary)}</summary>{inside}</details>"))


def range_of(control: Control) -> list[Any]:
    """Values over the range of a control: ends, their neighbours, middle; or all its options."""
    if isinstance(control, ipywidgets.FloatLogSlider):
        base, middle = control.base, (control.min + control.max) / 2
        powers = [control.min, control.min + control.step, middle, control.max - control.step]
        return [base**p for p in [*powers, control.max]]
    if hasattr(control, "options"):
        # ipywidgets keeps pairs (text, value) of any kind of options in this one place
        return [value for _, value in control._options_full]
    if hasattr(control, "min"):
        low, high, step = control.min, control.max, control.step
        middle = low + round((high - low) / step / 2) * step
        return sorted({low, min(low + step, high), middle, max(high - step, low), high})
    if isinstance(control.value, bool):
        return [False, True]
    return [control.value]
