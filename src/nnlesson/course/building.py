"""What a lesson's cells need to build a class piece by piece, one method per cell."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

Member = TypeVar("Member")


def add_to_class(cls: type) -> Callable[[Member], Member]:
    """Decorator that makes the function below it a method of `cls` and returns it unchanged.

    Objects that exist already get the method too. Also takes a property, static or class method.
    Raises TypeError when `cls` is not a class, or when the decorated thing has no name.
    """
    if not isinstance(cls, type):
        raise TypeError(f"add_to_class needs a class, for example Network; it was given {cls!r}")

    def add(member: Member) -> Member:
        function: Any = member.fget if isinstance(member, property) else member
        name = getattr(function, "__name__", None)
        if name is None:
            raise TypeError(f"add_to_class decorates a function with a name, not {member!r}")
        setattr(cls, name, member)
        return member

    return add
