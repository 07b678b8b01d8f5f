"""`python -m nnlesson`: the five articles as programs; see course/programs.py."""

import sys

from nnlesson.course.programs import main

if __name__ == "__main__":
    sys.exit(main())
