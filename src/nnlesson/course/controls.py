"""Controls around a pure draw function: explorers and steppers.

Everything here shows itself when it is the last line of a cell, and leaves a still picture in the
stored notebook for those who read it without running it.
"""

from __future__ import annotations

import contextlib
import html
import io
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

import ipywidgets
import traitlets
from IPython.display import HTML, display

from nnlesson.course.style import SCREEN_DPI, Figure, described, to_html, to_png

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


def toggle(label: str, value: bool = False) -> Control:
    """A labelled box to tick."""
    return ipywidgets.Checkbox(description=label, value=value, style=DESCRIPTION, indent=True)


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


class Explorer:
    """Controls above the picture that draw(**values) makes; the last line of a cell.

    `controls` maps the argument names of `draw` to controls; `columns` of them share a row.
    `image` is the picture, `values` the present values, `error` the exception of the last drawing.
    """

    def __init__(
        self,
        draw: Callable[..., Figure],
        controls: Mapping[str, Control],
        alt: str,
        columns: int = 1,
    ) -> None:
        self.draw, self.controls = draw, dict(controls)
        self.error: Exception | None = None
        self.n_drawn = 0
        figure = draw(**self.values)  # what fails here fails in the cell, where it is seen
        self.still, self.image = to_html(figure, alt), Picture(figure, alt)
        self.note = ipywidgets.HTML()
        shown = list(self.controls.values())
        rows = [shown[i : i + columns] for i in range(0, len(shown), columns)]
        self.box = ipywidgets.VBox([*(row(*some) for some in rows), self.note, self.image])
        for control in shown:
            control.observe(lambda _: self.redraw(), "value")

    @property
    def values(self) -> dict[str, Any]:
        """The present value of every control."""
        return {name: control.value for name, control in self.controls.items()}

    def redraw(self) -> None:
        """Draw the picture for the present values; what goes wrong is said below the picture."""
        try:
            self.image.show(self.draw(**self.values))
            self.error, self.note.value = None, ""
            self.n_drawn += 1
        except Exception as error:
            self.error = error
            said = html.escape(f"{type(error).__name__}: {error}")
            self.note.value = f"<em>These values cannot be drawn ({said}).</em>"

    def _ipython_display_(self) -> None:
        text = f"Run the cells to use this widget. It shows: {self.image.tooltip}"
        show_box(self.box, text, self.still)


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


class Stepper(Explorer):
    """Step through the pictures draw(0) ... draw(n_steps - 1) with buttons and a slider.

    `still_step` is the one drawn in the stored notebook. `first` is the number that the slider
    shows for draw(0).
    """

    def __init__(
        self,
        draw: Callable[[int], Figure],
        n_steps: int,
        alt: str,
        still_step: int = 0,
        first: int = 0,
    ) -> None:
        if n_steps < 1:
            raise ValueError(f"n_steps is {n_steps}; one step at least is needed")
        self.at = slider("step", first, first + n_steps - 1, first)
        self.at.layout.width, self.at.style.description_width = "24em", ""
        super().__init__(lambda step: draw(step - first), {"step": self.at}, alt)
        if still_step:
            self.still = to_html(draw(still_step), alt)
        self.previous = button("Previous", "", lambda: self._go(-1), "arrow-left")
        self.next = button("Next", "", lambda: self._go(1), "arrow-right")
        self.box.children = (row(self.previous, self.next, self.at), self.note, self.image)
        self.at.observe(lambda _: self._set_buttons(), "value")
        self._set_buttons()

    def _go(self, by: int) -> None:
        self.at.value = min(max(self.at.value + by, self.at.min), self.at.max)

    def _set_buttons(self) -> None:
        self.previous.disabled = self.at.value == self.at.min
        self.next.disabled = self.at.value == self.at.max


def sweep(shown: Explorer, corners: int = 64) -> int:
    """Move every control of an explorer over its range; the number of pictures drawn.

    Tries ends, middle and neighbours of each control by itself, then the ends of all together
    (at most `corners` of them). Raises what a drawing raises, AssertionError for anything printed
    or a control that changes nothing. The values are put back.
    """
    start, before = shown.values, shown.n_drawn
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
        for name, control in shown.controls.items():
            pictures = {_try_value(shown, name, value) for value in range_of(control)}
            assert len(pictures) > 1, f"the control {name!r} changes nothing in the picture"
            control.value = start[name]
        ends = {n: (range_of(c)[0], range_of(c)[-1]) for n, c in shown.controls.items()}
        for corner in range(min(2 ** len(ends), corners)):
            # the bits of a Gray code: from corner to corner one control moves, one picture is drawn
            for bit, (name, low_high) in enumerate(ends.items()):
                _try_value(shown, name, low_high[(corner ^ corner >> 1) >> bit & 1])
        for name, value in start.items():
            _try_value(shown, name, value)
    assert not printed.getvalue(), f"a callback printed {printed.getvalue()[:200]!r}"
    return shown.n_drawn - before


def _try_value(shown: Explorer, name: str, value: object) -> bytes:
    shown.controls[name].value = value
    if shown.error is not None:
        shown.error.add_note(f"while {name} was {value!r}, with {shown.values}")
        raise shown.error
    picture = bytes(shown.image.value)
    assert picture.startswith(b"\x89PNG"), f"no picture was drawn at {name} = {value!r}"
    return picture


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
