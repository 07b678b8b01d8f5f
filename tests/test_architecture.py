"""What an import brings into memory: nothing for the package, NumPy for the textbook."""

import subprocess
import sys

import course_rules


def loaded(*modules: str) -> set[str]:
    """The libraries in memory after a fresh interpreter has imported modules of the package."""
    code = f"import sys; before = set(sys.modules); import {', '.join(modules)}\n"
    code += "print(*(m.split('.')[0] for m in sys.modules if m not in before))"
    said = subprocess.check_output([sys.executable, "-c", code], encoding="utf-8")
    return set(said.split()) - set(sys.stdlib_module_names)


def test_importing_is_light_and_the_textbook_needs_numpy_alone():
    taught = [f"nnlesson.{name}" for name in course_rules.taught_modules()]
    assert loaded("nnlesson") == {"nnlesson"}
    assert loaded(*taught) == {"nnlesson", "numpy"}
    assert not {"pooch", "requests", "tqdm"} & loaded("nnlesson.datasets")
    assert "matplotlib" in loaded("nnlesson.course.style")  # what is heavy would be seen
