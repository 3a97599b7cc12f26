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
ALWAYS_OPEN = -(2**63)  # the mark of a gate that looks at no score: none is below it
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
    READ = 18  # a record misread or inflated
    PROCEDURE = 19  # what a procedure finds, and what the law would
    KEEP = 20  # an exponential retention, a repair
    RUBRIC = 21  # an officer's judgement of a case
    OFFICE = 22  # an office's severity
    TRAIT = 23  # a person's belief, and what a commercial score takes for it
    COPY = 24  # a record's copies: arrival, correction, loss, return
    REDRESS = 25  # notice, discovery, take-up, first decision
    APPEAL = 26  # wait or service, patience, second take-up, second decision
    CORRECT = 27  # lag of a correction, its loss, second wait
    TAMPER = 28  # threats
    RANK = 29  # who comes first at equal scores
    TIE = 30  # who are friends, and who drops friends
    APPLY = 31  # applications at gates that let a share pass, and which of them do


class Quality(IntEnum):
    """Bits of a world's record quality: which records exist in it."""

    RECORDS = 1  # anything is recorded at all
    GHOSTS = 2  # records of events that never happened
    STRAYS = 4  # records of other people's events land here
    LOST = 8  # own events recorded under somebody else are missing here
    STALE = 16  # a settled matter stays on file until the source hears of it, and corrections take time or are lost
    MISREAD = 32  # records may name the wrong class
    INFLATED = 64  # records may weigh more than the event
    PROCEDURE = 128  # records are raised by the procedure, right or wrong; without it, by the law
    THREATS = 256  # attacks and breakdowns happen
    DUPLICATES = 512  # records may come twice


_RULED = Quality.RECORDS | Quality.PROCEDURE
_COME = _RULED | Quality.GHOSTS | Quality.STRAYS | Quality.LOST | Quality.STALE | Quality.MISREAD | Quality.INFLATED | Quality.DUPLICATES
QUALITIES: dict[str, int] = {
    "none": 0,
    "lawful": Quality.RECORDS,
    "accurate": _RULED,
    "pruned": _RULED | Quality.LOST,
    "as they come": _COME,
    "attacked": _COME | Quality.THREATS,
}


class Origin(IntEnum):
    """Where an item of a life's tape comes from."""

    OWN = 0  # a record of the person's own event
    GARBLED = 1  # own event, but filed under somebody else where records come as they come
    STRAY = 2  # somebody else's event in the same township, filed here
    ELSEWHERE = 3  # somebody else's event in the rest of the country, filed here
    GHOST = 4  # an event that nobody did
    EVENT = 5  # not a record: an event whose happening depends on the state of the life
    TAMPERED = 6  # a false record that an attack put there


class Wrong(IntEnum):
    """What is wrong with a record from its beginning. Stale and lost records are found in the life."""

    NOTHING = 0
    GHOST = 1  # nobody did it
    STRAY = 2  # somebody else did it
    MISREAD = 3  # it was something else
    INFLATED = 4  # it was less
    RULE = 5  # the procedure raised it, the law would not
    TAMPERED = 6  # an attack put it there
    DUPLICATE = 7  # it is there already


class Delay(IntEnum):
    """The law of the time from an event to its record."""

    FIXED = 0
    EXPONENTIAL = 1


class Link(IntEnum):
    """What a source does with a record whose identifier is missing (`method.md` A.3: L1 and L2)."""

    NONE = 0
    ASSIGN_ONE = 1
    PAIRWISE = 2


class Keep(IntEnum):
    """From when points stay for their time on file."""

    ENTRY = 0  # a fixed time from the entry of the record
    SETTLEMENT = 1  # a fixed time from the day on which the source knows the matter to be settled
    EXPONENTIAL = 2  # an exponential time from the entry


class Procedure(IntEnum):
    """How a record comes to be raised (`docs/model.md` 12)."""

    NONE = 0  # as the event is
    SHARE = 1  # a share of records is wrong by rule
    SCREEN = 2  # a test with a sensitivity and false alarms
    AVERAGE = 3  # yearly income spread evenly over the fortnights
    COHORT = 4  # a result moved to where the school's earlier results lay


class Threat(IntEnum):
    """What goes wrong from outside, in a window of time."""

    INSERT = 0  # false records
    DELETE = 1  # records suppressed until found out
    OUTAGE = 2  # a source is down: entries and corrections wait for its end
    ROLLBACK = 3  # a backup is restored: corrections since are undone


