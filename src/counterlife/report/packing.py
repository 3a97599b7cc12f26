"""A finished run becomes one file that another person can check and live again on another machine.

What a pack is, and how it is checked, is in `packs.py`; the words of its README are in the catalogue.
"""

from __future__ import annotations

import re
from pathlib import Path, PurePosixPath, PureWindowsPath

from ..packs import PackError, pack
from ..provenance import fingerprint
from ..scenario.written import read
from ..store import PROVENANCE, RunFolder, StoreError
from ..study import WRITTEN, Run
from .plates import Step, untold
from .publish import publish
from .text import catalogue

SCENARIO = "scenario.yaml"
PARTS = (SCENARIO, "resolved.yaml", PROVENANCE, "measures.parquet", "measures.csv", "report.html")


def pack_run(run: Run, file: Path, *, language: str = "en", told: Step = untold) -> Path:
    """The file holds the run: scenario, resolved form, provenance, counts, measures and report worked out anew, with a README; returns it.

    Raises StoreError where the counts are not those of the fingerprint, PackError where the file exists, cannot be written, or would name
    a folder of this machine.
    """
    if run.path is None:
        raise ValueError("this run was not kept, so there is no folder to pack: give `out` to `run`")
    if file.exists():
        raise PackError(f"{file}: something is here already. Remove it, or choose another name (--out); nothing was written.")
    folder = RunFolder.open(run.path)
    counted = fingerprint(folder.totals())
    if counted != run.fingerprint:
        raise StoreError(
            f"{run.path}: its counts have the fingerprint {counted} and not {run.fingerprint}, which is on its record: files were changed "
            "since it was lived, and nobody could live it again. Run it into another folder (--out); nothing was packed."
        )
    publish(run, told)
    parts: dict[str, bytes | Path] = {name: run.path / name for name in PARTS}
    parts |= {f"tallies/{one.name}": one for one in sorted((run.path / "tallies").iterdir()) if not one.name.startswith(".")}
    for one in (run.path / SCENARIO, *sorted((run.path / WRITTEN).glob("*"))):
        name = SCENARIO if one.parent == run.path else f"{WRITTEN}/{re.sub('[^A-Za-z0-9._-]+', '_', one.name).lstrip('._-') or 'file'}"
        parts[name] = _without_folders(one)
    _refuse_home(run.path)
    parts["README.txt"] = _readme(run, sorted(parts), language).encode()
    pack(file, parts)
    return file


def _without_folders(file: Path) -> bytes:
    """The file as it is written, but with names in the place of absolute paths, and ~ in that of the home folder."""
    raw = file.read_bytes()
    if file.suffix == ".yaml":
        data = read(raw, file.name).data
        people = data.get("population")
        for said in (data.get("extends"), people.get("country") if isinstance(people, dict) else None):
            if isinstance(said, str) and (PurePosixPath(said).is_absolute() or PureWindowsPath(said).is_absolute()):
                name = PureWindowsPath(said).name if PureWindowsPath(said).drive else PurePosixPath(said).name
                raw = raw.replace(said.encode(), name.encode())
    return raw.replace(_home(), b"~/")


def _refuse_home(folder: Path) -> None:
    """What is read to live the run again, or was worked out from it, cannot be changed; only words of the scenario can name a folder."""
    for name in PARTS[1:]:
        if name != "measures.parquet" and _home() in (folder / name).read_bytes():
            raise PackError(
                f"{folder / name}: your home folder is named here, in words of the scenario, and would be sent along. "
                "Take it out of the scenario and run that; nothing was written."
            )


def _home() -> bytes:
    return f"{str(Path.home()).rstrip('/')}/".encode() if len(str(Path.home())) > 1 else b"\0\0 no home folder"


def _readme(run: Run, parts: list[str], language: str) -> str:
    text, made, identity = catalogue(language), run.provenance, run.provenance["identity"]
    unsaid = text("again.unsaid")
    blanks = {
        "title": run.scenario.title,
        "claim": run.scenario.claim,
        "fingerprint": run.fingerprint,
        "version": str(made["version"]),
        "commit": str(made["commit"] or unsaid),
        "kernels": str(made.get("kernels") or unsaid),
        "python": str(made["python"]),
        "numpy": str(made["packages"].get("numpy") or unsaid),
        "numba": str(made["packages"].get("numba") or unsaid),
        "scheme": str(identity["draw_scheme"]),
        "scenario": str(identity["scenario"]),
        "number": str(identity["people"]),
        "people": f"{identity['people']:,}",
        "township": f"{identity['township']:,}",
        "replicates": f"{identity['replicates']:,}",
        "seed": str(identity["seed"]),
    }
    built_on = [f"  {one}" for one in parts if one.startswith(f"{WRITTEN}/")]
    built = text("pack.built_on", files="\n".join(built_on)) if built_on else text("pack.built_on_nothing")
    return text("pack.readme", built_on=built, **blanks)
