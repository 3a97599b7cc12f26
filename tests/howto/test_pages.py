"""The tutorial and the how-to pages: every block runs, in order and at small sizes, and what a page claims about signs holds there.

`SIZES` are put in the place of the numbers of people and points that a page names; nothing else of a page is changed. The claims are those
of the method, not of an earlier output. What a page prints is from its own sizes: `printed.json` says from which golden sums, so that no
number stays behind when an entry of the catalog moves.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest

from counterlife.township.jit import compiled

from .pages import DOCS, PRINTED, ROOT, Lived, Page, live, pages

SIZES = {"people": 4000, "points": 8}
RARE = {"art-5-1-c": 12_000, "toeslagen": 40_000, "social-ties": 6000}
"""People that a page needs whose claims are about what befalls few."""
AVERTED = "yield of safeguards, wrongful days averted"
PAGES = pages()
STORIES = [page for page in PAGES if page.path.parent.name == "how-to" and page.name != "README"]
SECTIONS = ["Ask", "The answer", "How to read it", "What it cannot say", "What you have now"]
NUMBER = re.compile(r"(?<!\w)\d+(?:[,.]\d+)*")


def named(pages: list[Page]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("page", pages, ids=[page.name for page in pages])


@named(STORIES)
def test_a_page_has_a_question_an_answer_and_its_limits(page: Page) -> None:
    assert list(page.sections) == SECTIONS
    assert all(said.strip() for title, said in page.sections.items() if title != "Ask"), "a heading with nothing below it"
    head = page.text.split("## ")[0]
    assert re.search(r"^> .*\?", head, re.MULTILINE), "the question, in the words of whoever asks it"
    assert re.search(r"[Cc]laim level C[123]", page.text)
    assert "synthetic" in page.text.lower()


@named(PAGES)
def test_numbers_in_the_answer_are_printed_on_the_page(page: Page) -> None:
    """What a sentence says has been printed by a block, or was given to one."""
    known = {float(found.replace(",", "")) for block in page.blocks for found in NUMBER.findall(block.text.replace("_", ""))}
    told = {float(found.replace(",", "")) for found in NUMBER.findall(page.sections.get("The answer", ""))}
    assert told <= known, sorted(told - known)


@named(PAGES)
def test_what_is_printed_comes_from_the_scenarios_as_they_are(page: Page) -> None:
    assert any(block.kind == "text" for block in page.blocks) == (page.name in json.loads(PRINTED.read_text(encoding="utf-8")))
    made_of = json.loads(PRINTED.read_text(encoding="utf-8")).get(page.name, {})
    assert made_of == page.made_of, f"numbers moved: run `python tests/howto/pages.py {page.name}`, and read the page again"


def links(page: Page) -> Iterator[Path]:
    for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.text):
        yield (page.path.parent / target).resolve()


@named([*PAGES, Page(ROOT / "README.md")])
def test_links_lead_somewhere(page: Page) -> None:
    assert not [link for link in links(page) if not link.exists()]


def test_every_story_is_linked_and_told() -> None:
    assert {page.path for page in STORIES} <= set(links(Page(DOCS / "how-to" / "README.md")))
    assert {page.name for page in STORIES} <= {name.removeprefix("test_").replace("_", "-") for name in globals()}


# --- the blocks, and what the pages claim ---------------------------------------------------------------------------------------------


@pytest.fixture
def lived(request: pytest.FixtureRequest, tmp_path: Path) -> Lived:
    """The page that the test is named after, lived in an empty folder; the pages and figures that it names are there."""
    name = request.node.name.removeprefix("test_").replace("_", "-")
    if not compiled():
        pytest.skip("too many people for plain Python")
    page = next(page for page in PAGES if page.name == name)
    found = live(page, tmp_path, {**SIZES, "people": RARE.get(name, SIZES["people"])})
    named = set(re.findall(r"`([\w/-]+\.html)`", page.text))
    assert named
    assert not [path for path in named if not (tmp_path / path).exists()]
    return found


def value(run: pl.DataFrame, measure: str, name: str, world: str = "designed", versus: str = "all", **of: str) -> float:
    """A value of a measures frame: of everybody where nothing else is said."""
    keys = {"domain": "all", "region": "all", "group": "all", **of}
    rows = run.filter(id=measure, name=name, world=world, versus=versus, **keys)
    assert len(rows) == 1, f"{measure} {name} is there {len(rows)} times"
    return float(rows["value"][0])


def measures(lived: Lived, folder: str) -> pl.DataFrame:
    """The measures that a run left."""
    return pl.read_parquet(lived.folder / folder / "measures.parquet")


def numbers(line: str) -> list[float]:
    """The numbers in a line of text."""
    return [float(found.replace(",", "")) for found in re.findall(r"-?\d[\d,]*\.?\d*", line)]


def printed(lived: Lived, start: str) -> list[list[float]]:
    """The numbers in each printed line that begins so."""
    return [numbers(line[len(start) :]) for text in lived.printed for line in text.splitlines() if line.startswith(start)]


def test_tutorial(lived: Lived) -> None:
    """Joint sanctions only ever add closed days (P3), and the wrong records are the same with and without them: each costs more."""
    compared = next(text for text in lived.printed if "What moved in" in text).splitlines()
    for words in ("closed days, per", "days closed by mistake, per", "one wrong record costs, closed days"):
        (at,) = (number for number, line in enumerate(compared) if line.startswith(f"  {words}"))
        before, after, *_ = numbers(compared[at + 1])
        assert before > after, words
    assert any("WRONG RECORD" in text for text in lived.printed)


def test_art_5_1_c(lived: Lived) -> None:
    """School is no context of a court, so what it closes there is unrelated; rules that stay in their sector close less (C12)."""
    found = measures(lived, "city")
    court = value(found, "M6", "restriction across contexts, from court", versus="without court", domain="school")
    unrelated = value(found, "M6", "restriction across contexts, from unrelated contexts", domain="school")
    assert 0 < court <= unrelated
    assert value(found, "M7", "disproportion, days, times as many", versus="no_joint_sanctions") > 1
    graver, flat = (value(measures(lived, run), "M7", "disproportion, days per unit of gravity") for run in ("city", "city-flat"))
    assert flat > graver, "the same days over less gravity"


def test_article(lived: Lived) -> None:
    """Days closed rise with J (P3), whatever the errors; more ghosts mean more days closed by mistake; the shock is not of new records."""
    curve = [line[-4:] for line in printed(lived, "ghosts x")]
    own, more = curve[:5], curve[5:]
    for one in (own, more):
        closed = [line[-3] for line in one]
        assert closed == sorted(closed)
        assert closed[-1] > closed[0]
    assert all(three[-2] > one[-2] for one, three in zip(own, more, strict=True))
    shock = "shock of a change of rules, closed domain-days, national"
    found = measures(lived, "article")
    settled, old = (value(found, "M25", f"{shock}, by {which} records") for which in ("settled", "other old"))
    new = value(found, "M25", f"{shock}, by new records, less those before")
    assert old > settled > 0
    assert settled + old + new == pytest.approx(value(found, "M25", shock), rel=1e-9)


def test_registers(lived: Lived) -> None:
    """Joined or apart, the mean loss is the breach's probability, a tenth; the worst cases are worse in one place (C24)."""
    found = measures(lived, "registers")
    central, apart = (value(found, "M27", f"breach exposure, {place}, mean share lost") for place in ("central", "federated"))
    assert (central, apart) == (pytest.approx(10), pytest.approx(10))
    worst = "mean of the worst 5 in 100"
    assert value(found, "M27", f"breach exposure, central, {worst}") == pytest.approx(100)
    assert value(found, "M27", f"breach exposure, federated, {worst}") < 100
    stated, taken = measures(lived, "breached"), "breach exposure, Somebody copies a register: {}, expected records taken"
    one, each, copies = (
        value(stated, "M27", taken.format(place), "attacked") for place in ("central", "federated", "central and old copies")
    )
    assert one == pytest.approx(each), "equal hazards: joining changes the shape of the loss and not its mean"
    assert copies > one
    closed = "yield of safeguards, closed days averted"
    assert all(value(found, "M30", closed, one, "designed") > 0 for one in ("shorter_retention", "purge_at_consolidation"))


