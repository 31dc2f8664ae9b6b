from __future__ import annotations

import stat
from pathlib import Path

import pytest

from optimizer.present.exchange import exchange, heal, held
from optimizer.present.folder import FolderError, altered, digest, recorded, replacing, require_ours


def make(path: Path, text: str = "a\n") -> None:
    with replacing(path, {"case": "x"}) as folder:
        folder.write("a.csv", text)


def test_a_folder_appears_whole_with_its_hashes(tmp_path: Path) -> None:
    make(tmp_path / "deep" / "run")
    run = tmp_path / "deep" / "run"
    assert (run / "a.csv").read_bytes() == b"\xef\xbb\xbfa\n"
    assert recorded(run) == {"a.csv": digest(run / "a.csv")}
    assert altered(run) == []
    assert [path.name for path in run.parent.iterdir()] == ["run"]
    assert stat.S_IMODE(run.stat().st_mode) & 0o500 == 0o500


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_what_fails_leaves_no_trace(tmp_path: Path, error: type[BaseException]) -> None:
    make(tmp_path / "run")
    before = digest(tmp_path / "run" / "a.csv")

    def half() -> None:
        with replacing(tmp_path / "run", {}) as folder:
            folder.write("a.csv", "half")
            raise error

    with pytest.raises(error):
        half()
    assert digest(tmp_path / "run" / "a.csv") == before
    assert [path.name for path in tmp_path.iterdir()] == ["run"]


def test_a_swap_that_fails_puts_the_old_folder_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(tmp_path / "run")
    before = digest(tmp_path / "run" / "a.csv")
    rename = Path.rename

    def refusing(self: Path, target: Path) -> Path:
        if self.name.endswith(".new"):
            raise OSError("no")
        return rename(self, target)

    monkeypatch.setattr("optimizer.present.exchange.exchange", lambda *_: False)
    monkeypatch.setattr(Path, "rename", refusing)
    with pytest.raises(OSError, match="no"):
        make(tmp_path / "run", "b\n")
    assert digest(tmp_path / "run" / "a.csv") == before
    assert [path.name for path in tmp_path.iterdir()] == ["run"]


def test_an_exchange_that_fails_leaves_the_old_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(tmp_path / "run")
    before = digest(tmp_path / "run" / "a.csv")

    def denied(*_: object) -> bool:
        raise PermissionError(13, "denied")

    monkeypatch.setattr("optimizer.present.exchange.exchange", denied)
    with pytest.raises(PermissionError):
        make(tmp_path / "run", "b\n")
    assert digest(tmp_path / "run" / "a.csv") == before
    assert [path.name for path in tmp_path.iterdir()] == ["run"]


def test_two_folders_trade_places(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "who").write_text(name)
    assert exchange(tmp_path / "one", tmp_path / "two")
    assert (tmp_path / "one" / "who").read_text() == "two"
    assert (tmp_path / "two" / "who").read_text() == "one"
    with pytest.raises(FileNotFoundError):
        exchange(tmp_path / "one", tmp_path / "none")


def test_what_another_process_is_making_is_left_alone(tmp_path: Path) -> None:
    living, dead, strange = (tmp_path / name for name in
                             (".run.aaaaaaaa.new", ".run.bbbbbbbb.new", ".run.notes.new"))  # fmt: skip
    for path in (living, dead, strange):
        path.mkdir()
        (path / "half").write_text("")
    with held(living) as free:
        assert free
        make(tmp_path / "run")
    assert sorted(path.name for path in tmp_path.iterdir()) == [living.name, strange.name, "run"]


def test_a_folder_put_away_by_a_killed_process_comes_back(tmp_path: Path) -> None:
    make(tmp_path / "run")
    (tmp_path / "run").rename(tmp_path / ".run.cccccccc.old")
    heal(tmp_path / "run")
    assert altered(tmp_path / "run") == []
    assert [path.name for path in tmp_path.iterdir()] == ["run"]


def test_an_empty_folder_and_a_link_to_a_run_are_taken(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    make(tmp_path / "empty")
    (tmp_path / "link").symlink_to(tmp_path / "empty")
    make(tmp_path / "link", "b\n")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "empty" / "a.csv").read_text(encoding="utf-8-sig") == "b\n"


@pytest.mark.parametrize("manifest", ["", "[]", '{"made_by": "somebody"}', '{"made_by": "fenpei"}'])
def test_what_has_no_manifest_of_ours_is_refused(tmp_path: Path, manifest: str) -> None:
    (tmp_path / "manifest.json").write_text(manifest)
    with pytest.raises(FolderError, match="不会覆盖"):
        require_ours(tmp_path)


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(FolderError, match="不是文件夹"):
        require_ours(tmp_path / "file")


def test_a_manifest_cannot_point_outside(tmp_path: Path) -> None:
    (tmp_path / "outside").write_text("")
    run = tmp_path / "run"
    run.mkdir()
    hashed = digest(tmp_path / "outside")
    (run / "manifest.json").write_text(f'{{"made_by": "fenpei", "files": {{"../outside": "{hashed}"}}}}')
    assert [text.en for text in altered(run)] == ["../outside is recorded and missing"]
