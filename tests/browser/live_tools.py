"""A live figure in the browser, for tests: its controls, words, speed and accessibility."""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import axe_playwright_python

if TYPE_CHECKING:
    from browser_tools import Lab
    from playwright.sync_api import Browser, Locator, Page

AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js")
QUIET_MS = 900  # after this long the spoken sentence is the seen one

# Counts frames of the page, those in which an element changed, and how long after a move of the
# hand its picture came.
COUNT_FRAMES = """root => {
    const seen = (window.counted = { frames: 0, drawn: 0, delays: [], isOn: true });
    let moved = 0, isChanged = false;
    window.addEventListener("pointermove", e => { moved = e.timeStamp; }, true);
    if (root) new MutationObserver(() => {
        isChanged = true;
        if (moved) seen.delays.push(performance.now() - moved);
        moved = 0;
    }).observe(root, { subtree: true, attributes: true, characterData: true, childList: true });
    const tick = () => {
        seen.frames += 1;
        seen.drawn += isChanged;
        isChanged = false;
        if (seen.isOn) requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
}"""


class LiveFigure:
    """The live figure in a cell of an open lesson."""

    def __init__(self, lab: Lab, cell: Locator) -> None:
        self.lab, self.page = lab, lab.page
        self.root = cell.locator(".nn-live")
        self.root.scroll_into_view_if_needed()

    def control(self, label: str) -> Locator:
        """The slider, list or box with this label."""
        slider, choice, box = (
            self.root.get_by_role(role, name=label, exact=True)
            for role in ("slider", "combobox", "checkbox")
        )
        return slider.or_(choice).or_(box)

    def button(self, name: str) -> Locator:
        """The button, or the part of the picture that can be pressed, with this name."""
        return self.root.get_by_role("button", name=name, exact=True)

    def says(self) -> str:
        """The finding as it is seen."""
        return self.root.locator(".nn-says").inner_text()

    def spoken(self) -> str:
        """The finding as a screen reader is told it, when the figure has come to rest."""
        self.page.wait_for_timeout(QUIET_MS)
        return self.root.get_by_role("status").text_content() or ""

    def rows(self) -> list[list[str]]:
        """The texts of the table, row by row."""
        rows = self.root.locator("tbody tr").all()
        return [row.locator("td").all_inner_texts() for row in rows]

    def value(self, label: str) -> str:
        """What a slider says its value is: text of a screen reader, not the place of its handle."""
        return self.control(label).get_attribute("aria-valuetext") or ""

    def press_keys(self, label: str, key: str, times: int = 1) -> None:
        """Put the focus on a control and press a key, as fast as the browser takes it."""
        self.control(label).focus()
        for _ in range(times):
            self.page.keyboard.press(key)
        self.settle()

    def settle(self) -> None:
        """Wait until the last move is drawn."""
        frame = "() => new Promise(done => requestAnimationFrame(() => setTimeout(done)))"
        self.page.evaluate(frame)

    def part(self, grip: str) -> Locator:
        """A part that can be dragged, or the control with this label."""
        part = self.root.locator(f'[data-drag="{grip}"]')
        return part if part.count() else self.control(grip)

    def middle(self, grip: str) -> tuple[float, float]:
        """The middle of such a part, on the page."""
        part = self.part(grip)
        part.scroll_into_view_if_needed()
        box = part.bounding_box()
        assert box, f"{grip} is not seen"
        return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    def drag(self, grip: str, by: tuple[float, float], steps: int = 12) -> None:
        """Drag a part with the mouse by so many pixels."""
        x, y = self.middle(grip)
        self.page.mouse.move(x, y)
        self.page.mouse.down()
        self.page.mouse.move(x + by[0], y + by[1], steps=steps)
        self.page.mouse.up()
        self.settle()

    def touch(self, grip: str, by: tuple[float, float], steps: int = 12) -> None:
        """Drag a part with a finger by so many pixels."""
        x, y = self.middle(grip)
        shares = [k / steps for k in range(steps + 1)]
        self.finger([(x + by[0] * share, y + by[1] * share) for share in shares])

    def tap(self, name: str) -> None:
        """Tap with a finger on the button, or the part of the picture, with this name."""
        button = self.button(name)
        button.scroll_into_view_if_needed()
        box = button.bounding_box()
        assert box, f"{name} is not seen"
        self.finger([(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)])

    def finger(self, places: list[tuple[float, float]]) -> None:
        """A finger comes down at the first place, goes to the others, and leaves."""
        hand = self.page.context.new_cdp_session(self.page)
        for k, (x, y) in enumerate(places):
            touch = {"type": "touchMove" if k else "touchStart", "touchPoints": [{"x": x, "y": y}]}
            hand.send("Input.dispatchTouchEvent", touch)
        hand.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
        self.settle()

    def speed(self, grip: str, by: tuple[float, float], seconds: float = 2.0) -> dict[str, float]:
        """Frames and new pictures per second while a part is dragged to and fro, and the median
        of milliseconds from a move of the hand to its picture.
        """
        return measure_frames(self.page, self.root, self.middle(grip), by, seconds)

    def faults(self) -> list[str]:
        """What axe finds wrong in this figure: the rule, and the element."""
        return axe_faults(self.page, self.root)

    def overflow(self) -> float:
        """By how many pixels something in the figure is wider than the figure."""
        return self.root.evaluate("""root => {
            const right = root.getBoundingClientRect().right;
            // what is inside a picture is cut off at its frame
            const parts = [...root.querySelectorAll(':not(svg *, .nn-spoken)')];
            return Math.max(...parts.map(e => e.getBoundingClientRect().right)) - right;
        }""")


