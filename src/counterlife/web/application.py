"""What is where on the local page: an address to a call, and errors to sentences."""

from __future__ import annotations

import traceback
from collections.abc import Iterable
from importlib import resources
from typing import Any

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import QueryParams
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from ..report import sections
from ..report.plates import life as life_plate
from ..scenario import Scenario, ScenarioError
from ..store import StoreError
from ..study import RequestError
from . import views
from .designs import Design, UnknownDesignError
from .forms import Asked, asked, form
from .guard import REPORT_POLICY, Guard
from .jobs import BusyError, Job
from .shelf import FIGURES, Opened, UnknownRunError
from .site import Site
from .sliders import sliders
from .walk import walk

SHEETS = {"page.css": "text/css", "page.js": "text/javascript"}
PEOPLE = 100_000  # in a sample, where nothing else is said


def application(site: Site, names: Iterable[str]) -> ASGIApp:
    """The page, which answers only under these names (`guard.hosts`)."""
    doors = Doors(site)
    routes = [
        Route("/", doors.home),
        Route("/designs", doors.paste, methods=["POST"]),
        Route("/designs/{base}", doors.design),
        Route("/runs", doors.runs),
        Route("/runs", doors.start, methods=["POST"]),
        Route("/runs/{run}", doors.run),
        Route("/runs/{run}/state", doors.state),
        Route("/runs/{run}/stop", doors.stop, methods=["POST"]),
        Route("/runs/{run}/resume", doors.resume, methods=["POST"]),
        Route("/runs/{run}/pin", doors.pin, methods=["POST"]),
        Route("/runs/{run}/report.html", doors.report),
        Route("/runs/{run}/scenario.yaml", doors.scenario),
        Route("/runs/{run}/figures/{figure}", doors.figure),
        Route("/runs/{run}/life", doors.life),
        Route("/runs/{run}/life/figure", doors.life_figure),
        Route("/compare", doors.compare),
        Route("/vega.js", doors.vega),
        Route("/{sheet}", doors.sheet),
    ]
    wrong: dict[Any, Any] = {
        HTTPException: doors.refused,
        UnknownRunError: doors.unknown,
        UnknownDesignError: doors.unknown,
        StoreError: doors.broken,
        Exception: doors.mistaken,
    }
    return Guard(Starlette(routes=routes, exception_handlers=wrong), names)


