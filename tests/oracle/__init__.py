"""A second, plain engine: slow, obvious, written from `docs/model.md` and `docs/tallies.md` alone, to hold the fast one against."""
