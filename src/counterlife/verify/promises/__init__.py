"""The promises P1 to P28: relations that hold to the last unit whatever a scenario says, looked at on small towns of scenario files.

What is looked at for each is in the modules by theme, as functions of a ground and what they found; the tests call the same functions on
other rule books. The list is in `sworn.py`.
"""
