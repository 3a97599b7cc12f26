"""The command that serves the local page."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from .door import DONE, Whole, app, out, tell_wrong

PORT = 8642


@app.command
def serve(*, port: Whole = None, no_browser: Annotated[bool, Parameter(negative="")] = False) -> int:
    """Serve a page on this machine, and to this machine only: choose a design, change it, run it, look at what it does.

    Parameters
    ----------
    port
        Port on 127.0.0.1; 8642 where nothing is given, 0 for a free one.
    no_browser
        Print the address only.
    """
    import tempfile
    import webbrowser

    from ..web import Server, Site, application, bind, hosts

    socket = bind(PORT if port is None else port)
    number = socket.getsockname()[1]
    address = f"http://127.0.0.1:{number}/"
    with tempfile.TemporaryDirectory(prefix="counterlife-") as pasted:
        site = Site.on(Path("runs"), Path(pasted))

        def opened() -> None:
            out.print(f"{address}  (runs are kept in {Path('runs').resolve()}; Ctrl-C ends)")
            out.file.flush()
            if not no_browser:
                webbrowser.open(address)

        try:
            Server(application(site, hosts(number)), opened).run(sockets=[socket])
        except KeyboardInterrupt:
            pass
        finally:
            site.jobs.close()
    return tell_wrong("Stopped. Finished runs are kept; one that was begun goes on when you ask for it on the page.", DONE)