class Parents(IntEnum):
    """How a gate of the children looks at the parents."""

    ANY = 0  # closed where any parent's is
    WORST = 1  # by the lowest of the parents' scores
    MEAN = 2  # by the mean of the parents' scores


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
    CORRECTION = 6  # an appeal was upheld
    REPAIR = 7  # points came back early for good conduct, or an amnesty
    STAGE = 8  # the rules changed
    COPY = 9  # a copy arrived late, or returned
    RANKING = 10  # people were put in order of their scores
    TIES = 11  # friends or family raised or lowered the score


class End(IntEnum):
    """How a wrongful spell ended."""

    EXPIRY = 0
    SETTLEMENT = 1
    JOINT = 2  # the lag after a listing ran out
    LUCK = 3  # a later record raised the score
    APPEAL = 4  # an appeal was upheld
    REPAIR = 5  # points came back early for good conduct, or an amnesty
    STAGE = 6  # the rules changed
    OVERTAKEN = 7  # the accurate twin was restricted too
    OPEN = 8  # still wrongful at the end of the period


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
    """A compiled scenario: numbers only. K classes, C channels (a source recording a class), L lists, D domains, W worlds, P pairs,
    R rows of rules, G stages, S scores, F parts of a score, H threats.

    A world lives by one row of rules in each stage; worlds with equal rules share a row. Streams are 32-bit hashes of qualified names,
    so that a new class, source or list leaves every other draw where it was.
    """

    days: int  # length of the period
    month_of_day: Ints  # (days,) month number of each day
    # conduct
    stream: Words  # (K,) address of the class
    ceiling: Floats  # (K,) candidates a day at frailty 1 and factor 1
    accept: Floats  # (K,) share of candidates that happen to a person at ease; with all that multiplies it at most 1
    strain: Floats  # (K,) multiplier of that share for each own domain closed, 1 for none
    strain_most: Ints  # (K,) domains that count
    deter: Floats  # (K,) a belief of p in being punished multiplies the share by exp(-deter * p)
    near: Floats  # (K,) multiplier while the first score is little below an own gate, 1 for none
    near_points: Ints  # (K,) how little, in points, for a person of ability 1
    burst: Floats  # (K,) what each event adds to the multiplier of its class, 0 for none
    burst_days: Floats  # (K,) mean time in which that fades
    burst_most: Floats  # (K,) the multiplier stays at or below this
    weary: Floats  # (K,) multiplier for somebody who has given up, 1 for none
    factor: Floats  # (K, CELLS) multipliers of the rate by group
    frail: Ints  # (K,) 1 where the shared frailty applies
    own_shape: Floats  # (K,) shape of the class's own Gamma frailty, 0 for none
    from_age: Floats  # (K,) age in days from which the class applies
    settles: Floats  # (K,) mean days from event to settlement, 0 where nothing is settled
    first: Ints  # (K + 1,) first channel of each class
    frailty_shape: float  # shape of the shared Gamma frailty (mean 1), 0 for none
    top_frailty: float  # frailty of the tenth of people who have most, for validity (M16)
    belief: float  # belief in being punished that people begin with
    belief_rate: float  # per day: how fast the belief follows what the person lives
    reacts: float  # share of people whose belief can move at all; the others have none
    gives_up: int  # appeals lost after which a person gives up, 0 for never
    # channels
    channel_class: Ints  # (C,)
    channel_stream: Words  # (C,)
    ghost_stream: Words  # (C,) address of what becomes of ghosts, of strays from elsewhere
    abroad_stream: Words  # (C,)
    detect: Floats  # (C, CELLS) probability that an event is recorded
    ghost: Floats  # (C, CELLS) records of nothing, per person-day
    delay_law: Ints  # (C,) Delay
    delay_days: Floats  # (C,)
    misread: Floats  # (C, C) probability that a record of the first channel is written as one of the second
    inflate: Floats  # (C,) probability that a record weighs more than its event
    inflate_by: Floats  # (C,) how much more
    duplicate: Floats  # (C,) probability that a record comes twice
    duplicate_from: Floats  # (C,) day on which second copies come on file at the earliest
    procedure: Ints  # (C,) Procedure
    procedure_with: Floats  # (C, 8) its parameters
    link: Ints  # (C,) Link
    link_share: Floats  # (C,) epsilon of L1, pi of L2
    link_scope: Ints  # (C,) Scope
    link_from: Floats  # (C,) day from which the scope is the country, where it is; before it the township
    link_key: Ints  # (C,) Key
    inflow: Floats  # (C,) mean records per person-day in the country, for strays from elsewhere
    updated: Floats  # (C,) probability that the source ever hears of a settlement
    update_days: Floats  # (C,) days it then takes
    # threats
    threat: Ints  # (H,) Threat
    threat_stream: Words  # (H,)
    threat_channel: Ints  # (H, C) 1 for the channels concerned
    threat_from: Floats  # (H,) first day of the window
    threat_until: Floats  # (H,) day after the last
    threat_rate: Floats  # (H, CELLS) false records per person-day
    threat_share: Floats  # (H,) share of records suppressed
    threat_found: Floats  # (H,) probability that it is ever found out
    threat_days: Floats  # (H,) mean days until it is
    # worlds
    quality: Ints  # (W,) bits of Quality
    row: Ints  # (W, G) rules of each world in each stage
    conduct: Ints  # (W,) world whose conduct is lived, -1 for the world's own
    stage_day: Floats  # (G,) first day of each stage; the first is 0
    # rules: scores
    ruled: Ints  # (R,) 0 where there is no system
    lookback: Floats  # (R,) days before the stage in which a record must have entered to count in it
    settled: Ints  # (R,) 1 where records of matters that are settled when the stage begins count in it
    start: Ints  # (R, S) points
    lowest: Ints  # (R, S)
    highest: Ints  # (R, S)
    ledger: Ints  # (R, S) 1 where the score is clipped at every step
    points: Ints  # (R, S, C)
    keep: Floats  # (R, S, C) days that points stay, NEVER for ever
    keep_law: Ints  # (R, S, C) Keep
    discretion: Ints  # (R, S, C) an officer may add or take so many points
    severity: Floats  # (R, S) standard deviation of an office's severity, as a share of the points
    leniency: Floats  # (R, S) standard deviation of an officer's from case to case
    repair: Floats  # (R, C) probability that points are earned back early
    repair_days: Floats  # (R, C) days after entry at which they are
    amnesty_day: Floats  # (R,) day on which old records are forgiven, NEVER
    amnesty_age: Floats  # (R,) days that they must be old by then
    copy_stream: Words  # (S,)
    copy_law: Ints  # (R, S) Delay of a record on its way from the source to the score
    copy_days: Floats  # (R, S)
    fix_law: Ints  # (R, S) Delay of a removal on the same way
    fix_days: Floats  # (R, S)
    fix_lost: Floats  # (R, S) probability that it never arrives
    back: Floats  # (R, S) probability that a corrected record comes back
    back_days: Floats  # (R, S) mean days until it does
    proxy: Floats  # (S,) standard deviation in points of what a score takes from traits, 0 for none
    validity: Floats  # (S,) its correlation with latent conduct
    proxy_cell: Floats  # (S, CELLS) points by group
    part: Ints  # (R, S, C) part of a stateless score whose sum is clipped, -1 for none
    part_low: Ints  # (R, S, F)
    part_high: Ints  # (R, S, F)
    tied: int  # the score that takes from friends and family, -1 for none
    friends: int  # how many each person has
    alike: float  # share of them who come from the same tenth of frailty
    tie_share: Floats  # (R,) share of the score that is the friends'
    tie_kin: Ints  # (R,) points for each other member of the household who is shut out
    drop_below: Ints  # (R,) friends with a standing below this are dropped, by some
    drop_share: Floats  # (R,) share of people who do
    latent_mean: float  # mean and standard deviation of the logarithm of frailty
    latent_sd: float
    cuts: Ints  # (R, B - 1) band edges of the first score, ascending
    minor: Ints  # (R,) points of one minor record, for cliff exposure (M17)
    meter_low: int  # least points of the table of scores, and the width of its classes
    meter_step: int
    # rules: lists and gates
    gate_score: Ints  # (D,) score that a gate looks at
    opens_at: Ints  # (R, D) score from which a gate is open; the least int64 where there is no score gate
    passes: Floats  # (R, D, bands) share of the applications that pass the gate while it is open, by band of the public score
    closes_lowest: Ints  # (R, D) millionths of its people to whom a gate is closed at every review, those who score lowest
    review_days: float  # days from review to review, NEVER where there is none
    most_closed: Ints  # (R,) domains that may be closed at a time
    spared: Ints  # (D,) domains in the order in which they are left open when there are too many
    list_kind: Ints  # (R, L)
    list_score: Ints  # (L,) score that the mark is of
    list_domain: Ints  # (R, L) home domain, -1 where the list closes nothing
    list_needs: Ints  # (R, L) listings needed at a time
    list_term: Floats  # (R, L) days
    list_mark: Ints  # (R, L) score mark
    list_resets: Ints  # (R, L) 1 where the end of a term sets the score back to its start
    list_share: Floats  # (R, L, C) probability that a record lists the person
    list_stream: Words  # (L, C)
    joint: Floats  # (R, D, D) probability that a sanction in d brings one in d'
    joint_stream: Words  # (D, D)
    joint_on: Floats  # (R, D, D) days
    joint_off: Floats  # (R, D, D) days
    joint_lost: Floats  # (R, D, D) probability that the end of a sanction never reaches d'
    # rules: redress
    contestable: Ints  # (R, C) 1 where a record can be appealed against
    notice: Floats  # (R, C) probability that the person is told of a record
    notice_days: Floats  # (R,)
    asks: Floats  # (R,) probability that somebody who is refused asks why
    apply: Floats  # (D,) applications a day
    gate_stream: Words  # (D,)
    take_up: Floats  # (R, CELLS) probability that somebody of middle ability who knows of a wrong record appeals
    take_up_right: Floats  # (R,) the same for a right record, as a share of it
    take_up_ability: Floats  # (R,) slope of the logit in ability
    take_up_weary: Floats  # (R,) multiplier for somebody who has given up
    sensitivity: Floats  # (R,) probability that a wrong record is removed
    specificity: Floats  # (R,) probability that a right one is kept
    bias: Floats  # (R,) share of wrong records that reviewers let stand because the system says so
    decide_law: Ints  # (R,) Delay
    decide_days: Floats  # (R,) to a decision where there is no office; service where there is one
    office: Ints  # (R,) reviewers of an office, 0 where nobody waits for a reviewer
    offices: Ints  # (R,) offices in a township
    slots: Ints  # (R,) 1 where an office decides so many cases at the end of each day
    by_harm: Ints  # (R,) 1 where the hardest hit are served first
    patience: Floats  # (R,) mean days after which somebody who waits gives the case up, NEVER
    second: Floats  # (R,) probability that a lost appeal is taken further
    second_days: Floats  # (R,) mean days to a second decision
    second_sensitivity: Floats  # (R,)
    second_specificity: Floats  # (R,)
    correct_law: Ints  # (R,) Delay from the decision to the correction at the source
    correct_days: Floats  # (R,)
    correct_lost: Floats  # (R,) probability that the correction is never made
    # domains and comparisons
    child_domain: Ints  # (D,) 1 where the gate belongs to the child and looks at the parents
    parents: Ints  # (D,) Parents
    together: Ints  # (D,) 1 where the grown members of a household apply together
    domain_from: Floats  # (D,) age in days from which the gate concerns a person
    domain_until: Floats  # (D,)
    pair_world: Ints  # (P,)
    pair_versus: Ints  # (P,)


