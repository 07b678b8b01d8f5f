"""Makes docs/lessons.png, the picture in the README: one stored figure of each lesson.

A lesson's figure is that of its cell tagged `cover:Caption`. Run it after a figure has changed:
python tools/readme_picture.py
"""

import base64
import io
from pathlib import Path

import nbformat
from cells import tags_of
from PIL import Image, ImageDraw, ImageFont
from renew_outputs import PICTURE

ROOT = Path(__file__).parents[1]
COVER = "cover:"
TILE, CAPTION, MARGIN, COLUMNS = (560, 320), 34, 18, 2
INK = "#222222"


def covers() -> list[tuple[str, Image.Image]]:
    """Caption and figure of each lesson that has a cell tagged cover:, in order."""
    found = []
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        for cell in nbformat.read(path, as_version=4).cells:
            for tag in tags_of(cell):
                if tag.startswith(COVER):
                    page = "".join(out.get("data", {}).get("text/html", "") for out in cell.outputs)
                    png = base64.b64decode(PICTURE.search(page)[1])
                    caption = f"{int(path.stem[:2])}  {tag.removeprefix(COVER)}"
                    found.append((caption, Image.open(io.BytesIO(png)).convert("RGB")))
    return found


def picture() -> Image.Image:
    """All figures on one sheet, two in a row, each under its caption."""
    width, height = TILE[0] + MARGIN, TILE[1] + CAPTION + MARGIN
    figures = covers()
    rows = -(-len(figures) // COLUMNS)
    sheet = Image.new("RGB", (COLUMNS * width + MARGIN, rows * height + MARGIN), "white")
    draw, font = ImageDraw.Draw(sheet), ImageFont.load_default(size=21)
    for i, (caption, figure) in enumerate(figures):
        left, top = MARGIN + i % COLUMNS * width, MARGIN + i // COLUMNS * height
        draw.text((left, top), caption, INK, font)
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
