"""What is said about a target: numbers in their units, ranges, reasons, and the sentence that counts hits and misses."""

from __future__ import annotations

from dataclasses import replace

from counterlife.report import predicted
from counterlife.report.text import catalogue
from counterlife.verify.published import TARGETS, Fact, Observed, Prediction, Result
from counterlife.verify.published.comparison import compared

TEXT = catalogue()
SHARE = Observed("a share", 0.0148, "share", "XX01", 0.1, "two digits", missed="it was looked into")
SIMPLE = replace(SHARE, what="a simple model", reference=True, derived=True)
ROWS = (
    compared(SHARE, Prediction("one", 0.015, 0.015, (0.0149, 0.0151))),
    compared(SHARE, Prediction("two", 0.02, 0.03, (0.019, 0.031))),
    compared(SHARE, Prediction("three", 0.0148, 0.0148, (0.0147, 0.0149), seen="it was given")),
    compared(SHARE, Prediction.none("four", "not expressible: as it is")),
    compared(SIMPLE, Prediction("five", -0.001, 0.0, (-0.002, 0.001))),
)
RESULT = Result(TARGETS[0], (Fact(43_620_134, "XX02", "drivers"), Fact(0.13, "", "a guess", "nothing is known")), ROWS, 1.0)


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def test_numbers_have_their_units() -> None:
    assert [plain(predicted.amount(*one)) for one in ((0.0148, "share"), (-0.175, "share"), (8.54, "million"), (3750.0, "dollars"))] == [
        "1.48 %",
        "−17.5 %",
        "8.54 million",
        "3,750 dollars",
    ]
    assert plain(predicted.ends(-0.2, -0.15, "share", TEXT)) == "−20 to −15 %"
    assert plain(predicted.ends(0.12, 0.120001, "share", TEXT)) == "12 %"


def test_a_row_says_all_that_its_verdict_needs() -> None:
    told = [tuple(map(plain, predicted.cells(row, TEXT))) for row in ROWS]
    assert told[0] == ("a share", "1.48 % (XX01)", "1.5 %", "1.49 to 1.51 %", "1.33 to 1.63 %", "hit")
    assert told[1][2:4] == ("2 to 3 %", "1.9 to 3.1 %")
    assert [row[-1] for row in told] == ["hit", "miss", "seen", "no prediction", "miss (simpler model)"]
    assert told[3][2:4] == ("–", "–")
    assert told[4][1] == "1.48 % (XX01, derived)"


def test_reasons_stand_below_and_are_said_once() -> None:
    assert predicted.remarks(RESULT, TEXT) == [
        "A share: it was looked into.",
        "A share: it was given.",
        "A share: not expressible: as it is.",
        "A simple model: it was looked into.",
        "Tolerance: two digits.",
    ]
    assert predicted.table_rows(RESULT)[1][0] == "a share\nit was looked into"
    lines = predicted.lines(RESULT, 60)
    assert max(map(len, lines)) <= 60
    assert "    it was looked into" in lines


def test_the_headline_counts_tested_and_simpler_models_apart() -> None:
    assert predicted.headline([RESULT]) == (
        "Of 2 predictions 1 hit and 1 miss; 1 could not be made, and 1 are no test because a calibration saw the outcome. "
        "Of 1 simpler models beside them 0 hit."
    )


def test_misses_of_tested_models_are_marked_and_facts_have_their_source() -> None:
    assert predicted.rows(RESULT, TEXT).marks == ("", "wrong", "", "", "")
    facts = predicted.facts(RESULT, TEXT)
    assert facts is not None
    assert facts.rows == (("drivers", "43,620,134", "XX02", ""), ("a guess", "0.13", "assumption", "nothing is known"))
    assert predicted.facts(replace(RESULT, saw=()), TEXT) is None


def test_the_chart_has_the_rows_that_have_a_ratio() -> None:
    drawn = predicted.chart([RESULT], TEXT)
    assert drawn is not None
    assert [row[0] for row in drawn.tables[0].rows] == ["V1 a share", "V1 a share"]  # neither what was seen nor what is zero
    assert "Of the tested models 1 hit and 1 miss" in drawn.alt
    assert predicted.chart([replace(RESULT, rows=ROWS[2:4])], TEXT) is None