def soft_gates(rules: Rulebook) -> Ints:
    """Numbers of the domains where, in some row, an open gate refuses a share of the applications."""
    return np.flatnonzero((rules.passes < 1.0).any(axis=(0, 2)) & (rules.apply > 0.0))


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
        ("entry", np.float64),  # day on which it comes on file if nothing holds it up
        ("channel", np.int64),  # channel; class for Origin.EVENT
        ("origin", np.int64),
        ("cause", np.int64),  # person whose event it is (the recipient for ghosts and strays from elsewhere)
        ("ordinal", np.int64),  # ordinal of the event in its stream
        ("owner", np.int64),  # person on whose tape the item is
        ("event", np.int64),  # 1 for a record that also stands for its event, whose happening depends on the state of the life
        ("high", np.int64),  # 1 where the event happens only near a gate, or after giving up
        ("needs", np.int64),  # bits of Quality without which the item does not exist
        ("bars", np.int64),  # bits of Quality with which it does not
        ("wrong", np.int64),  # Wrong
        ("weight", np.float64),  # how much more than its event the record weighs, where records are inflated
        ("place", np.int64),  # its number on the tape in the order in which records of one instant are dealt with
    ]
)

# what became of an item in a life
FATE = np.dtype(
    [
        ("what", np.int64),  # bits of Fate
        ("listings", np.int64),
        ("harm", np.int64),  # own domains closed at the appeal
        ("entered", np.float64),  # day on which it came on file
        ("since", np.float64),  # day from which the rules of the present stage count it
        ("until", np.float64),  # day on which its last copy ceased to act, the length of the period where one still acts
        ("aware", np.float64),  # day on which the person learned of it
        ("filed", np.float64),  # days of the appeal, of its (last) decision, and of the correction at the source
        ("decided", np.float64),
        ("corrected", np.float64),
    ]
)

