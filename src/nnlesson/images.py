"""Images: move, turn and spoil digits, and bring a drawing into the form of MNIST's digits.

All numbers go from 0 (paper) to 1 (ink): load_data(low=0.0) gives such digits, 28 x 28 pixels each.
Functions of `images` take (n, 784) or (n, 28, 28). Where they do not say otherwise, they return a
new array of that shape.
A `drawing` (h, w) may have any size.
"""

import numpy as np

from nnlesson import validate

SIDE = 28


def squares(images):
    """images (n, 784) or (n, 28, 28) -> (n, 28, 28), the same numbers."""
    tiles = images.reshape(len(images), SIDE, SIDE)
    validate.images(tiles, None, SIDE, SIDE)
    return tiles


def shift(images, dx, dy):
    """Images moved dx pixels to the right and dy down. What comes in at the edge is paper."""
    dx, dy = np.clip([dx, dy], -SIDE, SIDE)  # from further away, too, only paper comes in
    rows, columns = abs(dy), abs(dx)
    padded = np.pad(squares(images), ((0, 0), (rows, rows), (columns, columns)))
    moved = padded[:, rows - dy : rows - dy + SIDE, columns - dx : columns - dx + SIDE]
    return moved.reshape(images.shape)


def sample(images, rows, columns):
    """Values between the pixels, bilinear: n images, places (p, q) -> (n, p, q)."""
    padded = np.pad(squares(images), ((0, 0), (1, 2), (1, 2)))
    y, x = (np.clip(place, -1, SIDE) + 1 for place in (rows, columns))
    i, j = y.astype(int), x.astype(int)
    down, right = (y - i).astype(images.dtype), (x - j).astype(images.dtype)
    above = padded[:, i, j] * (1 - right) + padded[:, i, j + 1] * right
    below = padded[:, i + 1, j] * (1 - right) + padded[:, i + 1, j + 1] * right
    return above * (1 - down) + below * down


def rotate(images, degrees):
    """Images turned counterclockwise about their middle. What comes in is paper."""
    angle, middle = np.deg2rad(degrees), (SIDE - 1) / 2
    y, x = np.indices((SIDE, SIDE)) - middle
    columns = np.cos(angle) * x - np.sin(angle) * y + middle  # where each pixel comes from
    rows = np.sin(angle) * x + np.cos(angle) * y + middle
    return sample(images, rows, columns).reshape(images.shape)


def thicken(images, amount):
    """Strokes that grow by `amount` pixels on every side; below 0 they shrink."""
    extreme, most = (np.maximum if amount > 0 else np.minimum), min(abs(amount), SIDE)
    tiles = squares(images).copy()
    for done in range(int(np.ceil(most))):
        near = [shift(tiles, dx, dy) for dx, dy in ((1, 0), (-1, 0), (0, 1), (0, -1))]
        tiles += min(most - done, 1) * (extreme.reduce([tiles, *near]) - tiles)
    return tiles.reshape(images.shape)


def invert(images):
    """Ink becomes paper and paper ink."""
    return 1 - squares(images).reshape(images.shape)


def add_noise(images, deviation, rng):
    """Images plus normal noise of this standard deviation, kept between paper and ink."""
    noisy = squares(images) + rng.normal(0, deviation, (len(images), SIDE, SIDE))
    return np.clip(noisy, 0, 1).astype(images.dtype).reshape(images.shape)


