"""The shared vocabulary: enumerations, axes and array records that the floors above agree on.

Nothing is computed here. The scenario side fills a `Rulebook` and a `Populace` (names have become numbers); the township side
lives them; the study names the columns of the tallies with the axes below. Times are days from the start of the period, points are
thousandths of a point (`POINT`), rates are per day.
"""

from __future__ import annotations

from enum import IntEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

POINT = 1000
YEAR = 365.0
MONTH = 365.0 / 12.0
NEVER = 1e18

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Words = NDArray[np.uint64]


class Purpose(IntEnum):
    """Why a draw is made: the first part of its address. Append only; a number is never reused."""

    HOUSEHOLD = 1
    MEMBER = 2
    NAME = 3
    KIN = 4
    FRAILTY = 5
    CANDIDATE = 6
    RECORD = 7
    SETTLE = 8
    UPDATE = 9
    GHOST = 10
    ELSEWHERE = 11
    LISTING = 12
    LISTING_GHOST = 13
    LISTING_ELSEWHERE = 14
    JOINT = 15
    JOINT_GHOST = 16
    JOINT_ELSEWHERE = 17


class Quality(IntEnum):
    """Bits of a world's record quality: which records exist in it."""

    RECORDS = 1  # anything is recorded at all
    GHOSTS = 2  # records of events that never happened
    STRAYS = 4  # records of other people's events land here
    LOST = 8  # own events recorded under somebody else are missing here
    STALE = 16  # a settled matter stays on file until the source hears of it


QUALITIES: dict[str, int] = {
    "none": 0,
    "accurate": Quality.RECORDS,
    "pruned": Quality.RECORDS | Quality.LOST,
    "as they come": Quality.RECORDS | Quality.GHOSTS | Quality.STRAYS | Quality.LOST | Quality.STALE,
}


class Origin(IntEnum):
    """Where an item of a life's tape comes from."""

    OWN = 0  # a record of the person's own event
    GARBLED = 1  # own event, but filed under somebody else where records come as they come
    STRAY = 2  # somebody else's event in the same township, filed here
    ELSEWHERE = 3  # somebody else's event in the rest of the country, filed here
    GHOST = 4  # an event that nobody did
    EVENT = 5  # not a record: an event whose happening depends on the state of the life


class Delay(IntEnum):
    """The law of the time from an event to its record."""

    FIXED = 0
    EXPONENTIAL = 1


class Link(IntEnum):
    """What a source does with a record whose identifier is missing (`method.md` A.3: L1 and L2)."""

    NONE = 0
    ASSIGN_ONE = 1
    PAIRWISE = 2


class Scope(IntEnum):
    """Among whom a record without an identifier finds its person."""

    TOWNSHIP = 0
    COUNTRY = 1


class Key(IntEnum):
    """What a record is matched on when its identifier is missing."""

    NAME = 0
    NAME_YEAR = 1
    NAME_DATE = 2


class ListKind(IntEnum):
    """How a list is entered."""

    RECORD = 0  # by a record, for a term or until the matter is settled
    SCORE_BELOW = 1  # by a score below a mark, for a term
    SCORE_ABOVE = 2  # by a score at or above a mark, as long as it lasts: a redlist


class Cause(IntEnum):
    """Why a mask changed, as told in stories and counted at the end of a wrongful spell."""

    START = 0
    RECORD = 1  # a record arrived
    EXPIRY = 2  # points or a listing ran out
    SETTLEMENT = 3  # the source heard that the matter was settled
    JOINT = 4  # a joint sanction began or ended
    TERM = 5  # a term on a score list ended


class End(IntEnum):
    """How a wrongful spell ended."""

    EXPIRY = 0
    SETTLEMENT = 1
    JOINT = 2  # the lag after a listing ran out
    LUCK = 3  # a later record raised the score
    OVERTAKEN = 4  # the accurate twin was restricted too
    OPEN = 5  # still wrongful at the end of the period


# --- the axes of a cell: the groups by which everything is counted -----------------------------------------------------------

SEXES = ("female", "male")
AGES = ("0-17", "18-39", "40-59", "60+")
RESIDENCES = ("rural", "urban")
MEANS = ("low", "middle", "high")
NAMES = ("rare name", "common name")
AGE_EDGES = np.array([18.0, 40.0, 60.0]) * YEAR