CHANGE = np.dtype(
    [
        ("at", np.float64),
        ("mask", np.int64),  # closed domains from then on; the bit after the last domain is a redlist
        ("cause", np.int64),  # Cause
        ("score", np.int64),  # the score that gates of the children look at, where one looks at the mean of the parents'
        ("band", np.int64),  # band of the public score where a gate lets a share of applications pass; -1 without rules
    ]
)


class Fate(IntEnum):
    """Bits of what became of an item in a life."""

    FILED = 1  # it came on file at its source
    ENTERED = 2  # it acted on a score or could list the person
    OVERSTAYS = 4  # it acted past the settlement of the matter
    MISSING = 8  # it is filed under somebody else
    ENDED = 16  # it ceased to act
    DONE = 32  # the event, which depended on the state of the life, happened
    COUNTS = 64  # the item stands for that event
    NOTIFIED = 128
    DISCOVERED = 256
    CONTESTED = 512
    WRONG_THEN = 1024  # it was wrong when it was contested
    DECIDED = 2048
    UPHELD = 4096  # the appeal was
    SECOND = 8192  # a second instance decided
    CORRECTED = 16384  # it was taken off the file of the source
    CORRECTION_LOST = 32768
    ABANDONED = 65536  # the person gave the case up while waiting
    RETURNED = 131072  # a corrected record came back
    REPAIRED = 262144  # points came back early, for repair or by amnesty


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
    COPY_IN = 9  # a late copy arrived
    LEARNED = 10  # the person was told of a record, or found out
    APPEALED = 11
    REFUSED = 12  # an appeal was decided against the person
    GRANTED = 13
    CORRECTED = 14
    CORRECTION_LOST = 15
    RETURNED = 16  # a corrected record came back
    GAVE_UP = 17  # while waiting
    STAGE = 18  # other rules
    RANKED = 19  # a review puts the person below or above a line
    TIED = 20  # friends or family raise or lower the score


