"""Speed and memory of the engine beside other ways of doing the same. Not shipped; `python -m benchmarks` runs everything."""
