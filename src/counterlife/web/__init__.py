"""The local page: choose a design, change it, run a sample, look at what it does. Clicks to calls; no logic of the model lives here.

It serves this machine only. `guard.py` says who is answered, `jobs.py` lives one run at a time, `shelf.py` finds finished ones,
`designs.py` and `sliders.py` say what may be changed, `views.py` and `walk.py` what is shown, `application.py` what is where.
"""

from .application import application
from .guard import hosts
from .server import Server, bind
from .site import Site

__all__ = ["Server", "Site", "application", "bind", "hosts"]
