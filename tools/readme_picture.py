"""Makes docs/lessons.png, the picture in the README: one stored figure of each lesson.

Run it after a figure has changed: python tools/readme_picture.py
"""

import base64
import io
import re
from pathlib import Path

import nbformat
from PIL import Image, ImageDraw, ImageFont

ROOT = Path(__file__).parents[1]
# Lesson, caption, and the words with which the figure's alt text begins.
FIGURES = [
    ("01_perceptron", "1  Fold the plane", "Left: the plane of the inputs with two parallel"),
    ("02_sigmoid_derivative", "2  Watch slopes fade", "Slope of a chain on a logarithmic axis"),
    ("03_numerical_gradient", "3  Measure a slope", "Error against the step on log axes"),
    ("04_backprop_derivation", "4  Send slopes back", "The 1-2-1 network: the value of every"),
    ("05_mnist_mlp", "5  See what it has learned", "Weights of 20 hidden neurons"),
    ("06_misclassification_gallery", "6  Draw a digit", "What the network sees of the drawing"),
]
TILE, CAPTION, MARGIN, COLUMNS = (560, 320), 34, 18, 2
INK = "#222222"


def stored_figure(lesson: str, alt: str) -> Image.Image:
    """The figure of a lesson whose alt text begins so. Raises LookupError if there is none."""
    notebook = nbformat.read(ROOT / "notebooks" / f"{lesson}.ipynb", as_version=4)
    pattern = re.compile(r'<img alt="' + re.escape(alt) + r'[^>]*base64,([^"]+)"')
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            found = pattern.search(output.get("data", {}).get("text/html", ""))
            if found:
                return Image.open(io.BytesIO(base64.b64decode(found[1]))).convert("RGB")
    raise LookupError(f"{lesson} has no figure whose alt text begins with {alt!r}")


def picture() -> Image.Image:
    """All figures on one sheet, two in a row, each under its caption."""
    width, height = TILE[0] + MARGIN, TILE[1] + CAPTION + MARGIN
    rows = -(-len(FIGURES) // COLUMNS)
    sheet = Image.new("RGB", (COLUMNS * width + MARGIN, rows * height + MARGIN), "white")
    draw, font = ImageDraw.Draw(sheet), ImageFont.load_default(size=21)
    for i, (lesson, caption, alt) in enumerate(FIGURES):
        left, top = MARGIN + i % COLUMNS * width, MARGIN + i // COLUMNS * height
        draw.text((left, top), caption, INK, font)
        figure = stored_figure(lesson, alt)
        figure.thumbnail(TILE, Image.Resampling.LANCZOS)
        free = TILE[1] - figure.height
        sheet.paste(figure, (left + (TILE[0] - figure.width) // 2, top + CAPTION + free // 2))
    return sheet


def main() -> None:
    """Writes the picture, first under another name."""
    target = ROOT / "docs" / "lessons.png"
    target.parent.mkdir(exist_ok=True)
    partial = target.with_suffix(".partial")
    picture().save(partial, format="PNG", optimize=True)
    partial.replace(target)
    print(f"{target.relative_to(ROOT)}: {target.stat().st_size // 1000} kB")


if __name__ == "__main__":
    main()
