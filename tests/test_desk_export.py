"""An export of one incident: the same bytes each time, checked by its own file alone, and no byte of it changes unseen."""

from __future__ import annotations

import ast
import hashlib
import json
import random
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from bot.cli import main
from bot.desk_check import canonical, problems
from bot.desk_check_custody import chain_problems
from bot.desk_export import checker
from storage.custody_chain import broken
from storage.shelf import Shelf
from tests.export_samples import ARABIC, LINK, STAFF, Made, carried, chain, sealed

FLIPS = 60  # single bytes of one ZIP file


@pytest.fixture
def made(tmp_path: Path) -> Made:
    """Two reports of incident 101, one with two files, and one of another incident."""
    shelf = Shelf(tmp_path / "parcels.evidence")
    ours = [sealed("IB-2222-AAAA-222", shelf, files=2), sealed("IB-1111-AAAA-111", shelf)]
    other = [sealed("IB-3333-AAAA-333", shelf, incident=102)]
    return carried(tmp_path, ours + other, chain(101, ours), chain(102, other))


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One export that the tests copy and change."""
    folder = tmp_path_factory.mktemp("whole")
    ours = [sealed("IB-2222-AAAA-222", Shelf(folder / "parcels.evidence"), files=1)]
    return exported(carried(folder, ours, chain(101, ours)))


@pytest.fixture
def unpacked(whole: Path, tmp_path: Path) -> Path:
    with zipfile.ZipFile(whole) as archive:
        archive.extractall(tmp_path)
    return tmp_path / "incident-101"


def export(made: Made, to: Path, number: int = 101, **environment: str) -> Result:
    line = ["desk", "export", str(made.parcels), "--key", str(made.key), "--incident", str(number), "-o", str(to)]
    return CliRunner().invoke(main, line, env=environment)


def exported(made: Made) -> Path:
    to = made.parcels.parent / "out.zip"
    done = export(made, to)
    assert done.exit_code == 0, done.output
    return to


def refiled(folder: Path, change: Callable[[dict[str, Any]], None] = lambda manifest: None) -> None:
    """Write the manifest anew for files that were changed: who forges one forges the other too."""
    manifest = json.loads((folder / "manifest.json").read_text())
    for entry in manifest["files"]:
        content = (folder / entry["path"]).read_bytes()
        entry |= {"size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    change(manifest)
    body = {key: value for key, value in manifest.items() if key != "sha256"}
    body["sha256"] = hashlib.sha256(canonical(body)).hexdigest()
    (folder / "manifest.json").write_bytes(canonical(body))


def flipped(content: bytes, at: int, bit: int = 0) -> bytes:
    return content[:at] + bytes([content[at] ^ 1 << bit]) + content[at + 1 :]


def test_the_same_parcels_make_the_same_bytes_for_its_owner_alone(made: Made, tmp_path: Path) -> None:
    one, other = (export(made, tmp_path / name) for name in ("one.zip", "other.zip"))
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "other.zip").read_bytes()
    assert one.stdout == other.stdout and one.exit_code == 0
    assert (tmp_path / "one.zip").stat().st_mode & 0o777 == 0o600
    assert {path.name for path in tmp_path.iterdir()} == {"parcels", "parcels.evidence", "key", "one.zip", "other.zip"}
    noted = one.stdout.strip()
    assert list(problems(tmp_path / "one.zip", noted)) == []
    assert list(problems(tmp_path / "one.zip", "0" * 64)) == ["manifest.json: is not the one whose SHA-256 was noted"]


def test_it_holds_one_incident_opened_and_sealed_side_by_side(made: Made) -> None:
    with zipfile.ZipFile(exported(made)) as archive:
        names = {name.removeprefix("incident-101/") for name in archive.namelist()}
        report = json.loads(archive.read("incident-101/reports/IB-2222-AAAA-222.json"))
        picture = archive.read("incident-101/evidence/IB-2222-AAAA-222-2.jpg")
        manifest = json.loads(archive.read("incident-101/manifest.json"))
        everything = b"".join(archive.read(name) for name in archive.namelist())
    opened = {"IB-1111-AAAA-111.json", "IB-2222-AAAA-222.json"}
    files = {f"IB-2222-AAAA-222-{number}" for number in (1, 2)}
    assert names == (
        {"manifest.json", "chain.json", "summary.html", "check.py"}
        | {f"{folder}/{name}" for folder in ("reports", "sealed") for name in opened}
        | {f"evidence/{name}.jpg" for name in files}
        | {f"sealed/{name}.sealed" for name in files}
    )
    assert report["content"]["details"] == ARABIC and report["identity"]["name"] == "فاطمة"
    assert report["additions"][0]["content"]["details"] == "more"
    assert hashlib.sha256(picture).hexdigest() == report["evidence"][1]["sha256"]
    record = manifest["ProvenanceRecord"][1]
    assert record["exhibitNumber"] == "IB-2222-AAAA-222-2"
    assert record["object"] == ["evidence/IB-2222-AAAA-222-2.jpg", "sealed/IB-2222-AAAA-222-2.sealed"]
    assert b"IB-3333" not in everything and b"iblagh-desk" not in everything


def test_its_checker_needs_nothing_but_an_old_python(made: Made, tmp_path: Path) -> None:
    to = exported(made)
    with zipfile.ZipFile(to) as archive:
        archive.extractall(tmp_path / "there")
    check = tmp_path / "there" / "incident-101" / "check.py"
    tree = ast.parse(check.read_text(), feature_version=(3, 8))
    used = {name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names}
    used |= {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name.split(".")[0] for name in used} <= sys.stdlib_module_names
    for given in ([], [str(to)]):
        line = [sys.executable, "-I", "-S", str(check), *given]
        done = subprocess.run(line, capture_output=True, text=True, cwd=tmp_path, check=False)
        assert (done.returncode, done.stderr) == (0, "") and "all is as it was" in done.stdout
    check.with_name("chain.json").write_text("{}")
    done = subprocess.run([sys.executable, "-I", str(check)], capture_output=True, text=True, check=False)
    assert done.returncode == 1 and "CHANGED  chain.json: was changed" in done.stdout


def test_any_one_byte_of_the_zip_file_is_named(whole: Path, tmp_path: Path) -> None:
    """Anywhere: in what it holds, in the ZIP file's own heads, in its directory."""
    content, dice = whole.read_bytes(), random.Random(1)
    with zipfile.ZipFile(whole) as archive:
        infos, start = archive.infolist(), archive.start_dir
    heads = [info.header_offset + dice.randrange(30) for info in infos]
    ends = [dice.randrange(start, len(content)) for _ in range(FLIPS // 3)]
    anywhere = [dice.randrange(len(content)) for _ in range(FLIPS - len(heads) - len(ends))]
    for at in [*heads, *ends, *anywhere, len(content) - 1]:
        (tmp_path / "out.zip").write_bytes(flipped(content, at, dice.randrange(8)))
        found = list(problems(tmp_path / "out.zip"))
        held = [info.filename.split("/", 1)[1] for info in infos if info.header_offset <= at < start][-1:]
        assert found and (not held or any(name in problem for problem in found for name in ("out.zip", *held))), at
    for changed in (content[:-1], content + b"\0", content[:-30], b"", content[: start - 1]):
        (tmp_path / "out.zip").write_bytes(changed)
        assert list(problems(tmp_path / "out.zip"))


def test_any_one_byte_of_a_file_is_named_with_the_file(unpacked: Path) -> None:
    dice = random.Random(2)
    paths = sorted(path for path in unpacked.rglob("*") if path.is_file())
    assert len(paths) == 8
    for path in paths:
        content, name = path.read_bytes(), path.relative_to(unpacked).as_posix()
        for _ in range(4):
            path.write_bytes(flipped(content, dice.randrange(len(content)), dice.randrange(8)))
            found = list(problems(unpacked))
            assert found and any(problem.startswith(f"{name}:") for problem in found), (name, found)
        path.write_bytes(content)
    assert list(problems(unpacked)) == []


def test_what_was_added_or_taken_away_is_named(unpacked: Path) -> None:
    (unpacked / "evidence" / "other.jpg").write_bytes(b"x")
    (unpacked / "summary.html").unlink()
    assert list(problems(unpacked)) == ["summary.html: is missing", "evidence/other.jpg: is not in the manifest"]


@pytest.mark.parametrize(
    "field", ["position", "startTime", "performer", "name", "object", "description", "previous", "hash"]
)
def test_a_changed_entry_is_named_though_the_manifest_was_forged(unpacked: Path, field: str) -> None:
    path = unpacked / "chain.json"
    log = json.loads(path.read_text())
    entry = log["chains"][0]["InvestigativeAction"][3]
    entry[field] = entry[field] + 5 if field == "position" else f"{entry[field]}0"[1:] or "x"
    path.write_bytes(canonical(log))
    refiled(unpacked)
    assert any("chain.json: incident 101, position 4:" in problem for problem in problems(unpacked))


def test_a_changed_parcel_is_named_though_the_manifest_was_forged(unpacked: Path) -> None:
    path = unpacked / "sealed" / "IB-2222-AAAA-222.json"
    found = json.loads(path.read_text())
    found["parts"]["identity"] = "AAAA" + found["parts"]["identity"][4:]
    path.write_bytes(canonical(found))
    file = unpacked / "sealed" / "IB-2222-AAAA-222-1.sealed"
    file.write_bytes(flipped(file.read_bytes(), 40_000))
    refiled(unpacked)
    assert list(problems(unpacked)) == [
        "sealed/IB-2222-AAAA-222.json, identity: no entry of the chain names it as it is",
        "sealed/IB-2222-AAAA-222.json, file 1: its sealed file is not the one that was kept",
        "chain.json: incident 101, position 2: names a parcel that is not here",
    ]


def test_another_incidents_number_is_named(unpacked: Path) -> None:
    refiled(unpacked, lambda manifest: manifest.update(incident=102))
    assert list(problems(unpacked)) == ["chain.json: is not the chain of this incident"]


def test_what_was_broken_before_is_exported_and_said(made: Made, tmp_path: Path) -> None:
    """A file that was changed beside the parcels file, one that was left behind, a chain that somebody has cut."""
    first, second = (tmp_path / "parcels.evidence" / one.file.hex for one in made.reports[0].evidence)
    first.write_bytes(flipped(first.read_bytes(), 50_000))
    second.unlink()
    done = export(made, tmp_path / "out.zip")
    assert done.exit_code == 1
    assert done.stderr.splitlines() == [
        "not whole: sealed/IB-2222-AAAA-222.json, file 1: its sealed file is not the one that was kept",
        "not whole: sealed/IB-2222-AAAA-222.json, file 2: its sealed file is not here",
    ]
    with zipfile.ZipFile(tmp_path / "out.zip") as archive:
        report = json.loads(archive.read("incident-101/reports/IB-2222-AAAA-222.json"))
    assert [one["why"] for one in report["evidence"]] == [
        "changed or damaged",
        "not in the folder beside the parcels file",
    ]
    log = chain(101, made.reports[:2])
    cut = carried(tmp_path, made.reports, replace(log, entries=log.entries[:-1]), chain(102, made.reports[2:]))
    assert "is missing" in export(cut, tmp_path / "cut.zip").stderr


def test_a_report_that_was_moved_away_is_no_fault(made: Made, tmp_path: Path) -> None:
    stays, moved = made.reports[0], made.reports[1]
    log = chain(101, [stays, moved])
    away = replace(moved, facts={**moved.facts, "incident": 102})
    split = carried(tmp_path, [stays, away], log, chain(102, []))
    assert export(split, tmp_path / "101.zip").exit_code == 0
    assert export(split, tmp_path / "102.zip", 102).exit_code == 0
    with zipfile.ZipFile(tmp_path / "102.zip") as archive:
        chains = json.loads(archive.read("incident-102/chain.json"))["chains"]
    assert [one["incident"] for one in chains] == [102, 101]


def test_what_this_key_does_not_open_goes_sealed_alone(tmp_path: Path) -> None:
    ours = [sealed("IB-1111-AAAA-111", Shelf(tmp_path / "parcels.evidence"), files=1, queue="restricted")]
    to = exported(carried(tmp_path, ours, chain(101, ours)))
    with zipfile.ZipFile(to) as archive:
        assert json.loads(archive.read("incident-101/reports/IB-1111-AAAA-111.json"))["why"] == "another key"
        assert not [name for name in archive.namelist() if "/evidence/" in name]
    assert list(problems(to)) == []


def test_it_refuses_beside_the_state_key_and_where_there_is_nothing(made: Made, tmp_path: Path) -> None:
    to = tmp_path / "out.zip"
    beside = export(made, to, IBLAGH_STATE_KEY="a:b")
    nobody = export(made, to, number=999)
    assert beside.exit_code == nobody.exit_code == 1 and not to.exists()
    assert "IBLAGH_STATE_KEY is set here" in beside.stderr
    assert "no report of incident 999" in nobody.stderr


def test_the_summary_can_do_nothing_and_names_nobody(made: Made) -> None:
    with zipfile.ZipFile(exported(made)) as archive:
        page = archive.read("incident-101/summary.html").decode()
    assert "<script" not in page and "href" not in page and "src=" not in page and LINK not in page
    assert "hxxps://www[.]example[.]org/groups/123/posts/&lt;script&gt;" in page
    assert "default-src 'none'" in page
    assert "فاطمة" not in page and "612345678" not in page
    assert 'lang="ar" dir="rtl"' in page and "سليمة" in page and "intacte" in page
    assert STAFF[:8] in page and STAFF not in page


@pytest.mark.browser
def test_the_summary_of_a_large_incident_is_one_page(chromium: str, tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "parcels.evidence")
    ours = [sealed(f"IB-{number:04}-AAAA-222", shelf, files=number % 3) for number in range(12)]
    with zipfile.ZipFile(exported(carried(tmp_path, ours, chain(101, ours)))) as archive:
        archive.extractall(tmp_path)
    quiet = ("--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking")
    calm = ("--disable-component-update", "--disable-sync", f"--user-data-dir={tmp_path / 'profile'}")
    printed = tmp_path / "printed.pdf"
    page = (tmp_path / "incident-101" / "summary.html").as_uri()
    line = [chromium, *quiet, *calm, "--no-pdf-header-footer", f"--print-to-pdf={printed}", page]
    subprocess.run(line, check=True, capture_output=True, timeout=60)
    assert len(re.findall(rb"/Type\s*/Page\b", printed.read_bytes())) == 1


def test_both_ways_of_computing_a_chain_agree() -> None:
    made = chain(101, [])
    assert list(broken(made)) == [] and list(chain_problems(made.as_object())) == []
    for at in range(len(made.entries)):
        entries = list(made.entries)
        entries[at] = entries[at]._replace(detail="other")
        changed = replace(made, entries=entries)
        assert [one.position for one in broken(changed)] == [at + 1]
        assert [position for position, _ in chain_problems(changed.as_object())] == [at + 1]


def test_the_checker_is_one_file_of_two() -> None:
    text = checker()
    assert "bot." not in re.sub(r'""".*?"""', "", text, flags=re.S)
    assert text.count("from __future__") == 1 and text.startswith("#!")
