"""Nu and html-validate on the markup of pages, Nu on style sheets and pictures, ajv on JSON: each in one run."""

import json
import re
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from tests.validate import fetched
from tests.validate.findings import Finding

SECONDS: Final = 600
NU: Final = "nu"
HTML_VALIDATE: Final = "html-validate"
JSON_SCHEMA: Final = "ajv"
MOST_CHARS: Final = 240
AJV: Final = """
const [modules, schema, ...documents] = process.argv.slice(1), fs = require("fs");
const Ajv = require(modules + "/ajv/dist/2020.js").default;
const read = (file) => JSON.parse(fs.readFileSync(file));
const told = [], ajv = new Ajv({ strict: "log", logger: { log() {}, warn: (said) => told.push([schema, said]), error() {} } });
const shape = read(schema);
for (const name of ["$schema", "$id", "title"]) if (!shape[name]) told.push([schema, `${name} is missing`]);
const holds = ajv.compile(shape);
for (const file of documents) if (!holds(read(file))) for (const e of holds.errors) told.push([file, `${e.instancePath} ${e.message}`]);
console.log(JSON.stringify(told));
"""


def nu(files: Mapping[Path, str]) -> list[Finding]:
    """What the Nu HTML checker says, warnings too, of pages, style sheets and pictures; by file, their names."""
    jar = fetched.modules() / "vnu-jar" / "build" / "dist" / "vnu.jar"
    ran = subprocess.run(
        [fetched.java(), "-Xss16m", "-jar", str(jar), "--format", "json", "--stdout", "--exit-zero-always",
         "--also-check-css", "--also-check-svg", *map(str, files)],
        check=False, capture_output=True, text=True, timeout=SECONDS,
    )  # fmt: skip
    found = []
    for said in json.loads(ran.stdout)["messages"]:
        page = files[Path(said["url"].removeprefix("file:"))]
        what = f"{said['message']} ‹{_line(said.get('extract', ''))}›"
        found.append(Finding(page, NU, said.get("subType") or said["type"], what))
    return found


def html_validate(files: Mapping[Path, str]) -> list[Finding]:
    """What html-validate says, by its recommended rules; by file, the pages' names."""
    folder = next(iter(files)).parent
    (folder / ".htmlvalidate.json").write_text(
        json.dumps({"root": True, "extends": ["html-validate:recommended", "html-validate:document"]})
    )
    program = fetched.modules() / "html-validate" / "bin" / "html-validate.mjs"
    said = folder / "html-validate.json"  # through a pipe it would be cut off
    ran = subprocess.run(
        [fetched.node(), str(program), "--formatter", f"json={said}", *map(str, files)],
        check=False, capture_output=True, text=True, timeout=SECONDS, cwd=folder,
    )  # fmt: skip
    if not said.exists():
        raise RuntimeError(f"html-validate says nothing: {ran.stderr}")
    return [
        Finding(files[Path(page["filePath"])], HTML_VALIDATE, one["ruleId"], one["message"])
        for page in json.loads(said.read_text())
        for one in page["messages"]
    ]


def documents(schema: Path, exports: Sequence[Path]) -> list[Finding]:
    """Whether the schema is one by its dialect, and the exports are as it says."""
    ran = subprocess.run(
        [fetched.node(), "-e", AJV, str(fetched.modules()), str(schema), *map(str, exports)],
        check=True, capture_output=True, text=True, timeout=SECONDS,
    )  # fmt: skip
    told: list[list[Any]] = json.loads(ran.stdout)
    return [Finding(Path(file).name, JSON_SCHEMA, "schema", what) for file, what in told]


def _line(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()[:MOST_CHARS]
