"""Known answers: the solvers held against a second method, and the production engine held against the solvers."""
