"""What is served is what was written: each script before and after it is laid bare, read by a parser.

``tests/browser/client/test_bare.py`` asks a browser about the sheets.
"""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from forum.places import static_dir
from forum.web import bare
from forum.web.joined import SCRIPTS, _modules
from forum.web.static import _bodies, version_of
from tests.chromium import _node

# Node's own parser, which nobody needs to install. Positions differ; nothing else may.
PARSE = """
const { parse } = require("internal/deps/acorn/acorn/dist/acorn");
const tree = (text) => JSON.stringify(
  parse(text, { ecmaVersion: "latest", sourceType: "module", allowReturnOutsideFunction: true }),
  (key, value) => key === "start" || key === "end" ? undefined : value instanceof RegExp ? String(value) : value);
let said = "";
process.stdin.on("data", (more) => said += more).on("end", () => {
  const pairs = JSON.parse(said);
  const differs = ([_, [before, after]]) => { try { return tree(before) !== tree(after); } catch { return true; } };
  console.log(JSON.stringify(Object.entries(pairs).filter(differs).map(([name]) => name)));
});"""
WRITTEN = {path.relative_to(static_dir()).as_posix(): path for path in static_dir().rglob("*.js")}


def others(pairs: dict[str, tuple[str, str]]) -> list[str]:
    """The names of scripts that mean something else afterwards, or nothing."""
    asked = json.dumps(pairs)
    said = subprocess.run(
        [_node(), "--expose-internals", "-e", PARSE], check=True, capture_output=True, input=asked, text=True
    )
    names: list[str] = json.loads(said.stdout)
    return names


def test_every_script_means_the_same_as_it_is_served() -> None:
    served = _bodies(static_dir())
    pairs = {name: (path.read_text(), served[name].decode()) for name, path in WRITTEN.items()}
    for name, first in SCRIPTS.items():
        whole = "".join(_modules(first, lambda path: (static_dir() / path).read_bytes(), {}, _as_it_is))
        pairs[name] = whole, served[name].decode()

    assert len(pairs) > 30
    assert others(pairs) == []


def _as_it_is(text: str) -> str:
    return text


@pytest.mark.parametrize(
    "text",
    [
        "const a = `one  // two ${b  /* three */}\n  four`;",
        "const r = /[/*]  '\"/g;\nif (a)\n  /x  y/.test(b);",
        "const f = () => { return /a  b\\/\\/ c/.exec(d) };",
        "let s = '/* stays */  // stays', t = \"it's  // here\";",
        "a\n++b\nlet c = d + +e - -f\n;[g].map((h) => h)",
        "const i = a / b / c; // divided\nconst j = (k) / 2; /* by */ l = m[0] / n  / 'o  /';",
        "x = y?.z ?? 0; async () => { for await (const q of w) await q }\nclass P { static #p = 1; get p() { return P.#p } }",
    ],
)
def test_what_looks_like_a_comment_in_a_string_a_template_or_a_pattern_stays(text: str) -> None:
    assert others({"it": (text, bare.script(text))}) == []


def test_a_script_that_became_another_would_be_named() -> None:
    behind_an_arrow = "const f = (t) => /one  '/.test(t);"

    assert others({"it": (behind_an_arrow, bare.script(behind_an_arrow))}) == ["it"]


def test_comments_and_space_go_and_a_licence_stays() -> None:
    script = "/*! by somebody, MIT */\n// why\nlet  a = 1; /* how */\n\n\nlet b = 2;\n"
    sheet = "/*! by somebody, MIT */\n/* why */\na > b :hover { color : red ;\n margin: calc(1px + 2px) }\n"

    assert bare.script(script) == "/*! by somebody, MIT */let a=1;let b=2;\n"
    assert bare.sheet(sheet) == "/*! by somebody, MIT */a>b :hover{color:red;margin:calc(1px + 2px)}\n"


def test_a_property_that_holds_nothing_keeps_the_space_that_older_browsers_need() -> None:
    assert bare.sheet(":root { --night: ; --day:  }") == ":root{--night: ;--day: }\n"


def test_what_others_wrote_is_served_as_it_is() -> None:
    served = _bodies(static_dir())

    for path in static_dir().glob("vendor/*"):
        assert served[f"vendor/{path.name}"] == path.read_bytes()


def test_another_comment_leaves_what_is_served_and_another_word_does_not(tmp_path: Path) -> None:
    shutil.copytree(static_dir(), tmp_path, dirs_exist_ok=True)
    versions = []
    for line in ("let a = 1;", "let a = 1; // one", "let a = 2;"):
        (tmp_path / "js" / "a.js").write_text(line)
        versions.append(version_of(tmp_path))

    assert versions[0] == versions[1] != versions[2]
