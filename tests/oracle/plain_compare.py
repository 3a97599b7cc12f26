"""Whether two tallies are the same, and where not, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from counterlife.layout import AXES, CELLS, Ints

Tables = dict[str, dict[str, dict[int, int]]]  # table, column, row


def compare(
    township_tables: Mapping[str, Ints], columns: Mapping[str, Sequence[str]], plain: Tables, most: int = 20, spread_edges: bool = True
) -> list[str]:
    """The first differences, in words, between tables of numbers (rows, columns) and a plain tally; none if they agree.

    Without `spread_edges` the table spread is compared by its columns' sums only.
    """
    found: list[str] = []
    for table, numbers in township_tables.items():
        names, mine = list(columns[table]), plain.get(table, {})
        if numbers.shape[1] != len(names):
            found.append(f"{table}: {numbers.shape[1]} columns of numbers and {len(names)} names")
            continue
        found += [f"{table}: {name} is counted by the plain engine only" for name in mine if name not in names]
        for position, name in enumerate(names):
            theirs = {row: int(number) for row, number in enumerate(numbers[:, position]) if number}
            ours = {row: number for row, number in mine.get(name, {}).items() if number}
            if table == "spread" and not spread_edges:
                theirs, ours = ({0: sum(rows.values())} for rows in (theirs, ours))
            found += [
                f"{table}, {row_name(table, row)}, {name}: {theirs.get(row, 0)}, plain {ours.get(row, 0)}"
                for row in sorted(theirs.keys() | ours.keys())
                if theirs.get(row, 0) != ours.get(row, 0)
            ]
    found += [f"{table} is counted by the plain engine only" for table in plain if table not in township_tables]
    return found if len(found) <= most else [*found[:most], f"and {len(found) - most} more"]


def row_name(table: str, row: int) -> str:
    """A row in words: the groups of a cell, or the number."""
    if table != "people" or row >= CELLS:
        return f"row {row}"
    groups, rest = [], row
    for values in reversed(AXES.values()):
        rest, number = divmod(rest, len(values))
        groups.append(values[number])
    return f"row {row} ({', '.join(reversed(groups))})"
