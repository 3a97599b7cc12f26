"""Known answers: closed forms and small solvers that the engine is held against. Nothing here knows of scenarios or of the engine."""