def random_shifts(images, reach, rng):
    """Every image moved on its own, by -reach ... reach whole pixels in x and in y."""
    dx, dy = rng.integers(-reach, reach + 1, (2, len(images)))
    padded = np.pad(squares(images), ((0, 0), (reach, reach), (reach, reach)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (SIDE, SIDE), (1, 2))
    return windows[np.arange(len(images)), reach - dy, reach - dx].reshape(images.shape)


def bends(size, rng, smooth=4.0):
    """How far each place moves, down and right: (2, 28, 28), in pixels, standard deviation size.
    Noise, made smooth by bell curves: neighbours move nearly alike (Simard et al. 2003)."""
    place = np.arange(SIDE)
    bell = np.exp(-((place[:, np.newaxis] - place) ** 2) / (2 * smooth**2))
    bell /= np.sqrt((bell**2).sum(axis=1, keepdims=True))  # then the noise keeps its size
    return size * bell @ rng.normal(0, 1, (2, SIDE, SIDE)) @ bell.T


def random_places(rng):
    """Rows and columns (28, 28) where `sample` reads an image a little distorted, by chance."""
    bend_rows, bend_columns = bends(1.2, rng)
    y, x = np.indices((SIDE, SIDE)) - (SIDE - 1) / 2
    angle, slant = np.deg2rad(rng.uniform(-5, 5)), rng.uniform(-0.05, 0.05)
    tall, wide = rng.uniform(0.9, 1.1, 2)
    down, right = (SIDE - 1) / 2 + rng.uniform(-1, 1, 2)
    rows = tall * (np.sin(angle) * x + np.cos(angle) * y) + down
    columns = wide * (np.cos(angle) * x - np.sin(angle) * y) + slant * y + right
    return rows + bend_rows, columns + bend_columns


def distance(x, y, start, end):
    """How far the places x, y are from the straight line between two points (x, y)."""
    (x0, y0), (x1, y1) = start, end
    length = (x1 - x0) ** 2 + (y1 - y0) ** 2
    along = ((x - x0) * (x1 - x0) + (y - y0) * (y1 - y0)) / max(length, 1e-9)
    t = np.clip(along, 0, 1)  # before the start and past the end, the end points count
    return np.hypot(x - x0 - t * (x1 - x0), y - y0 - t * (y1 - y0))


def draw_strokes(strokes, size=280, width=22):
    """A drawing (size, size) by a round pen of this width. strokes: lists of points (x, y)."""
    y, x = np.indices((size, size))
    drawing = np.zeros((size, size))
    for points in strokes:
        for start, end in zip(points, [*points[1:], points[-1]], strict=True):
            ink = width / 2 - distance(x, y, start, end) + 0.5
            drawing = np.maximum(drawing, np.clip(ink, 0, 1))
    return drawing


def crop(drawing):
    """The smallest box that holds all ink. ValueError if there is none."""
    validate.drawing(drawing)
    rows, columns = np.nonzero(drawing)  # where there is ink
    return drawing[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]


def overlaps(old, new):
    """weights (new, old): a new pixel is the mean of what it covers. Rows sum to 1."""
    edges = np.arange(new + 1)[:, np.newaxis] * old / new  # (new + 1, 1)
    pixel = np.arange(old)
    covered = np.minimum(edges[1:], pixel + 1) - np.maximum(edges[:-1], pixel)
    return np.clip(covered, 0, 1) * new / old


def resize(drawing, height, width):
    """The drawing (h, w) in (height, width) pixels: two matrix products."""
    h, w = drawing.shape
    return overlaps(h, height) @ drawing @ overlaps(w, width).T


def centre(small):
    """A drawing (h, w) of at most 28 x 28 inside (28, 28), its centre of mass in the middle."""
    paper = []  # how many rows of it above and below, how many columns left and right
    for axis in (0, 1):
        mass = small.sum(axis=1 - axis)
        middle = mass @ np.arange(len(mass)) / mass.sum()
        start = round(round(SIDE / 2 - middle, 9))  # 4.499999999999999 counts as 4.5
        before = int(np.clip(start, 0, SIDE - len(mass)))
        paper.append((before, SIDE - len(mass) - before))
    return np.pad(small, paper)


def prepare(drawing):
    """As MNIST was made: a box of 20 x 20 with the ratio kept, then centred by mass.
    drawing (h, w) -> (1, 784) float32. ValueError if it is blank."""
    part = crop(drawing)
    height, width = (max(1, round(20 * side / max(part.shape))) for side in part.shape)
    return centre(resize(part, height, width)).astype(np.float32).reshape(1, SIDE**2)


def stroke_width(drawing):
    """About how wide the strokes of a drawing (h, w) are on average, in pixels."""
    padded = np.pad(drawing, 1)
    # A slanting edge counts in both directions: π/4 of that is its length, on average.
    edge = np.pi / 4 * sum(np.abs(np.diff(padded, axis=axis)).sum() for axis in (0, 1))
    return 2 * drawing.sum() / edge  # a stroke of length s: s · width of ink, 2 s of edge


def wear(drawing, corners):
    """Each pixel of (h, w) becomes the palest of itself and its 4 neighbours, 8 with corners."""
    padded, (h, w) = np.pad(drawing, 1), drawing.shape
    near = [(i, j) for i in range(3) for j in range(3) if corners or 1 in (i, j)]
    return np.minimum.reduce([padded[i : i + h, j : j + w] for i, j in near])


def thin(drawing, most=0.16):
    """The ink of a drawing (h, w). If its strokes are wider than this share of the longer side,
    their edge is worn off until they have about that width. ValueError if it is blank."""
    ink = crop(drawing)
    too_wide = stroke_width(ink) - most * max(ink.shape)
    for layer in range(max(0, round(too_wide / (2 - 2 * most)))):
        worn = wear(ink, corners=layer % 2 == 0)  # 8, 4, 8 ...: round ends stay round
        if worn.max() < ink.max() / 2:  # no dark ink would be left
            break
        ink = worn
    return ink


def only_shrink(drawing):
    """The whole drawing in 28 x 28 pixels, wherever its ink is: (1, 784) float32."""
    validate.drawing(drawing)
    return resize(drawing, SIDE, SIDE).astype(np.float32).reshape(1, SIDE**2)
