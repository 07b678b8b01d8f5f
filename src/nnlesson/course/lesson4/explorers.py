"""The live figure of lesson 4: forward and back through the computation graph, step by step."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from nnlesson.course.live import Live

# What each step computes: (direction, the number, its formula, the same with {numbers}).
STEPS = [
    ("forward", "z1", "z₁ = w₁ x + b₁", "{w1} · {x} + {b1}"),
    ("forward", "a1", "a₁ = σ(z₁)", "σ({z1})"),
    ("forward", "z2", "z₂ = w₂ x + b₂", "{w2} · {x} + {b2}"),
    ("forward", "a2", "a₂ = σ(z₂)", "σ({z2})"),
    ("forward", "z", "z = v₁ a₁ + v₂ a₂ + c", "{v1} · {a1} + {v2} · {a2} + {c}"),
    ("forward", "a", "a = σ(z)", "σ({z})"),
    ("forward", "J", "J = −y ln a − (1 − y) ln(1 − a)", "−{y} · ln {a} − (1 − {y}) · ln(1 − {a})"),
    ("back", "a", "∂J/∂a = (a − y) / (a (1 − a))", "({a} − {y}) / ({a} · (1 − {a}))"),
    ("back", "z", "δ = ∂J/∂z = ∂J/∂a · a (1 − a)", "{da} · {a} · (1 − {a})"),
    ("back", "v1", "∂J/∂v₁ = δ · a₁", "{dz} · {a1}"),
    ("back", "v2", "∂J/∂v₂ = δ · a₂", "{dz} · {a2}"),
    ("back", "c", "∂J/∂c = δ · 1", "{dz} · 1"),
    ("back", "a1", "∂J/∂a₁ = δ · v₁", "{dz} · {v1}"),
    ("back", "z1", "δ₁ = ∂J/∂z₁ = ∂J/∂a₁ · a₁ (1 − a₁)", "{da1} · {a1} · (1 − {a1})"),
    ("back", "w1", "∂J/∂w₁ = δ₁ · x", "{dz1} · {x}"),
    ("back", "b1", "∂J/∂b₁ = δ₁ · 1", "{dz1} · 1"),
    ("back", "a2", "∂J/∂a₂ = δ · v₂", "{dz} · {v2}"),
    ("back", "z2", "δ₂ = ∂J/∂z₂ = ∂J/∂a₂ · a₂ (1 − a₂)", "{da2} · {a2} · (1 − {a2})"),
    ("back", "w2", "∂J/∂w₂ = δ₂ · x", "{dz2} · {x}"),
    ("back", "b2", "∂J/∂b₂ = δ₂ · 1", "{dz2} · 1"),
]


def backprop_walk(numbers: Mapping[str, float]) -> Live:
    """Walk through the 1-2-1 network: seven numbers forward, then thirteen slopes back.

    numbers: x, y and the parameters w1, b1, w2, b2, v1, v2, c. Two sliders change x and y.
    """
    way = [{"name": name, "formula": said, "template": put} for _, name, said, put in STEPS]
    return Live(Path(__file__).with_name("backprop_walk.js"), numbers=numbers, way=way)
