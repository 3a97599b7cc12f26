"""`python -m counterlife` is the command `counterlife`."""

from .cli import main

main()
