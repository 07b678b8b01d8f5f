"""What a figure shows, as plain values for tests: texts, titles, lines, bars."""

from matplotlib.transforms import Bbox

from nnlesson.course.style import to_png


def title(ax):
    return ax.get_title(loc="left") or ax.get_title()


def texts(figure):
    """All texts that are not empty: the finding, titles, names of axes, notes."""
    found = [figure.get_suptitle()]
    for ax in figure.axes:
        found += [ax.get_title(loc="left"), ax.get_title(), ax.get_xlabel(), ax.get_ylabel()]
        found += [text.get_text() for text in ax.texts]
    return [text for text in found if text]


def notes(ax):
    return [text.get_text() for text in ax.texts]


def lines(ax):
    """The points (n, 2) of each line, by its label."""
    return {line.get_label(): line.get_xydata() for line in ax.lines}


def legend(ax):
    return [text.get_text() for text in ax.get_legend().get_texts()]


def heights(ax):
    return [bar.get_height() for bar in ax.patches]


def widths(ax):
    return [bar.get_width() for bar in ax.patches]


def drawn(figure):
    """The figure, after it has proved that it can be drawn, and that no text is cut off."""
    assert to_png(figure).startswith(b"\x89PNG")
    frame = figure.bbox.padded(1)
    for ax in figure.axes:
        for text in [*ax.texts, ax.title, ax._left_title, ax.xaxis.label, ax.yaxis.label]:
            whole = Bbox.union([frame, text.get_window_extent()]) if text.get_text() else frame
            assert whole.bounds == frame.bounds, f"{text.get_text()!r} is cut off"
    return figure
