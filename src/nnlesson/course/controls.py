"""Buttons, a figure as a widget, and how both show themselves in a notebook."""

from __future__ import annotations

import html
from collections.abc import Callable

import ipywidgets
import traitlets
from IPython.display import HTML, display

from nnlesson.course.style import SCREEN_DPI, Figure, described, to_png


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
