"""add_to_class: a class that is built one cell at a time behaves like one written at once."""

from strategies import refusals

from nnlesson.course.building import add_to_class


class Counter:
    n = 3


def test_what_is_added_reaches_objects_made_before_it_and_keeps_its_kind():
    counter = Counter()

    @add_to_class(Counter)
    def plus(self, by):
        return self.n + by

    @add_to_class(Counter)
    @property
    def double(self):
        return 2 * self.n

    @add_to_class(Counter)
    @staticmethod
    def zero():
        return 0

    assert [counter.plus(4), counter.double, counter.zero(), Counter.zero()] == [7, 6, 0, 0]
    assert plus(counter, 4) == 7  # the function itself is still there


test_what_is_not_a_class_or_has_no_name_is_refused = refusals(
    (lambda: add_to_class(Counter()), TypeError, "needs a class"),
    (lambda: add_to_class(Counter)(3), TypeError, "function with a name"),
)
