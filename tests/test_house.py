"""The house rules that no linter knows: sizes, names, leftovers, the lock file, the documents' links.

Each test gathers every fault with its place and compares the list with an empty one.
"""

import ast
import os
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("models", "optimizer")
LONGEST_FILE = 500  # lines
LONGEST_FUNCTION = 80  # lines, docstring included
VAGUE_NAMES = {"util", "utils", "helper", "helpers", "common", "misc", "manager", "managers"}
# Bracketed letters keep the patterns from finding themselves.
LEFTOVERS = {
    "package registry": r"[p]ypi\.org|[p]ythonhosted|--(extra-)?index[-]url|--find[-]links",
    "how it was written": r"\b([A]I|machine)[- ](generated|written|assisted)\b|\b[L]LMs?\b|chat[g]pt"
    r"|\b[g]pt-?\d|\b[c]laude\b|[a]nthropic|[o]penai|\b[c]opilot\b",
}
MACHINE_PATH = r"(?<![\w.<$}/*-])/(work|root|tmp|home)(?![\w-])"


def checkout() -> Iterator[Path]:
    """Every file of the checkout, without runs, environments, caches and what tools have built."""
    for folder, folders, names in os.walk(ROOT):
        folders[:] = [
            name
            for name in folders
            if (name == ".ci" or not name.startswith("."))
            and name not in {"__pycache__", "build", "dist", "outputs"}
            and not (Path(folder) / name / "pyvenv.cfg").exists()
        ]
        yield from (Path(folder) / name for name in names if name != ".git" and not name.startswith("~$"))


def text(path: Path) -> str:
    """The file's text, or nothing for a binary file such as a workbook."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""


def place(path: Path, line: int = 0) -> str:
    return path.relative_to(ROOT).as_posix() + (f":{line}" if line else "")


FILES = sorted(checkout())
CODE = {
    path: ast.parse(text(path), filename=str(path))
    for path in FILES
    if path.suffix == ".py" and path.relative_to(ROOT).parts[0] in PACKAGES
}
DOCUMENTS = [path for path in FILES if path.suffix == ".md"]


def test_code_is_found() -> None:
    assert {path.relative_to(ROOT).parts[0] for path in CODE} == set(PACKAGES)


def test_no_file_is_longer_than_a_sitting() -> None:
    assert [place(path) for path in CODE if len(text(path).splitlines()) > LONGEST_FILE] == []


def test_no_function_is_longer_than_a_screen() -> None:
    long = [
        f"{place(path, node.lineno)} {node.name}"
        for path, tree in CODE.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or node.lineno) - node.lineno + 1 > LONGEST_FUNCTION
    ]
    assert long == []


def test_every_name_says_what_it_holds() -> None:
    assert [place(path) for path in CODE if VAGUE_NAMES & {path.stem, path.parent.name}] == []


def test_every_module_says_what_it_is_for() -> None:
    assert [place(path) for path, tree in CODE.items() if not ast.get_docstring(tree)] == []


def test_every_folder_of_code_is_a_package() -> None:
    folders = {path.parent for path in CODE}
    assert [place(folder) for folder in sorted(folders) if folder / "__init__.py" not in CODE] == []


def test_assert_is_for_tests() -> None:
    asserts = [
        place(path, node.lineno)
        for path, tree in CODE.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Assert)
    ]
    assert asserts == []


@pytest.mark.parametrize("kind", LEFTOVERS)
def test_nothing_is_left_over(kind: str) -> None:
    found = [
        f"{place(path, number)} {line.strip()[:80]}"
        for path in FILES
        for number, line in enumerate(text(path).splitlines(), start=1)
        if re.search(LEFTOVERS[kind], line, re.IGNORECASE)
    ]
    assert found == []


def test_no_path_of_one_machine() -> None:
    found = [
        f"{place(path, number)} {line.strip()[:80]}"
        for path in FILES
        if path.relative_to(ROOT).parts[0] != "tests"
        for number, line in enumerate(text(path).splitlines(), start=1)
        if re.search(MACHINE_PATH, line)
    ]
    assert found == []


def test_lock_satisfies_every_lower_bound() -> None:
    project = tomllib.loads(text(ROOT / "pyproject.toml"))["project"]
    lists = [project["dependencies"], *project["optional-dependencies"].values()]
    wanted = [Requirement(line) for lines in lists for line in lines if not line.startswith("fenpei[")]
    pins = [line for line in text(ROOT / "requirements.lock").splitlines() if not line.startswith("#")]
    assert [pin for pin in pins if not re.fullmatch(r"[\w.-]+==[\w.]+", pin)] == []
    locked = {canonicalize_name(name): version for name, _, version in (pin.partition("==") for pin in pins)}
    unbound = [str(want) for want in wanted if ">=" not in {bound.operator for bound in want.specifier}]
    assert unbound == []
    unmet = [
        str(want) for want in wanted if locked.get(canonicalize_name(want.name), "") not in want.specifier
    ]
    assert unmet == []


def test_every_case_has_a_readme() -> None:
    cases = [path for path in sorted((ROOT / "inputs").glob("*")) if path.is_dir()]
    assert [place(case) for case in cases if not (case / "README.md").is_file()] == []


@pytest.mark.parametrize("document", [place(path) for path in DOCUMENTS])
def test_links_lead_somewhere(document: str) -> None:
    targets = re.findall(r"\]\(([^)\s#]+)[^)]*\)", text(ROOT / document))
    local = [target for target in targets if not re.match(r"\w+:", target)]
    assert [target for target in local if not ((ROOT / document).parent / target).exists()] == []


def test_changelog_opens_with_this_version() -> None:
    version = tomllib.loads(text(ROOT / "pyproject.toml"))["project"]["version"]
    sections = re.split(r"^## ", text(ROOT / "CHANGELOG.md"), flags=re.MULTILINE)[1:]
    assert sections
    assert sections[0].startswith((version, "Unreleased"))
    assert "- " in sections[0], "the top section says nothing"
