"""What comes in through forms: short text fields with the token of this start, and nothing else."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from starlette.datastructures import QueryParams
from starlette.exceptions import HTTPException
from starlette.requests import Request

from ..study import RequestError

PREFIX = "set:"
"""Begins the names of fields that hold numbers of the scenario."""
LONGEST = 60  # characters of a number


@dataclass(frozen=True)
class Asked:
    """What somebody asked for, as it was written."""

    people: str
    seed: str
    numbers: Mapping[str, str]
    """Paths and the numbers that were written for them."""

    def whole(self) -> tuple[int, int]:
        """People and seed; raises RequestError where one of them is no whole number."""
        found = []
        for name, text in (("people", self.people), ("seed", self.seed)):
            if not re.fullmatch(r"[0-9]{1,12}", text):
                raise RequestError(f"{name}: {text[:LONGEST]!r} is no whole number. Write digits only.")
            found.append(int(text))
        return found[0], found[1]


async def form(request: Request, token: str) -> QueryParams:
    """The fields of a form; refused where it is not one of this start's own."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/x-www-form-urlencoded":
        raise HTTPException(415, "Only the forms of this page are read.")
    try:
        fields = QueryParams((await request.body()).decode("ascii"))
    except ValueError:
        raise HTTPException(400, "This form cannot be read.") from None
    if not secrets.compare_digest(fields.get("token", "").encode(), token.encode()):
        raise HTTPException(403, "This page is from an earlier start of the program: load it again, and send the form once more.")
    return fields


def asked(fields: QueryParams) -> Asked:
    """What the form of a design asks for."""
    numbers = {name.removeprefix(PREFIX): text for name, text in fields.items() if name.startswith(PREFIX)}
    for path, text in numbers.items():
        if len(text) > LONGEST:
            raise HTTPException(400, f"{path}: a number has at most {LONGEST} characters.")
    return Asked(fields.get("people", "").replace(",", "").strip(), fields.get("seed", "").strip(), numbers)
