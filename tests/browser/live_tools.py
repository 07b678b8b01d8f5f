"""A live figure in the browser, for tests: its controls, words, pictures and accessibility."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import axe_playwright_python
from playwright.sync_api import Locator, Page, expect

if TYPE_CHECKING:
    from browser_tools import Lab

AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js")
# A 3 as a person writes it, as points of one stroke on a pad of 280 x 280.
THREE = [(60, 70), (110, 40), (170, 45), (200, 85), (175, 125), (125, 135), (180, 150), (205, 195),
         (175, 240), (110, 245), (60, 215)]  # fmt: skip
SHOWN = """root => new Promise(done => requestAnimationFrame(() => setTimeout(() =>
    done([...root.querySelectorAll('.nn-says, .nn-parts')].map(e => e.innerHTML).join()))))"""
# By how many pixels something is wider than the figure; a picture cuts off what is inside it, and
# a wide table scrolls.
OVERFLOW = """root => {
    const right = e => e.getBoundingClientRect().right;
    const parts = [...root.querySelectorAll(':not(svg *, .nn-wide *, .nn-spoken)')];
    return Math.max(...parts.map(right)) - right(root);
}"""
# Counts the frames of a page, from now on.
COUNT = """() => {
    const tick = () => { counted += 1; requestAnimationFrame(tick); };
    if (!('counted' in window)) requestAnimationFrame(tick);
    window.counted = 0;
}"""
# JupyterLab has given the notebook the width of the window.
IS_FITTED = """() => {
    const right = document.querySelector('.jp-NotebookPanel').getBoundingClientRect().right;
    return right <= innerWidth && right > innerWidth - 80;
}"""


class LiveFigure:
    """A live figure on a page: its element, the finding as it is seen, and as it is spoken."""

    def __init__(self, root: Locator) -> None:
        self.root, self.page = root, root.page
        self.says, self.spoken = root.locator(".nn-says"), root.get_by_role("status")
        self.goals, self.rows = root.locator(".nn-goals"), root.locator("tbody tr")
        root.scroll_into_view_if_needed()

    def control(self, label: str) -> Locator:
        """The slider, list or box with this label."""
        roles = ("slider", "combobox", "checkbox")
        slider, choice, box = (self.root.get_by_role(r, name=label, exact=True) for r in roles)
        return slider.or_(choice).or_(box)

    def button(self, name: str) -> Locator:
        """The button, or the part of the picture that can be pressed, with this name."""
        return self.root.get_by_role("button", name=name, exact=True)

    def value(self, label: str) -> str:
        """What a slider says its value is: text of a screen reader, not the place of its handle."""
        return self.control(label).get_attribute("aria-valuetext") or ""

    def shown(self) -> str:
        """The sentence, the pictures and the tables, when the last move is drawn."""
        return self.root.evaluate(SHOWN)

    def keys(self, label: str, *keys: str) -> None:
        """Press keys on a control, as fast as the browser takes them."""
        self.control(label).focus()
        for key in keys:
            self.page.keyboard.press(key)
        self.shown()

    def draw(self, places: Iterable[tuple[float, float]], finger: bool = False) -> set[str]:
        """All that is shown while the mouse or a finger goes through places of the window.

        It is pressed at the first. The picture follows in the frame of each move.
        """
        hand, seen = self.page.context.new_cdp_session(self.page), set()
        for k, (x, y) in enumerate(places):
            if finger:
                touch = {"type": "touchMove" if k else "touchStart"}
                hand.send("Input.dispatchTouchEvent", {**touch, "touchPoints": [{"x": x, "y": y}]})
            else:
                self.page.mouse.move(x, y)
                if k == 0:
                    self.page.mouse.down()
            seen.add(self.shown())
        if finger:
            hand.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
        else:
            self.page.mouse.up()
        return seen

    def write(self, points: Iterable[tuple[float, float]]) -> set[str]:
        """All that is shown while the mouse draws a stroke on the pad of lesson 6."""
        pad = self.root.locator("[data-drag=pad] rect").first
        pad.scroll_into_view_if_needed()
        box: Any = pad.bounding_box()
        scale = box["width"] / 279
        return self.draw((box["x"] + scale * x, box["y"] + scale * y) for x, y in points)


def middle(part: Locator) -> tuple[float, float]:
    """The middle of an element, in the window."""
    box: Any = part.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def frames(page: Page, x: float, y: float, across: float) -> float:
    """Frames per second of a page while the mouse drags to and fro from a place in it."""
    page.mouse.move(x, y)
    page.mouse.down()
    page.evaluate(COUNT)
    begin = time.monotonic()
    while (took := time.monotonic() - begin) < 1.5:
        page.mouse.move(x + across * (1 - abs(took % 1 - 0.5)), y)
    page.mouse.up()
    return page.evaluate("() => counted") / took


def axe_faults(root: Locator, options: str = "{}") -> list[str]:
    """What axe-core finds wrong within an element: the rule, the element and why."""
    if not root.page.evaluate("() => 'axe' in window"):
        root.page.add_script_tag(path=AXE)
    found: Any = root.evaluate(f"""async root => {{
        const options = {{ preload: false, resultTypes: ['violations'], ...{options} }};
        const {{ violations }} = await axe.run(root, options);
        return violations.flatMap(v => v.nodes.map(n => [v.id, n.html, n.failureSummary]));
    }}""")
    return [f"{rule}: {' '.join(html.split())[:120]} {why}" for rule, html, why in found]


def check_looks(lab: Lab, figures: Mapping[str, LiveFigure], folder: Path) -> None:
    """At three widths, dark and light, nothing is cut off and axe finds nothing; pictures are kept.

    JupyterLab is left light.
    """
    for theme in ("Dark", "Light"):
        lab.execute("apputils:change-theme", theme=f"JupyterLab {theme}")
        is_light = "true" if theme == "Light" else "false"
        expect(lab.page.locator("body")).to_have_attribute("data-jp-theme-light", is_light)
        for width in (1400, 1000, 390):
            lab.page.set_viewport_size({"width": width, "height": 1000})
            lab.page.wait_for_function(IS_FITTED)
            for name, figure in figures.items():
                figure.shown()
                assert figure.root.evaluate(OVERFLOW) <= 0, (name, width)
                assert axe_faults(figure.root) == [], (name, width, theme)
                figure.root.screenshot(path=folder / f"live-{name}-{width}-{theme}.png")
    lab.page.set_viewport_size({"width": 1150, "height": 1400})
