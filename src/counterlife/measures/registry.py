"""The measures: an ordered table of what is measured, each with its formula and unit. M numbers are those of the method.

What a measure is, and its source, is said at its function, in the modules by theme. Variances are elsewhere; so is every word that a reader
of the report sees beside the name and the unit.
"""

from __future__ import annotations

from counterlife.measures import attacks, audit, conduct, contexts, mistakes, places, redress, restriction, unequal
from counterlife.measures.stated import ANY_UNIT, RATE_UNIT, Measure

PER_PEOPLE = "per 10,000 people"
MEASURES: tuple[Measure, ...] = (
    Measure("B1", "people ever restricted", PER_PEOPLE, "#{i: closed domain-days >= x} / people", restriction.ever_restricted),
    Measure("B2", "restricted days", RATE_UNIT, "closed days / days in scope", restriction.restricted_days),
    Measure(
        "B3",
        "restricted person-years in the country",
        "person-years, scaled to the country",
        "closed days / 365, weighted",
        restriction.restricted_years,
    ),
    Measure(
        "B4",
        "people ever restricted in the country",
        "people, scaled to the country",
        "#{i: closed days >= 1}, weighted",
        restriction.people_counted,
    ),
    Measure("B5", "time on a redlist", "% of person-days", "redlist days / days", restriction.redlisted),
    Measure("B6", "records", "records per 1,000 person-years", "records entered / days", mistakes.records),
    Measure("M1", "wrongful restriction", RATE_UNIT, "sum of R_w (1 - R_v) / days in scope", restriction.wrongful_restriction),
    Measure("M2", "missed restriction", RATE_UNIT, "sum of (1 - R_w) R_v / days in scope", restriction.missed_restriction),
    Measure("M3", "people ever wrongly restricted", PER_PEOPLE, "#{i: wrongful domain-days >= x} / people", restriction.ever_wrongful),
    Measure("M4", "wrongful share of restrictions", "%", "wrongful domain-days / closed domain-days", restriction.wrongful_share),
    Measure("M5", "cost of a wrong record", "domain-days per wrong record", "wrongful domain-days / wrong records", mistakes.amplification),
    Measure("M6", "restriction across contexts", "%", "days in d that vanish without the records of c / days in d", contexts.cross_context),
    Measure(
        "M7",
        "disproportion",
        "domain-days per unit of gravity",
        "closed days / gravity of events",
        contexts.disproportion,
    ),
    Measure("M8", "induced share", "%", "(D - M) / (D - A) on closed domain-days", conduct.induced_share),
    Measure("M9", "time to discovery", "%", "cumulative incidence of learning, from entry of a wrong record", redress.time_to_discovery),
    Measure("M10", "time to clear", "days", "cumulative incidence of cleared; restricted mean of wrongful spells", mistakes.time_to_clear),
    Measure("M11", "time to the last copy", "days", "last day of the record - day of its correction", redress.time_to_last_copy),
    Measure("M12", "disparity", "ratio", "measure of a group over, or less, that of the reference group", unequal.disparity),
    Measure("M13", "concentration", "0 to 1", "Gini and top share of days over all people", unequal.unequal_days),
    Measure("M14", "multiple exclusion", ANY_UNIT, "days with three or more domains closed / days", restriction.multiple_exclusion),
    Measure("M15", "churn", "band changes per 1,000 person-years", "changes of band / days", restriction.churn),
    Measure("M16", "validity", "0 to 1", "P(score of top tenth < score of others); Spearman", conduct.validity),
    Measure("M17", "cliff exposure", "% of people", "people one minor record from losing a domain / people", restriction.cliff_exposure),
    Measure(
        "M18", "price of deterrence", "domain-days per event averted", "wrongful domain-days / (bad events N - D)", conduct.deterrence_price
    ),
    Measure("M19", "chilling", "% of lawful acts", "lawful acts (N - D) / N", conduct.chilling),
    Measure("M20", "acts near a gate", "% of such acts", "acts while a little short of a gate / acts of these classes", conduct.gaming),
    Measure("M21", "children affected", "per 10,000 children", "#{children with a closed day} / children", restriction.children_affected),
    Measure("M22", "bystander share", "%", "wrongful days of people with no wrong record / wrongful days", restriction.bystander_share),
    Measure("M23", "recovery", "% of people shut out", "#{wholly free within h of the first day} / people watched", restriction.recovery),
    Measure("M24", "redress", "%", "records known, contested, upheld; waits; cases pending", redress.redress),
    Measure("M25", "shock of a change of rules", PER_PEOPLE, "the 90 days after less the 90 days before", places.consolidation_shock),
    Measure("M26", "regional arbitrariness", "0 to 1", "E_i Var_r Y / Var Y; P(two regions disagree)", places.arbitrariness),
    Measure("M27", "breach exposure", "% of records", "losses over all outcomes of breaches; records on file", attacks.breach_exposure),
    Measure("M28", "leverage of tampering", "domain-days per false record", "days changed / false records", attacks.tamper_leverage),
    Measure("M29", "wrongful refusals", "per 1,000 applications", "wrongful days / days in scope", contexts.wrongful_refusals),
    Measure("M30", "yield of safeguards", RATE_UNIT, "W0 of the design less W0 of the safeguard", redress.safeguard_yield),
    Measure("M31", "virtual audit", "%", "what auditors could see, and the truth", audit.virtual_audit),
)
