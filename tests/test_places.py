import pytest

from forum import places


def test_templates_and_static_files_are_found_from_wherever_the_process_was_started(
    tmp_path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)

    assert (places.templates_dir() / "base.html").is_file()
    assert list(places.static_dir().rglob("*.js"))


def test_what_is_carried_nowhere_is_named_with_both_places_looked_at():
    with pytest.raises(FileNotFoundError, match=r"expected a directory .*nowhere or .*nowhere, got neither"):
        places._carried("nowhere")
