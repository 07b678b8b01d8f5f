"""One check per exercise: it tries the learner's answer and says what to do next."""

from nnlesson.exercises.common import (
    ChoiceCheck,
    FunctionCheck,
    Mistake,
    PropertyCheck,
    Rule,
    ValueCheck,
    Verdict,
    assert_check_teaches,
)

__all__ = [
    "ChoiceCheck",
    "FunctionCheck",
    "Mistake",
    "PropertyCheck",
    "Rule",
    "ValueCheck",
    "Verdict",
    "assert_check_teaches",
]
