"""What the pages of the site say that comes from the program itself: keys, catalog, sources, measures and commands, as Markdown.

A page holds marks such as `<!-- keys: conduct behaviour -->`, and `filled` puts the text in their places. What a key takes is worked out in
`keys.py`; the Python interface is read by Sphinx.
"""

from __future__ import annotations

import csv
import inspect
import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from importlib import resources
from pathlib import Path

from counterlife.cli import door  # the package, and with it every command
from counterlife.measures import MEASURES, Measure
from counterlife.report.text import Text, catalogue
from counterlife.scenario import Entry, as_written, catalog, ledger, load

from .keys import KINDS, SHARED, Key, Part, keys, parts

HERE = Path(__file__).parent
MARK = re.compile(r"^<!-- (\w+)(?:: ([\w. ]+))? -->$", re.M)
OWN_PAGE = "population.country"
EVIDENCE = re.compile(r"\b[A-Z]{2}\d{2}\b")


def filled(text: str) -> str:
    """The text of a page with what its marks stand for; the README is the first page of the site."""
    text = re.sub(r"\]\((?:\.\./)+README\.md", "](/index.md", text)
    return MARK.sub(lambda found: FILLINGS[found[1]]((found[2] or "").split()) if found[1] in FILLINGS else found[0], text)


def plain(text: str) -> str:
    """Text in which no sign is taken for Markdown, but for what stands between backticks."""
    parts = re.split(r"(`[^`]+`)", text)
    return "".join(part if index % 2 else re.sub(r"([\\`*_<>\[\]{}|#~$])", r"\\\1", part) for index, part in enumerate(parts))


# --- keys -----------------------------------------------------------------------------------------------------------------------


def _keys(paths: list[str]) -> str:
    """The keys at these paths, and all below them, part by part; what has a page of its own is there alone."""
    whole, *others = parts()
    below = [part for part in others if any(f"{part.name}.".startswith(f"{path}.") for path in paths)]
    here = [part for part in below if (f"{part.name}.".startswith(f"{OWN_PAGE}.")) == (OWN_PAGE in paths)]
    alone = [key for key in whole.keys if key.path in paths and not any(part.name == key.below for part in here)]
    top = min((_depth(part) for part in here), default=0)
    return "\n".join([*map(_entry, alone), *(_part(part, 2 + _depth(part) - top) for part in here)])


def _depth(part: Part) -> int:
    return part.name.replace(".*", "").count(".")


def _part(part: Part, level: int) -> str:
    """A part under a heading: first the key that holds it, then its own keys; those that hold parts of their own come with these."""
    shared = part.name in SHARED.values()
    holders = [key for key in keys() if key.below == part.name]
    lines = [f"({_target(part.name)})=", f"{'#' * level} `{part.name}`", ""]
    if shared:
        used = ", ".join(f"`{key.path}`" for key in holders)
        lines += [plain(part.text), "", f"Stands at {used}." if used else "Stands at every key that asks for a source.", ""]
    else:
        lines += [_entry(key) for key in holders]
    if part.name == "scores.*":
        lines += [f"Every key of [`score`](#{_target('score')}), and:", ""]
    return "\n".join([*lines, *(_entry(key) for key in part.keys if not key.below or key.below in SHARED.values())])


def _entry(key: Key) -> str:
    holds = f"[\\g<0>](#{_target(key.below)})" if key.below else r"\g<0>"
    takes = re.sub(r"\bparts?$", holds, key.takes)
    limits = "; ".join(one for one in (key.unit if key.unit != "points" else "", key.range) if one)
    facts = [f"{takes} ({limits})" if limits else takes]
    facts += ["needed" if key.default is None else f"default `{key.default}`" if key.default else "may be left out"]
    facts += ["source, or assumption"] if key.sourced else []
    facts += [_model(key)] if key.section else []
    return "\n".join([f"````{{confval}} {key.path}", "", plain(key.text), "", "{.facts}", " · ".join(facts), "````", ""])


