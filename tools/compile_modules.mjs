// Compiles the Python modules of a folder with Pyodide, by that Pyodide.
// Run: node compile_modules.mjs FOLDER. A browser then starts without compiling a thousand files.
// The course's own stay text: learners read them. An archive is replaced when it is whole.

import { pathToFileURL } from "node:url";

const folder = process.argv[2];
const { loadPyodide } = await import(pathToFileURL(`${folder}/pyodide.mjs`));
const python = await loadPyodide({ indexURL: folder });
python.mountNodeFS("/release", folder);
python.runPython(`
import sys
import warnings
from importlib._bootstrap_external import _code_to_hash_pyc
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

warnings.simplefilter("ignore")  # of other people's code
# jedi's notes on packages that are not here: 900 files less to unpack at each start.
unused = ("/django-stubs/", "/typeshed/third_party/2and3/")
library = next(path for path in sys.path if path.endswith(".zip"))  # Python's own modules
packages = next(path for path in sys.path if path.endswith("site-packages"))
release = Path("/release")
wheels = [path for path in release.glob("*.whl") if not path.name.startswith("nnlesson-")]
for archive in [release / "python_stdlib.zip", *wheels]:
    place = packages if archive.suffix == ".whl" else library
    made = archive.with_suffix(".part")
    with ZipFile(archive) as given, ZipFile(made, "w", ZIP_DEFLATED) as compiled:
        for name in given.namelist():
            if any(folder in name for folder in unused):
                continue
            content = given.read(name)
            if name.endswith(".py"):
                code = compile(content, f"{place}/{name}", "exec", dont_inherit=True)
                name, content = f"{name}c", _code_to_hash_pyc(code, bytes(8), False)
            compiled.writestr(name, content)
    made.replace(archive)
`);