class Doors:
    """The answers to requests. Those that read are plain functions, which Starlette runs on threads."""

    def __init__(self, site: Site) -> None:
        self.site = site

    # --- choosing and changing ----------------------------------------------------------------------------------------------------

    def home(self, request: Request) -> Response:
        """The catalog, and a place for a scenario of one's own."""
        return self._home()

    def _home(self, text: str = "", problems: Iterable[str] = (), code: int = 200) -> Response:
        entries = sorted(self.site.designs.entries.values(), key=lambda one: (one.name != "article", one.name))
        return self._page("home", code, entries=entries, claims=self.site.claims, pasted=text, problems=list(problems))

    async def paste(self, request: Request) -> Response:
        """A scenario that was pasted is looked at, and becomes a design."""
        fields = await form(request, self.site.token)
        return await run_in_threadpool(self._paste, fields.get("scenario", ""))

    def _paste(self, text: str) -> Response:
        try:
            name = self.site.designs.keep(text)
        except ScenarioError as error:
            return self._home(text, [str(one) for one in error.problems], 422)
        return RedirectResponse(f"/designs/{name}", 303)

    def design(self, request: Request) -> Response:
        """One design with its sliders."""
        base = request.path_params["base"]
        scenario = self.site.designs.base(base)
        asked = Asked(str(min(PEOPLE, scenario.population.people)), "1", {})
        return self._design(base, scenario, asked)

    def _design(self, base: str, scenario: Scenario, asked: Asked, problems: Iterable[str] = (), code: int = 200) -> Response:
        return self._page(
            "design",
            code,
            base=base,
            scenario=scenario,
            claim=views.claim(scenario, self.site.report),
            groups=views.groups(sliders(scenario)),
            asked=asked,
            problems=list(problems),
        )

    async def start(self, request: Request) -> Response:
        """A sample of a design waits or runs."""
        fields = await form(request, self.site.token)
        return await run_in_threadpool(self._start, fields)

    def _start(self, fields: QueryParams) -> Response:
        site, base, wanted = self.site, fields.get("base", ""), asked(fields)
        scenario = site.designs.base(base)
        try:
            _, changes = site.designs.changes(base, wanted.numbers)
            name = site.start(Design(base, *wanted.whole(), changes))
        except BusyError as error:
            return self._design(base, scenario, wanted, [str(error)], 429)
        except ScenarioError as error:
            return self._design(base, scenario, wanted, [str(one) for one in error.problems], 422)
        except RequestError as error:
            return self._design(base, scenario, wanted, [str(error)], 422)
        return RedirectResponse(f"/runs/{name}", 303)

    # --- running --------------------------------------------------------------------------------------------------------------------

    def runs(self, request: Request) -> Response:
        """What waits, runs, or lies on the shelf."""
        jobs = self.site.jobs.current()
        busy = {job.name for job in jobs}
        return self._page("runs", jobs=jobs, runs=[one for one in self.site.shelf.listed() if one.name not in busy])

    def run(self, request: Request) -> Response:
        """A run: how far it is, or what came of it."""
        name = request.path_params["run"]
        job = self.site.jobs.find(name)
        if job is not None and not job.stage.over:
            return self._page("running", name=name, state=views.state(self.site.words, self.site.jobs, job))
        try:
            finished = self.site.shelf.is_finished(name)
        except UnknownRunError:
            if job is None:
                raise
            finished = False
        return self._finished(name) if finished and not (job and job.problem) else self._ended(name, job)

    def _ended(self, name: str, job: Job | None) -> Response:
        """A run that was stopped, failed, or was left behind when the program ended."""
        resumable = (self.site.shelf.place(name) / "resolved.yaml").is_file()
        return self._page("ended", name=name, problem=job.problem if job else "", resumable=resumable)

    def _finished(self, name: str) -> Response:
        opened = self.site.shelf.open(name)
        run, words = opened.findings, self.site.words
        return self._page(
            "run",
            name=name,
            run=run,
            text=run.text,
            claim=views.claim(opened.run.scenario, self.site.report),
            setting=views.setting(words, opened),
            sections=sections,
            worlds=views.worlds(opened),
            figures=[plate for one in FIGURES if (plate := opened.figure(one)) is not None],
            is_pinned=name in self.site.pins,
        )

    def state(self, request: Request) -> Response:
        """How far a run is, for the page that watches it."""
        name = request.path_params["run"]
        job = self.site.jobs.find(name)
        if job is None:
            self.site.shelf.record(name)  # or there is no such run
            return JSONResponse({"stage": "ended", "over": True, "done": 1, "total": 1, "said": ""})
        return JSONResponse(views.state(self.site.words, self.site.jobs, job))

    async def stop(self, request: Request) -> Response:
        """A run ends after the batch in hand."""
        await form(request, self.site.token)
        self.site.jobs.stop(request.path_params["run"])
        return self._back(request)

    async def resume(self, request: Request) -> Response:
        """A run that was stopped goes on."""
        await form(request, self.site.token)
        try:
            await run_in_threadpool(self.site.resume, request.path_params["run"])
        except BusyError as error:
            raise HTTPException(429, str(error)) from None
        return self._back(request)

    async def pin(self, request: Request) -> Response:
        """A run is pinned for a comparison, or no longer."""
        await form(request, self.site.token)
        name = request.path_params["run"]
        self.site.shelf.record(name)
        self.site.pin(name)
        return self._back(request)

    def _back(self, request: Request) -> Response:
        return RedirectResponse(f"/runs/{request.path_params['run']}", 303)

    # --- looking ----------------------------------------------------------------------------------------------------------------------

    def report(self, request: Request) -> Response:
        """The report of a run, as it lies in the folder."""
        file = self.site.shelf.report(request.path_params["run"])
        return FileResponse(file, media_type="text/html", headers={"content-security-policy": REPORT_POLICY})

    def scenario(self, request: Request) -> Response:
        """The scenario of a run with its changes, as it was written."""
        name = request.path_params["run"]
        self.site.shelf.record(name)
        file = self.site.shelf.place(name) / "scenario.yaml"
        if not file.is_file():
            raise UnknownRunError(name)
        return FileResponse(file, media_type="text/plain; charset=utf-8", filename=f"{name}.yaml")

    def figure(self, request: Request) -> Response:
        """A figure of a run as Vega-Lite."""
        plate = self._opened(request).figure(request.path_params["figure"])
        if plate is None:
            raise HTTPException(404, self.site.words("error.no_figure"))
        return Response(plate.chart.to_json(), media_type="application/json")

    def life(self, request: Request) -> Response:
        """A life of a run, day by day; the first one that is picked where nobody is named."""
        opened, name, problem = self._opened(request), request.path_params["run"], ""
        picked, person = opened.picked(), request.query_params.get("person", "")
        chosen = picked[0] if picked else None
        if person:
            try:
                chosen = opened.story(person)
            except RequestError as error:
                problem = str(error)
        one = opened.life(chosen) if chosen else None
        return self._page(
            "life",
            422 if problem else 200,
            name=name,
            run=opened.findings,
            claim=views.claim(opened.run.scenario, self.site.report),
            picked=picked,
            story=chosen,
            problem=problem,
            asked=person,
            plate=one and life_plate(opened.findings, one, 1),
            days=walk(opened.findings, chosen, one) if chosen and one else [],
        )

    def life_figure(self, request: Request) -> Response:
        """The figure of a life as Vega-Lite."""
        opened = self._opened(request)
        try:
            story = opened.story(request.query_params.get("person", ""))
        except RequestError as error:
            raise HTTPException(404, str(error)) from None
        return Response(life_plate(opened.findings, opened.life(story), 1).chart.to_json(), media_type="application/json")

    def compare(self, request: Request) -> Response:
        """Two runs beside each other: those in the address, or those that are pinned."""
        names = [request.query_params.get(key, "") for key in ("one", "two")]
        if not all(names):
            names = list(self.site.pins)
        if len(names) < 2:
            return self._page("unpinned")
        one, two = (self.site.shelf.open(name) for name in names)
        words = self.site.words
        differing, count = views.differences(words, one, two)
        beside = self.site.shelf.beside(*names)
        return self._page(
            "compare",
            names=names,
            sides=[one.findings, two.findings],
            settings=[views.setting(words, side) for side in (one, two)],
            claim=" ".join(dict.fromkeys(views.claim(side.run.scenario, self.site.report) for side in (one, two))),
            differing=differing,
            count=count,
            paired=None if isinstance(beside, str) else views.paired(words, self.site.report, beside),
            refused=beside if isinstance(beside, str) else "",
            tables=[views.side_by_side(words, one, two), views.gates(words, one, two)],
            figures=[side.figure("ever") for side in (one, two)],
        )

    def vega(self, request: Request) -> Response:
        """The script that draws figures."""
        return Response(self.site.vega, media_type="text/javascript", headers={"cache-control": "max-age=86400"})

    def sheet(self, request: Request) -> Response:
        """The page's own style and script."""
        name = request.path_params["sheet"]
        if name not in SHEETS:
            raise HTTPException(404)
        return Response((resources.files(__package__) / "static" / name).read_bytes(), media_type=SHEETS[name])

    def _opened(self, request: Request) -> Opened:
        return self.site.shelf.open(request.path_params["run"])

    # --- saying -----------------------------------------------------------------------------------------------------------------------

    def _page(self, page: str, code: int = 200, **shown: Any) -> Response:
        return HTMLResponse(self.site.render(page, **shown), code)

    def _wrong(self, code: int, said: str) -> Response:
        return self._page("wrong", code, said=said)

    def refused(self, request: Request, error: Exception) -> Response:
        """What cannot be answered, in a sentence."""
        assert isinstance(error, HTTPException)
        said = self.site.words("error.nothing") if error.status_code == 404 and error.detail == "Not Found" else error.detail
        return self._wrong(error.status_code, said)

    def unknown(self, request: Request, error: Exception) -> Response:
        """No such run or design."""
        return self._wrong(404, self.site.words("error.no_run" if isinstance(error, UnknownRunError) else "error.no_design"))

    def broken(self, request: Request, error: Exception) -> Response:
        """A run folder that cannot be read."""
        return self._wrong(409, str(error))

    def mistaken(self, request: Request, error: Exception) -> Response:
        """A mistake of the program: its trace is on standard error, where whoever reports it finds it."""
        traceback.print_exception(error)
        return self._wrong(500, self.site.words("error.mistake"))
