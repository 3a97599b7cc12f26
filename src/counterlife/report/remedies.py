"""Sections 9 to 12 as tables: oversight and redress, safeguards, the benefits that are claimed, and what a breach could take."""

from __future__ import annotations

from counterlife import figures
from counterlife.figures import Caption, number
from counterlife.measures import series
from counterlife.report.cited import cited, found, is_known
from counterlife.report.findings import Findings, Found
from counterlife.report.plates import Plate, plate
from counterlife.report.tables import Table, of_frame, table

LEARNING = ("discovered", "undiscovered", "known", "take_up")
DECIDING = ("upheld", "upheld_wrong", "upheld_right", "wrong_contested", "wait", "long_wait", "abandoned", "backlog", "growth")
PUTTING_RIGHT = ("by_appeal", "last_copy", "lost", "returned")
CLAIMED = ("averted", "price", "auc", "rank", "chilled", "near")
BREACH = ("on_file", "central", "federated", "central_any", "federated_any")
FEW = 2
"""So many safeguards with reviewers have a line beside the design."""
YIELD = "yield of safeguards, "
AVERTED = ("wrongful days averted", "closed days averted", "wrongful days averted per hour of reviewers")
TAKE_UP = "disparity, ratio, M24 take-up where the record is wrong"


def oversight(run: Findings) -> Table | None:
    """Whether people learn, appeal, are heard and put right (section 9); nothing where nobody learns of anything."""
    return cited(run, "section9.table", (*LEARNING, *DECIDING, *PUTTING_RIGHT), "redress.csv") if is_known(run, "known") else None


def oversight_sentence(run: Findings) -> str:
    """How far redress reaches, in words (section 9)."""
    if not is_known(run, "known"):
        return run.text("section9.plain_none")
    said = [run.text("section9.plain", known=run.plain(found(run, "known"), " %"))]
    for name in ("take_up", "upheld_wrong", "wait"):
        if is_known(run, name):
            said.append(run.text(f"section9.{name}", value=run.plain(found(run, name))))
    return " ".join(said)


def pending(run: Findings) -> Plate | None:
    """Cases that wait over time, as designed and with the safeguards that bring reviewers (section 9); nothing where nobody contests."""
    text, facts = run.text, run.facts
    worlds = [run.designed, *[name for name, one in facts.safeguards.items() if one.reviewer_hours > 0][:FEW]]
    if not run.sample.total("waits", f"filed.{run.designed}").any():
        return None
    frame = series.pending_over_time(run.sample, worlds)
    caption = Caption(text("section9.pending"), text("section9.pending_note"), run.claim, text("synthetic"))
    titles = {world: run.titles[world] for world in worlds}
    drawn = figures.ever_restricted(frame, titles, run.pair, caption, text("section5.ever_axis"))
    wide = frame.pivot(on="world", index="month", values="value").select("month", *worlds)
    ends = ", ".join(f"{number(wide[world][-1])} ({titles[world]})" for world in worlds)
    heads = [text("section5.head_month"), *titles.values()]
    return plate("pending", drawn, text("section9.pending_alt", list=ends), of_frame(text("section9.pending"), heads, wide, "pending.csv"))


def take_up(run: Findings) -> Table | None:
    """Who appeals against wrong records, group beside group (section 9); nothing where that cannot be said of any."""
    text, rows = run.text, []
    for group, other in run.compared.items():
        one = run.get("M12", TAKE_UP, run.designed, group=group)
        if one.value is not None:
            rows.append([text.group(group), text.group(other), run.full(one)])
    heads = [text("section7.head_group"), text("section7.head_against"), text("section9.head_ratio")]
    return table(text("section9.by_group"), heads, rows, "take-up.csv") if rows else None


def averted(run: Findings) -> Table | None:
    """What each safeguard averts by itself (section 10); nothing where the scenario names none."""
    rows = []
    for name, one in run.facts.safeguards.items():
        values = [run.get("M30", f"{YIELD}{words}", name, run.designed) for words in AVERTED]
        if values[0].unit:
            closed = run.get("B2", "restricted days", name)
            rows.append([one.title, *(run.text("none") if not value.unit else run.full(value) for value in values), run.full(closed)])
    heads = [run.text(f"section10.head_{name}") for name in ("safeguard", "wrongful", "closed", "hour", "left")]
    return table(run.text("section10.table"), heads, rows, "safeguards.csv") if rows else None


def averted_sentence(run: Findings) -> str:
    """Which safeguard averts most, in words (section 10)."""
    name = run.most_averting
    if name is None:
        return run.text("section10.plain_few" if run.facts.safeguards else "section10.plain_none")
    most, own = run.averted(name), run.twin("M1", "wrongful restriction")
    title, compared = run.facts.safeguards[name].title, [one for one in run.facts.safeguards if run.averted(one).unit]
    return run.text("section10.plain", title=title, averted=run.plain(most), own=run.plain(own), count=str(len(compared)))


def claimed(run: Findings) -> Table | None:
    """What the system is said to be good for (section 11)."""
    return cited(run, "section11.table", CLAIMED, "benefits.csv")


def claimed_sentence(run: Findings) -> str:
    """What the score knows of conduct and what it averts, in words (section 11)."""
    said = []
    if is_known(run, "auc"):
        said.append(run.text("section11.validity", auc=_of_hundred(found(run, "auc"))))
    averted = found(run, "averted").value
    if averted is not None:
        key = "section11.averts" if averted > 0 else "section11.brings"
        said.append(run.text(key, number=run.plain(Found(abs(averted), None, None, 0, ""))))
    return " ".join(said) or run.text("section11.plain_none")


def _of_hundred(one: Found) -> str:
    return f"{100 * (one.value or 0.0):.0f}"


def breached(run: Findings) -> Table | None:
    """What breaches take from one central file and from files apart (section 12)."""
    return cited(run, "section12.breach", BREACH, "breach.csv")
