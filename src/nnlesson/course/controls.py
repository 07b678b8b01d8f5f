"""Controls around a pure draw function: explorers and steppers.

Everything here shows itself when it is the last line of a cell, and leaves a still picture in the
stored notebook for those who read it without running it.
"""

from __future__ import annotations

import contextlib
import html
import io
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import ipywidgets
import traitlets
from IPython.display import HTML, display

from nnlesson.course.style import SCREEN_DPI, Figure, to_html, to_png

DESCRIPTION = {"description_width": "11em"}

WIDE = "min(100%, 34em)"


def slider(
    label: str,
    low: float,
    high: float,
    value: float,
    step: float | None = None,
    continuous: bool = True,
) -> Any:
    """A labelled slider: integers when low, high, value and step are, numbers otherwise.

    `continuous=False` waits until it is let go, for pictures that take long to draw.
    """
    whole = all(isinstance(v, int) for v in (low, high, value, step if step is not None else 0))
    options = {
        "description": label,
        "tooltip": label,  # without one the label says "null" under the mouse
        "min": low,
        "max": high,
        "value": value,
        "continuous_update": continuous,
        "style": DESCRIPTION,
        "layout": {"width": WIDE},
    }
    if whole:
        return ipywidgets.IntSlider(step=1 if step is None else step, **options)
    digits = step if step is not None else (high - low) / 100
    places = max(0, len(f"{digits:.6f}".rstrip("0").split(".")[1]))
    return ipywidgets.FloatSlider(step=digits, readout_format=f".{places}f", **options)


def log_slider(
    label: str, low: float, high: float, value: float, step: float = 0.1, continuous: bool = True
) -> Any:
    """A slider over powers of ten: from 10**low to 10**high; `value` is the number itself."""
    return ipywidgets.FloatLogSlider(
        description=label,
        tooltip=label,
        base=10,
        min=low,
        max=high,
        step=step,
        value=value,
        readout_format=".2g",
        continuous_update=continuous,
        style=DESCRIPTION,
        layout={"width": WIDE},
    )


def choice(label: str, options: Any, value: Any = None) -> Any:
    """A labelled drop-down list of options: values, or pairs (text, value)."""
    made = ipywidgets.Dropdown(
        description=label, options=options, style=DESCRIPTION, layout={"width": WIDE}
    )
    if value is not None:
        made.value = value
    return made


def toggle(label: str, value: bool = False) -> Any:
    """A labelled box to tick."""
    return ipywidgets.Checkbox(description=label, value=value, style=DESCRIPTION, indent=True)


class Picture(ipywidgets.Image):
    """A picture whose tooltip is its accessible name: an Image has no alt text of its own.

    The browser's half of ipywidgets 8 fails on the tooltip of a widget without a description.
    """

    description = traitlets.Unicode("").tag(sync=True)


class Explorer:
    """A picture that is drawn again when a control moves.

    `controls` maps names to ipywidgets, `box` holds all, `image` the PNG, `values` the present
    values, `error` the exception of the last drawing or None. Make one with explorer().
    """

    def __init__(
        self,
        draw: Callable[..., Figure],
        controls: Mapping[str, Any],
        alt: str,
        columns: int = 1,
        still: bool = True,
    ) -> None:
        if not alt.strip():
            raise ValueError("alt is empty: say in a sentence what the picture shows")
        self.draw, self.controls, self.alt = draw, dict(controls), " ".join(alt.split())
        self.error: Exception | None = None
        self.n_drawn = 0
        figure = draw(**self.values)  # what fails here fails in the cell, where it is seen
        self.still = to_html(figure, self.alt) if still else ""
        self.image = Picture(
            value=to_png(figure),
            format="png",
            tooltip=self.alt,
            width=str(round(figure.get_figwidth() * SCREEN_DPI)),
            layout={"max_width": "100%", "object_fit": "contain"},
        )
        self.note = ipywidgets.HTML()
        self.box = self._arrange(columns)
        for control in self.controls.values():
            control.observe(self._moved, "value")

    @property
    def values(self) -> dict[str, Any]:
        """The present value of every control."""
        return {name: control.value for name, control in self.controls.items()}

    def redraw(self) -> None:
        """Draw the picture for the present values; what goes wrong is said below the picture."""
        try:
            self.image.value = to_png(self.draw(**self.values))
            self.error, self.note.value = None, ""
            self.n_drawn += 1
        except Exception as error:
            self.error = error
            said = html.escape(f"{type(error).__name__}: {error}")
            self.note.value = f"<em>These values cannot be drawn ({said}).</em>"

    def _moved(self, change: Any) -> None:
        self.redraw()

    def _arrange(self, columns: int) -> Any:
        controls = list(self.controls.values())
        rows: list[Any] = [
            ipywidgets.HBox(controls[i : i + columns], layout={"flex_flow": "row wrap"})
            for i in range(0, len(controls), columns)
        ]
        return ipywidgets.VBox([*(controls if columns == 1 else rows), self.note, self.image])

    def _ipython_display_(self) -> None:
        show_box(self.box, f"Run the cells to use this widget. It shows: {self.alt}")
        if self.still:
            folded("Still picture, for reading without running", self.still)