def test_robodebt(lived: Lived) -> None:
    """Even incomes raise no debt without a ground (C32); the harm is the rule's, not the data's; reviewers with time avert more."""
    found = measures(lived, "robodebt")
    name = "wrongful restriction"
    assert value(found, "M1", name, versus="lawful") > 2 * value(found, "M1", name, versus="accurate")
    even, *uneven = [line[-2] for line in printed(lived, "work in")]
    assert even == 0
    assert all(false > 0 for false in uneven)
    averted = "yield of safeguards, wrongful days averted"
    assert value(found, "M30", averted, "human_check", "designed") > value(found, "M30", averted, "hurried_check", "designed") > 0


def test_midas(lived: Lived) -> None:
    """Bayes' rule on what the scenario says gives 85 and 44 % (MI03, MI04); a reviewer for all averts more than being told does."""
    both = []
    for folder, alarm in (("machine", 0.104), ("person", 0.0144)):
        expected = 0.98 * alarm / (0.98 * alarm + 0.02 * 0.9)
        wrong = value(measures(lived, folder), "M31", "virtual audit, truth, records entered that are wrong") / 100
        findings = measures(lived, folder).filter(id="B6", name="records, listings", world="designed", region="all", group="all")["value"][
            0
        ]
        count = findings / 1000 * 5 * SIZES["people"]
        assert abs(wrong - expected) < 4.9 * math.sqrt(expected * (1 - expected) / count)
        both.append(wrong)
    assert both[0] > both[1]
    found = measures(lived, "midas")
    told, heard = (value(found, "M30", AVERTED, one, "designed") for one in ("notice_to_all", "human_review"))
    assert heard > told


