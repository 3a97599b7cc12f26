"""Columns while they are being counted."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import numpy as np

from .plain_compare import Tables


class Book:
    """Columns being counted."""

    def __init__(self) -> None:
        self.tables: defaultdict[str, defaultdict[str, defaultdict[int, int]]] = defaultdict(lambda: defaultdict(lambda: defaultdict(int)))

    def add(self, table: str, column: str, row: int, amount: int | np.integer[Any] | np.bool_ = 1) -> None:
        """Count `amount` in a row; the column exists from then on, even if the amount is none."""
        self.tables[table][column][row] += int(amount)

    def done(self) -> Tables:
        """The tables as plain dicts."""
        return {table: {column: dict(rows) for column, rows in columns.items()} for table, columns in self.tables.items()}