def _model(key: Key) -> str:
    where = f"[model\u00a0{key.section}](../../model.md#{_anchor(_headings()[key.section or 0])})"
    names = [plain(_words()(f"annex.mechanisms.{name}.title")) for name in key.mechanisms]
    return f"{where}: {', '.join(names)}" if names else where


@cache
def _words() -> Text:
    return catalogue()


def _target(part: str) -> str:
    return "part-" + part.replace(".*", "-each").replace(".", "-").replace("_", "-")


def _anchor(heading: str) -> str:
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


@cache
def _headings() -> Mapping[int, str]:
    """The numbered headings of the model's description."""
    text = (HERE / "model.md").read_text(encoding="utf-8")
    return {int(found[1]): found[0].removeprefix("## ") for found in re.finditer(r"^## (\d+)\. .+$", text, re.M)}


def _top(_: list[str]) -> str:
    """The keys at the top of a file, each with its page."""
    lines = ["| key | what it says |", "|---|---|"]
    for key in parts()[0].keys:
        where = f"[`{key.path}`](#{_target(key.below)})" if key.below else f"{{confval}}`{key.path}`"
        lines.append(f"| {where} | {plain(key.text)}{' *Needed.*' if key.default is None else ''} |")
    return "\n".join(lines)


def _kinds(_: list[str]) -> str:
    """The kinds of values, with their units and ranges."""
    lines = ["| kind | range | unit | such as | |", "|---|---|---|---|---|"]
    for one in KINDS.values():
        lines.append(f"| {one.words} | {one.range} | {one.unit} | `{one.example}` | {one.form} |")
    return "\n".join(lines)


def _learn(_: list[str]) -> str:
    """The tutorial and the pages on how to do something, as far as there are any: the page that lists the others comes first."""
    rooms = {
        "Learn": [HERE / "tutorial.md"],
        "How to": sorted((HERE / "how-to").glob("*.md"), key=lambda one: (one.stem != "README", one.stem)),
    }
    found = {room: [str(one.relative_to(HERE).with_suffix("")) for one in pages if one.is_file()] for room, pages in rooms.items()}
    return "\n\n".join(
        "\n".join(["```{toctree}", f":caption: {room}", ":hidden:", "", *names, "```"]) for room, names in found.items() if names
    )


# --- the catalog and its sources ------------------------------------------------------------------------------------------------


def _catalog(_: list[str]) -> str:
    return "\n\n".join(map(_scenario, catalog()))


def _scenario(entry: Entry) -> str:
    """What a scenario of the catalog is, whom it lives, and where its numbers come from."""
    scenario = load(entry.name)
    rows = ledger(scenario)
    contexts = {one.context for part in (scenario.sources, scenario.gates) for one in part.values()} - {"unstated"}
    sourced = [row for row in rows if row.source != "illustrative"]
    written = " ".join([*(f"{row.ref} {row.note}" for row in rows), scenario.description])
    named = [f"[{one}](#{one.lower()})" for one in sorted(set(EVIDENCE.findall(written)) & _evidence().keys())]
    built_on = re.search(rb"^extends: *(\S+)", as_written(entry.name), re.M)
    country = scenario.population.country
    facts = {
        "Time": f"from {scenario.period.start}, {scenario.period.length}",
        "People": f"{scenario.population.people:,} unless asked otherwise, made by the tables of: {plain(country.title)}",
        "Contexts": plain(", ".join(sorted(contexts))) or "none is named",
        "Numbers about the world": f"{len(rows)}; with a source {len(sourced)}, assumptions {len(rows) - len(sourced)}",
        "Sources": f"{', '.join(named) or 'none'}; region table: {plain(country.source)}",
    }
    lines = [
        f"## {plain(entry.title)}",
        f"`{entry.name}` · {entry.label} · claim level {scenario.claim}" + (f" · changes `{built_on[1].decode()}`" if built_on else ""),
        f"> {plain(entry.question)}",
        plain(scenario.description),
        _list(facts),
    ]
    return "\n\n".join(line for line in lines if line)