def test_toeslagen(lived: Lived) -> None:
    """The parts add up to the whole (P2) within each person's days, so the whole is at least as large as each; low means bear more."""
    found = measures(lived, "toeslagen")
    name = "wrongful restriction"
    whole, selected = (value(found, "M1", name, world, "lawful") for world in ("designed", "accurate"))
    assert whole > selected > 0
    assert value(found, "M12", "disparity, difference, M1", versus="lawful", group="means=low") > 0
    assert value(found, "M31", "virtual audit, truth, shut out because of it", versus="lawful") > 0


def test_tenant_screening(lived: Lived) -> None:
    """Copies to namesakes go with the number of holders (C9): a further key leaves fewer strays, and a common name has more."""
    by_key = [line for key in ("name:", "name and year:", "name and date:") for line in printed(lived, key)]
    name, year, date = (line[0] for line in by_key)
    assert name > year >= date
    common, rare = by_key[0][-3], by_key[0][-2]
    assert common > rare


def test_credit_bureaus(lived: Lived) -> None:
    """The last of three removals comes later than one (C16), and a bureau less makes fewer people with a wrong record."""
    three, one = measures(lived, "bureaus"), measures(lived, "one-file")
    half = "time to the last copy, until half are gone"
    assert value(three, "M11", half) > value(one, "M11", half)
    wrong = "records, people with a wrong one"
    assert value(three, "B6", wrong) > value(one, "B6", wrong)


def test_appeals(lived: Lived) -> None:
    """A pooled office is never slower (C19), and two reviewers for so many cases fall behind where twenty do not."""
    found = measures(lived, "appeals")
    half = "redress, days until half of decisions"
    assert value(found, "M24", half, "pooled") < value(found, "M24", half)
    assert value(found, "M30", AVERTED, "one_gate", "designed") > 0
    few, many = (printed(lived, f"{reviewers} reviewers: half decided in")[0][0] for reviewers in (2, 20))
    assert few > many


def test_social_ties(lived: Lived) -> None:
    """Without a weight of friends nothing passes between people here: nobody without a wrong record is shut out by mistake (P24)."""
    alone, *tied = printed(lived, "alike by half, weight")
    assert alone[-1] == 0
    assert max(line[-1] for line in tied[:4]) > 0