AXES: dict[str, tuple[str, ...]] = {"sex": SEXES, "age": AGES, "residence": RESIDENCES, "means": MEANS, "name": NAMES}
CELLS = len(SEXES) * len(AGES) * len(RESIDENCES) * len(MEANS) * len(NAMES)
# cell = (((sex * 4 + age) * 2 + residence) * 3 + means) * 2 + name; the factor tables use the same number


# --- what a township is told ------------------------------------------------------------------------------------------------


class Rulebook(NamedTuple):
    """A compiled scenario: numbers only. K classes, C channels (a source recording a class), L lists, D domains, W worlds, P pairs.

    Streams are 32-bit hashes of qualified names, so that a new class, source or list leaves every other draw where it was.
    """

    days: int  # length of the period
    month_of_day: Ints  # (days,) month number of each day
    # conduct
    stream: Words  # (K,) address of the class
    ceiling: Floats  # (K,) candidates a day at frailty 1 and factor 1
    accept: Floats  # (K,) share of candidates that happen to an unrestricted person
    strain: Floats  # (K,) multiplier of that share while any own domain is closed; accept * max(1, strain) <= 1
    factor: Floats  # (K, CELLS) multipliers of the rate by group
    frail: Ints  # (K,) 1 where the shared frailty applies
    own_shape: Floats  # (K,) shape of the class's own Gamma frailty, 0 for none
    from_age: Floats  # (K,) age in days from which the class applies
    settles: Floats  # (K,) mean days from event to settlement, 0 where nothing is settled
    first: Ints  # (K + 1,) first channel of each class
    frailty_shape: float  # shape of the shared Gamma frailty (mean 1), 0 for none
    # channels
    channel_class: Ints  # (C,)
    channel_stream: Words  # (C,)
    detect: Floats  # (C, CELLS) probability that an event is recorded
    ghost: Floats  # (C, CELLS) records of nothing, per person-day
    delay_law: Ints  # (C,) Delay
    delay_days: Floats  # (C,)
    link: Ints  # (C,) Link
    link_share: Floats  # (C,) epsilon of L1, pi of L2
    link_scope: Ints  # (C,) Scope
    link_key: Ints  # (C,) Key
    inflow: Floats  # (C,) mean records per person-day in the country, for strays from elsewhere
    updated: Floats  # (C,) probability that the source ever hears of a settlement
    update_days: Floats  # (C,) days it then takes
    # worlds
    quality: Ints  # (W,) bits of Quality
    ruled: Ints  # (W,) 0 where there is no system
    variant: Ints  # (W,) worlds with equal numbers have equal rules
    start: Ints  # (W,) points
    lowest: Ints  # (W,)
    highest: Ints  # (W,)
    ledger: Ints  # (W,) 1 where the score is clipped at every step
    points: Ints  # (W, C)
    keep: Floats  # (W, C) days that points stay, NEVER for ever
    cuts: Ints  # (W, B - 1) band edges, ascending
    opens_at: Ints  # (W, D) score from which a gate is open; the least int64 where there is no score gate
    minor: Ints  # (W,) points of one minor record, for cliff exposure (M17)
    list_kind: Ints  # (W, L)
    list_domain: Ints  # (W, L) home domain, -1 where the list closes nothing
    list_needs: Ints  # (W, L) listings needed at a time
    list_term: Floats  # (W, L) days
    list_mark: Ints  # (W, L) score mark
    list_resets: Ints  # (W, L) 1 where the end of a term sets the score back to its start
    list_share: Floats  # (W, L, C) probability that a record lists the person
    list_stream: Words  # (L, C)
    joint: Floats  # (W, D, D) probability that a sanction in d brings one in d'
    joint_stream: Words  # (D, D)
    joint_on: Floats  # (W, D, D) days
    joint_off: Floats  # (W, D, D) days
    # domains and comparisons
    child_domain: Ints  # (D,) 1 where the gate belongs to the child and looks at the parents
    domain_from: Floats  # (D,) age in days from which the gate concerns a person
    domain_until: Floats  # (D,)
    pair_world: Ints  # (P,)
    pair_versus: Ints  # (P,)