# --- tallies: columns by name -----------------------------------------------------------------------------------------------

RECORD_KINDS = ("right", "ghost", "stray", "stale", "lost", "misread", "inflated", "rule", "tampered", "duplicate")
EVER_DAYS = (1, 30, 365)
SPELL_BIN = 30  # days

# --- room for a compiled scenario --------------------------------------------------------------------------------------------

MILLION = 1_000_000  # parts of a pool, of which `closes_lowest` is so many

# a compiled scenario must fit the record that kernels are handed (`township/book.py`)
MOST = {
    "classes": 64, "channels": 96, "lists": 16, "domains": 12, "worlds": 32, "pairs": 64, "bands": 17, "months": 1200,
    "rows": 48, "stages": 12, "scores": 6, "threats": 12, "parts": 8,
}  # fmt: skip

# a step of a traced life: what `story` is told
STEP = np.dtype(
    [
        ("time", np.float64),
        ("what", np.int64),  # What
        ("item", np.int64),  # place on the tape of the record or event concerned; nothing where there is none
        ("list", np.int64),  # list concerned, -1
        ("domain", np.int64),  # domain concerned; nothing where there is no list
        ("why", np.int64),  # Cause of the step
        ("mask", np.int64),  # closed domains after a change of the gates
        ("lost", np.int64),  # appeals lost for good before the step
        ("scores", np.int64, MOST["scores"]),  # points after the step, not clipped where a score is stateless
    ]
)
