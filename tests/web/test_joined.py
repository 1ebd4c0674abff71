"""Files put together when they are served: all of them, in order, and nothing that this does not understand."""

import re
import subprocess
from pathlib import Path

import pytest

from forum.places import static_dir
from forum.web import bare
from forum.web import joined as joining
from forum.web.joined import SHEETS, CannotJoin, _modules, joined
from forum.web.static import version_of
from tests.chromium import _node


def read(path: str) -> bytes:
    return (static_dir() / path).read_bytes()


def whole(files: dict[str, str], first: str = "js/a.js") -> str:
    return "".join(_modules(first, lambda path: files[path].encode(), {}))


def ran(script: str, folder: Path) -> str:
    (folder / "whole.mjs").write_text(script)
    said = subprocess.run([_node(), "whole.mjs"], check=True, capture_output=True, cwd=folder, text=True)
    return said.stdout.strip()


def test_modules_see_one_another_under_the_names_they_gave_and_their_own_stay_their_own(
    tmp_path: Path,
) -> None:
    files = {
        "js/a.js": 'import { two as pair, add } from "./b.js";\nimport { one } from "./c.js";\nconst hidden = 40;\n'
        "console.log(add(hidden, pair) + one);\n",
        "js/b.js": 'import { one } from "./c.js";\nconst hidden = 1;\nexport const two = one + hidden;\n'
        "export function add(a, b) {\n  return a + b;\n}\n",
        "js/c.js": "console.log('once');\nexport const one = 1;\nexport class Unused {}\n",
    }

    assert ran(whole(files), tmp_path) == "once\n43"


@pytest.mark.parametrize(
    "line",
    ['import b from "./b.js";', 'import "./b.js";', 'import * as b from "./b.js";', "export default 1;", "export { a };",
     "export let a = 1;"],
)  # fmt: skip
def test_a_module_written_in_another_way_is_not_joined(line: str) -> None:
    with pytest.raises(CannotJoin, match=re.escape(line)):
        whole({"js/a.js": f"{line}\n", "js/b.js": ""})


def test_modules_that_need_each_other_are_not_joined() -> None:
    with pytest.raises(CannotJoin, match=r"js/a\.js"):
        whole({"js/a.js": 'import { b } from "./b.js";\n', "js/b.js": 'import { a } from "./a.js";\n'})


def test_what_a_phone_loads_holds_every_module_it_needs_once_and_its_sheets_in_order() -> None:
    wholes = dict(joined(read))
    script = wholes["js/whole-live.js"].decode()

    assert re.search(r"^(import|export)\b", script, re.MULTILINE) is None
    for module in ("words", "tabs", "outbox", "morph", "fragments", "mirror", "act", "live"):
        assert script.count(f"const ${module}=(()=>{{") == 1
    assert script.count("globalThis.Idiomorph") == 1
    assert read("vendor/idiomorph.min.js").decode() in script
    for address, parts in SHEETS.items():
        assert wholes[address].decode() == "".join(bare.sheet(read(part).decode()) for part in parts)


def test_what_is_joined_otherwise_is_served_at_another_address(monkeypatch: pytest.MonkeyPatch) -> None:
    before = version_of(static_dir())
    monkeypatch.setattr(joining, "SHEETS", {name: sheets[:-1] for name, sheets in joining.SHEETS.items()})

    assert version_of(static_dir()) != before
