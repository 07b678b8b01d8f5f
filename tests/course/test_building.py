"""add_to_class: a class that is built one cell at a time behaves like one written at once."""

import pytest

from nnlesson.course.building import add_to_class


class Counter:
    def __init__(self, start):
        self.n = start


def test_a_method_reaches_objects_made_before_it():
    counter = Counter(3)

    @add_to_class(Counter)
    def add(self, by):
        self.n += by
        return self.n

    assert [counter.add(4), Counter(0).add(1)] == [7, 1]
    assert add(counter, 1) == 8  # the function itself is still there, unchanged


def test_properties_and_static_methods_keep_their_kind():
    @add_to_class(Counter)
    @property
    def double(self):
        return 2 * self.n

    @add_to_class(Counter)
    @staticmethod
    def zero():
        return 0

    assert [Counter(4).double, Counter.zero(), Counter(1).zero()] == [8, 0, 0]


def test_what_is_not_a_class_or_has_no_name_is_refused():
    with pytest.raises(TypeError, match="needs a class"):
        add_to_class(Counter(1))
    with pytest.raises(TypeError, match="function with a name"):
        add_to_class(Counter)(3)