class Populace(NamedTuple):
    """How people are made: calibrated tables of a country, one row per region (R). Filled by `scenario/populace.py`."""

    people: int  # persons in a township
    size_cdf: Floats  # (R, 12) household sizes 1..12
    urban: Floats  # (R,) share of households
    elder_head: Floats  # (R,) probability that the first member is 60 or over
    partner: Floats  # (R,) probability that the second member is the partner of the first
    child: Floats  # (R,) probability that a further member is a child
    elder_other: Floats  # (R,) probability that a further member who is no child is 60 or over
    male: Floats  # (R,) share of males among those who are no couple
    child_years: float  # children are 0..this age
    elder_rate: float  # rate per year of the (truncated exponential) age beyond 60
    means: Floats  # (2, 3) shares of low, middle, high means by residence
    away: float  # probability that a child of a household has its parents outside
    beyond: float  # probability that such parents live outside the township
    surname_cdf: Floats  # (names,)
    given_cdf: Floats  # (names,)
    name_cohort: int  # 0, or the number of consecutive persons who share a name (for exact answers)
    holders: float  # persons in the country, for national namesake counts
    common_from: float  # national holders from which a name counts as common
    same_year: float  # probability that two people share a birth year
    same_date: float  # probability that two people share a birth date


class LedgerRow(NamedTuple):
    """One number of a scenario and where it comes from, as text."""

    path: str
    value: str
    range: str
    source: str
    """law, measured, reported, elicited or illustrative; empty counts as illustrative."""
    ref: str
    date: str
    note: str


class Place(NamedTuple):
    """A township: row of its region in the populace, number of its region in addresses, its own number in the region."""

    row: int
    region: int
    number: int


# --- records inside a township ----------------------------------------------------------------------------------------------

PERSON = np.dtype(
    [
        ("age", np.float64),  # days at the start
        ("frailty", np.float64),
        ("ability", np.float64),  # ability to contest, uniform on 0..1
        ("household", np.int64),
        ("guardian", np.int64),  # person index of a parent, -1 none or beyond the township
        ("guardian2", np.int64),
        ("surname", np.int64),
        ("given", np.int64),
        ("birthday", np.int64),  # day of the year
        ("sex", np.int64),
        ("residence", np.int64),
        ("means", np.int64),
        ("cell", np.int64),
        ("namesakes", np.float64),  # expected holders of the full name in the country, 0 where names are cohorts
        ("home", np.int64),  # 1 where a guardian lives in the same household
    ]
)

ITEM = np.dtype(
    [
        ("time", np.float64),  # day of entry; of the event for items that depend on the state of the life
        ("settle", np.float64),  # day on which the matter is settled, NEVER
        ("update", np.float64),  # day on which the source hears of it, NEVER
        ("mark", np.float64),  # thinning mark, or -1 where the event happens in any case
        ("delay", np.float64),  # days from event to entry, for items with a mark
        ("channel", np.int64),  # channel; class for Origin.EVENT
        ("origin", np.int64),
        ("cause", np.int64),  # person whose event it is (the recipient for ghosts and strays from elsewhere)
        ("ordinal", np.int64),  # ordinal of the event in its stream
        ("owner", np.int64),  # person on whose tape the item is
        ("event", np.int64),  # 1 for a record that also stands for its event, whose happening depends on the state of the life
    ]
)

CHANGE = np.dtype(
    [
        ("at", np.float64),
        ("mask", np.int64),  # closed domains from then on; the bit after the last domain is a redlist
        ("cause", np.int64),  # Cause
    ]
)

STEP = np.dtype(
    [
        ("time", np.float64),
        ("what", np.int64),  # What
        ("origin", np.int64),
        ("channel", np.int64),
        ("cause", np.int64),
        ("ordinal", np.int64),
        ("list", np.int64),  # list concerned, -1
        ("domain", np.int64),  # domain concerned, -1
        ("score", np.int64),  # points after the step
        ("mask", np.int64),  # closed domains after the step
    ]
)


class What(IntEnum):
    """What a step of a traced life is."""

    RECORD_IN = 1
    RECORD_OUT = 2
    PRESSURE_ON = 3  # a listing, or a joint sanction that it brings, begins in a domain
    PRESSURE_OFF = 4
    TERM_END = 5
    CHANGE = 6  # gates opened or closed
    EVENT = 7  # an event that depended on the state happened
    TERM_START = 8


# --- tallies: columns by name -----------------------------------------------------------------------------------------------

RECORD_KINDS = ("right", "ghost", "stray", "stale", "lost")
EVER_DAYS = (1, 30, 365)
SPELL_BIN = 30  # days

# --- room for a compiled scenario --------------------------------------------------------------------------------------------

# a compiled scenario must fit the record that kernels are handed (`township/book.py`)
MOST = {"classes": 64, "channels": 96, "lists": 16, "domains": 12, "worlds": 32, "pairs": 48, "bands": 17, "months": 1200}
