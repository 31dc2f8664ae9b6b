"""The examples of docs/format.md are a case that can be read."""

import re
from pathlib import Path

from optimizer.read import read_allocation, read_case
from optimizer.read.folder import ALL_FILES
from tests.read.conftest import Folder

PAGE = (Path(__file__).parents[2] / "docs" / "format.md").read_text(encoding="utf-8")


WARD = """  - id: ward
    title: 住院报销
    unit: 人次
    layers: [{id: relief, title: 医疗救助, rate: 50%, payer: fund == local}]
    payers: fund == local
    citation: {document: plan, section: 一(一), basis: stated}
"""


def test_the_examples_of_the_page_are_one_sound_case(tmp_path: Path, folder: Folder) -> None:
    path = tmp_path / "page"
    path.mkdir()
    for file, text in re.findall(r"```yaml\n# (\S+)\n(.*?)```", PAGE, re.DOTALL):
        (path / file).write_text(text, encoding="utf-8")
    for file, text in re.findall(r"`(\S+\.csv)`:[^\n]*\n\n```text\n(.*?)```", PAGE, re.DOTALL):
        (path / file).write_text(text, encoding="utf-8")
    assert {file.name for file in path.iterdir()} == set(ALL_FILES)
    folder.change("measures.yaml", "  - id: grid\n", f"{WARD}  - id: grid\n")
    folder.write("costs.csv", folder.text("costs.csv") + "ward,,,10000,plan,一(一),stated\n")
    assert read_case(path).tables == folder.read().tables


def test_the_allocation_of_the_page_can_be_read(tmp_path: Path, folder: Folder) -> None:
    [text] = re.findall(r"```text\n(item,.*?)```", PAGE, re.DOTALL)
    case = folder.read()
    (tmp_path / "page.csv").write_text(text, encoding="utf-8")
    assert read_allocation(tmp_path / "page.csv", case).units
