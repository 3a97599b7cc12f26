"""Living: synthetic people, their conduct, their records, scores, sanctions and tallies. Knows numbers only; names stay in `scenario`."""