def _list(facts: Mapping[str, str]) -> str:
    return "\n".join(f"* **{word}:** {said}" for word, said in facts.items())


@cache
def _evidence() -> Mapping[str, Mapping[str, str]]:
    """The rows of the evidence by their id."""
    table = (resources.files("counterlife.scenario") / "catalog" / "sources.csv").read_text(encoding="utf-8")
    return {row["id"]: row for row in csv.DictReader(table.splitlines())}


def _sources(_: list[str]) -> str:
    """Every row of the evidence."""
    return "\n\n".join(map(_source, _evidence().values()))


def _source(row: Mapping[str, str]) -> str:
    where = ", ".join(one for one in (row["place"], row["year"]) if one)
    return (
        f"({row['id'].lower()})=\n**{row['id']}** {plain(row['quantity'])}: {plain(', '.join(filter(None, (row['value'], row['unit']))))}. "
        f"{plain(where)}. *{plain(row['source'])}*"
    )


# --- measures and commands ------------------------------------------------------------------------------------------------------


def _measures(_: list[str]) -> str:
    return "\n\n".join(map(_measure, MEASURES))


def _measure(measure: Measure) -> str:
    """The docstring of a measure: what it is, and the lines at its end."""
    said, _, credit = (inspect.getdoc(measure.function) or "").rpartition("\n\n")
    facts = {
        word: f"`{rest}`" if word == "Formula" else plain(rest) for word, _, rest in (line.partition(": ") for line in credit.splitlines())
    }
    said = re.sub(r"(?<!\n)\n(?!\n)", " ", said.removeprefix(f"{measure.id}: "))
    return f"({measure.id.lower()})=\n## {measure.id}: {plain(measure.name)}\n\n{plain(said[:1].upper() + said[1:])}\n\n{_list(facts)}"


def _commands(_: list[str]) -> str:
    """The commands' own help."""
    said = door.app.generate_docs(output_format="markdown", usage_name="counterlife")
    said = re.sub(r"^(counterlife \w+) -m \S+", r"\1", said[said.index("\n## counterlife ") :], flags=re.M)  # else the usage names Sphinx
    return said.replace("*[", "*(").replace("]*", ")*")


# --- Python ---------------------------------------------------------------------------------------------------------------------


def listed(docstring: str, parameters: Iterable[str]) -> str:
    """A docstring in which each sentence about a parameter (`name: what it is.`) is an entry of a list, and what is raised stands apart."""
    names = "|".join(map(re.escape, parameters))
    if not names:
        return docstring
    begins = re.compile(rf"(?:(?<=^)|(?<=\n)|(?<=[.)] )|(?<=[.)]\n))({names}): ")
    paragraphs = re.split(r"\n\s*\n", docstring)
    return "\n\n".join(_entries(one, begins) if begins.match(one) else one for one in paragraphs)


def _entries(paragraph: str, begins: re.Pattern[str]) -> str:
    words = " ".join(paragraph.split())
    body, raised, rest = re.match(r"(.*?)(?:(?<=[.)] )(Raises )(.*))?$", words, re.S).groups()  # type: ignore[union-attr]
    entries = re.split(begins, body)[1:]
    lines = [f"* ``{name}``: {said.strip()}" for name, said in zip(entries[::2], entries[1::2], strict=True)]
    return "\n".join(lines) + (f"\n\n{raised}{rest}" if raised else "")


FILLINGS: Mapping[str, Callable[[list[str]], str]] = {
    "learn": _learn,
    "keys": _keys,
    "top": _top,
    "kinds": _kinds,
    "catalog": _catalog,
    "sources": _sources,
    "measures": _measures,
    "commands": _commands,
}
"""What each mark stands for."""
