"""Prints a notebook as text: sources, tags, text outputs; a picture as its alt text.

`git diff` shows notebooks so: .gitattributes names the driver, `make setup` sets it up.
"""

import html
import json
import re
import sys

IMAGE = re.compile(r'<img\b[^>]*?\balt="([^"]*)"[^>]*>')


def joined(text: str | list[str]) -> str:
    """Text that a notebook may store as a list of lines."""
    return "".join(text) if isinstance(text, list) else text


def shown(output: dict) -> str:
    """An output as text: a stream, an error, HTML without its tags, or plain text."""
    if output["output_type"] == "stream":
        return joined(output["text"])
    if output["output_type"] == "error":
        return f"{output['ename']}: {output['evalue']}"
    data = output.get("data", {})
    if "text/html" not in data:
        return joined(data.get("text/markdown", data.get("text/plain", sorted(data))))
    page = IMAGE.sub(r"[picture: \1]", joined(data["text/html"]))
    return html.unescape(re.sub(r"\s*<[^>]+>\s*", " ", page)).strip()


def as_text(notebook: dict) -> str:
    """The notebook, given as its file's JSON, as one text."""
    lines = []
    for cell in notebook["cells"]:
        metadata = cell["metadata"]
        notes = ["folded"] if metadata.get("jupyter", {}).get("source_hidden") else []
        head = " ".join(["---", cell["cell_type"], *metadata.get("tags", []), *notes])
        lines += [head, joined(cell["source"])]
        for output in cell.get("outputs", []):
            lines += ["    | " + line for line in shown(output).splitlines()]
        lines.append("")
    return "\n".join(lines)


if __name__ == "__main__":
    with open(sys.argv[1], encoding="utf-8") as file:
        sys.stdout.buffer.write(as_text(json.load(file)).encode("utf-8"))
