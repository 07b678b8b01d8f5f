"""All tests on every Python, with the oldest and the newest dependencies allowed: `make versions`.

nox, because a session is a plain function to read, and because uv, its backend here, can resolve to
the oldest versions. The Makefile pins it. A Python that is not on the PATH is named and left
out; none is downloaded.
"""

import nox

nox.needs_version = ">=2025.2.9"
nox.options.default_venv_backend = "uv"
nox.options.error_on_missing_interpreters = False
nox.options.download_python = "never"
nox.options.reuse_venv = "no"

PROJECT = nox.project.load_toml("pyproject.toml")

# lowest-direct: what pyproject.toml names is as old as it allows; the rest is as new as fits.
DEPENDENCIES = [
    nox.param("lowest-direct", id="oldest"),
    nox.param("highest", id="newest"),
]


@nox.session(python=nox.project.python_versions(PROJECT))
@nox.parametrize("resolution", DEPENDENCIES)
def tests(session: nox.Session, resolution: str) -> None:
    """Every test but those of style, which belong to the pinned tools."""
    # No builds: the oldest version is the oldest that has a wheel for this Python.
    session.install(
        "--resolution", resolution, "--no-build", "-r", "pyproject.toml", "--extra", "dev"
    )
    session.install("--no-deps", "--editable", ".")
    session.run("uv", "pip", "list", "--quiet", external=True)
    session.run("python", "-m", "pytest", "--ignore=tests/tools/test_style.py", *session.posargs)