def explorer(
    draw: Callable[..., Figure],
    controls: Mapping[str, Any],
    alt: str,
    columns: int = 1,
    still: bool = True,
) -> Explorer:
    """Controls above the picture that draw(**values) makes; the last line of a cell.

    `controls` maps the argument names of `draw` to controls; `columns` of them share a row.
    `still=False` leaves out the folded still picture of the stored notebook.
    """
    return Explorer(draw, controls, alt, columns, still)


def show_box(box: Any, text: str) -> None:
    """Display a widget with a plain text for readers that show no widgets."""
    data = box._repr_mimebundle_()
    bundle, metadata = data if isinstance(data, tuple) else (data, {})
    display({**bundle, "text/plain": text}, metadata=metadata, raw=True)


def folded(summary: str, inside: str) -> None:
    """Display HTML folded under a line that opens with a click or Enter."""
    display(HTML(f"<details><summary>{html.escape(summary)}</summary>{inside}</details>"))


class Stepper(Explorer):
    """A picture per step, with buttons and a slider to go forward and back."""

    def __init__(
        self,
        draw: Callable[[int], Figure],
        n_steps: int,
        alt: str,
        still_step: int | None = None,
        first: int = 0,
    ) -> None:
        if n_steps < 1:
            raise ValueError(f"n_steps is {n_steps}; one step at least is needed")
        at = ipywidgets.IntSlider(
            description="step",
            min=first,
            max=first + n_steps - 1,
            value=first,
            layout={"width": "24em"},
        )
        self.previous = ipywidgets.Button(description="Previous", icon="arrow-left")
        self.next = ipywidgets.Button(description="Next", icon="arrow-right")
        super().__init__(lambda step: draw(step - first), {"step": at}, alt)
        if still_step is not None:
            self.still = to_html(draw(still_step), self.alt)
        self.previous.on_click(lambda _: self._go(-1))
        self.next.on_click(lambda _: self._go(1))
        self._set_buttons()

    def _go(self, by: int) -> None:
        at = self.controls["step"]
        at.value = min(max(at.value + by, at.min), at.max)

    def _moved(self, change: Any) -> None:
        self._set_buttons()
        super()._moved(change)

    def _set_buttons(self) -> None:
        at = self.controls["step"]
        self.previous.disabled, self.next.disabled = at.value == at.min, at.value == at.max

    def _arrange(self, columns: int) -> Any:
        at = self.controls["step"]
        row = ipywidgets.HBox([self.previous, self.next, at], layout={"flex_flow": "row wrap"})
        return ipywidgets.VBox([row, self.note, self.image])


def stepper(
    draw: Callable[[int], Figure],
    n_steps: int,
    alt: str,
    still_step: int | None = None,
    first: int = 0,
) -> Stepper:
    """Step through the pictures draw(0) ... draw(n_steps - 1); the last line of a cell.

    `still_step` is the one drawn in the stored notebook, by default 0. `first` is the number that
    the slider shows for draw(0).
    """
    return Stepper(draw, n_steps, alt, still_step, first)


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
            pictures = {_try_value(shown, name, value) for value in _range_of(control)}
            assert len(pictures) > 1, f"the control {name!r} changes nothing in the picture"
            control.value = start[name]
        ends = {n: (_range_of(c)[0], _range_of(c)[-1]) for n, c in shown.controls.items()}
        for corner in range(min(2 ** len(ends), corners)):
            # the bits of a Gray code: from corner to corner one control moves, one picture is drawn
            for bit, (name, low_high) in enumerate(ends.items()):
                _try_value(shown, name, low_high[(corner ^ corner >> 1) >> bit & 1])
        for name, value in start.items():
            _try_value(shown, name, value)
    assert not printed.getvalue(), f"a callback printed {printed.getvalue()[:200]!r}"
    return shown.n_drawn - before


def _try_value(shown: Explorer, name: str, value: Any) -> bytes:
    shown.controls[name].value = value
    if shown.error is not None:
        shown.error.add_note(f"while {name} was {value!r}, with {shown.values}")
        raise shown.error
    picture = bytes(shown.image.value)
    assert picture.startswith(b"\x89PNG"), f"no picture was drawn at {name} = {value!r}"
    return picture


def _range_of(control: Any) -> list[Any]:
    if isinstance(control, ipywidgets.FloatLogSlider):
        base, middle = control.base, (control.min + control.max) / 2
        powers = [control.min, control.min + control.step, middle, control.max - control.step]
        return [base**p for p in [*powers, control.max]]
    if hasattr(control, "options"):
        return list(_option_values(control))
    if hasattr(control, "min"):
        low, high, step = control.min, control.max, control.step
        middle = low + round((high - low) / step / 2) * step
        return sorted({low, min(low + step, high), middle, max(high - step, low), high})
    if isinstance(control.value, bool):
        return [False, True]
    return [control.value]


def _option_values(control: Any) -> Iterator[Any]:
    # ipywidgets keeps pairs (text, value) of any kind of options in this one place
    for _, value in control._options_full:
        yield value