def measure_frames(
    page: Page, root: Locator | None, start: tuple[float, float], by: tuple[float, float],
    seconds: float,
) -> dict[str, float]:  # fmt: skip
    """Frames, changes of `root` and delays while the mouse is pressed and moved to and fro."""
    if root is None:
        page.evaluate(f"() => ({COUNT_FRAMES})(null)")
    else:
        root.evaluate(COUNT_FRAMES)
    page.mouse.move(*start)
    page.mouse.down()
    page.evaluate("() => { counted.frames = counted.drawn = 0; }")
    begin = time.perf_counter()
    k = 0
    while time.perf_counter() - begin < seconds:
        k += 1
        share = abs((k % 120) / 60 - 1)
        page.mouse.move(start[0] + by[0] * share, start[1] + by[1] * share)
    took = time.perf_counter() - begin
    counted = page.evaluate("() => { counted.isOn = false; return counted; }")
    page.mouse.up()
    delays = sorted(counted["delays"]) or [float("nan")]
    return {
        "frames": counted["frames"] / took,
        "drawn": counted["drawn"] / took,
        "delay": delays[len(delays) // 2],
    }


def check_speed(browser: Browser, figure: LiveFigure, grip: str, by: tuple[float, float]) -> None:
    """A part that is dragged to and fro is drawn about as often as an empty page.

    Once in three times will do: other programs may keep the machine busy for a while.
    """
    tries = []
    for _ in range(3):
        empty = browser.new_page()
        best = measure_frames(empty, None, (100, 100), by, 1.5)["frames"]
        empty.close()
        speed = figure.speed(grip, by)
        if speed["frames"] > 0.5 * best and speed["drawn"] > 5 and speed["delay"] < 17:
            return
        tries.append({**speed, "frames of an empty page": best})
    raise AssertionError(f"{grip}: {tries}")


def check_looks(lab: Lab, figures: Mapping[str, LiveFigure], folder: Path, is_dark: bool) -> None:
    """At three widths nothing is cut off, and axe finds nothing wrong; pictures go to a folder."""
    theme = "dark" if is_dark else "light"
    set_theme(lab, is_dark)
    try:
        for width in (1400, 1000, 390):
            lab.page.set_viewport_size({"width": width, "height": 1000})
            lab.page.wait_for_timeout(300)
            for name, shown in figures.items():
                assert shown.overflow() <= 0, (name, width)
                assert shown.faults() == [], (name, width)
                shown.root.screenshot(path=folder / f"live-{name}-{width}-{theme}.png")
    finally:
        lab.page.set_viewport_size({"width": 1150, "height": 1400})
        set_theme(lab, False)


def axe_faults(page: Page, root: Locator) -> list[str]:
    """What axe-core finds wrong within an element."""
    if not page.evaluate("() => 'axe' in window"):
        page.add_script_tag(path=AXE)
    result: dict[str, Any] = root.evaluate("root => axe.run(root)")
    faults = [(found["id"], node) for found in result["violations"] for node in found["nodes"]]
    return [f"{rule}: {' '.join(node['html'].split())[:90]}" for rule, node in faults]


def set_theme(lab: Lab, is_dark: bool) -> None:
    """Give JupyterLab its dark or its light theme."""
    name = f"JupyterLab {'Dark' if is_dark else 'Light'}"
    lab.page.evaluate(
        "name => jupyterapp.commands.execute('apputils:change-theme', { theme: name })", name
    )
    wanted = "false" if is_dark else "true"
    lab.page.wait_for_selector(f'body[data-jp-theme-light="{wanted}"]', state="attached")
    lab.page.wait_for_timeout(500)
