"""The queue: one at a time, a few wait, each can be stopped; what was lived is kept and goes on to the same result."""

from __future__ import annotations

from pathlib import Path
from threading import Event
from time import sleep

import pytest
from lived import SMALL

from counterlife import study
from counterlife.web.jobs import WAITING, BusyError, Job, Jobs, Stage
from web.served import TEXT, client_of, post, site_on, slow, start, wait


def job(name: str) -> Job:
    return Job(name, SMALL, Path(name), 1200, 1)


def test_one_is_lived_at_a_time_and_only_so_many_wait() -> None:
    go, order, together = Event(), [], []

    def live(one: Job) -> None:
        together.append(sum(other.stage is not Stage.WAITING for other in jobs.current()))
        go.wait(10)
        order.append(one.name)

    jobs = Jobs(live)
    first = jobs.ask(job("first"))
    while first.stage is Stage.WAITING:
        sleep(0.01)
    others = [jobs.ask(job(f"next-{n}")) for n in range(WAITING)]
    with pytest.raises(BusyError, match="4 runs are waiting already: let one finish, or stop one, and ask again"):
        jobs.ask(job("too-many"))
    assert jobs.ask(job("first")) is first  # two tabs that ask for the same share it
    assert [jobs.before(one) for one in (first, *others)] == [0, 1, 2, 3, 4]
    jobs.stop("next-1")
    assert others[1].stage is Stage.STOPPED
    last = jobs.ask(job("last"))
    go.set()
    jobs._thread.join(10)  # type: ignore[union-attr]
    assert order == ["first", "next-0", "next-2", "next-3", "last"]
    assert together == [1] * 5
    assert last.stage is Stage.FINISHED


def test_what_goes_wrong_is_a_sentence_and_the_next_one_runs(capsys: pytest.CaptureFixture[str]) -> None:
    def live(one: Job) -> None:
        raise {"request": study.RequestError("too few"), "memory": MemoryError(), "mistake": KeyError("k")}[one.name]

    jobs = Jobs(live)
    ended = [jobs.ask(job(name)) for name in ("request", "memory", "mistake")]
    while jobs.current():
        sleep(0.01)
    assert {one.stage for one in ended} == {Stage.FAILED}
    assert ended[0].problem == "too few"
    assert "ask for fewer people" in ended[1].problem
    assert ended[2].problem == "The program made a mistake (KeyError: 'k'). What was lived is kept."
    assert "KeyError" in capsys.readouterr().err
    jobs.close()
    with pytest.raises(BusyError):
        jobs.ask(job("late"))


def test_a_stopped_run_goes_on_after_a_restart_to_the_same_result(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site = site_on(tmp_path)
    client = client_of(site)
    with monkeypatch.context() as patch:
        slow(patch)
        name = start(client, site, people=3000)
        while client.get(f"/runs/{name}/state").json()["done"] < 3:
            sleep(0.01)
        assert post(client, site, f"/runs/{name}/stop").status_code == 303
        assert wait(client, name) == "stopped"
    lived = len(list((tmp_path / "runs" / name / "tallies").glob("*.parquet")))
    assert 3 <= lived < 20
    fresh = site_on(tmp_path)  # as after a restart
    client = client_of(fresh)
    page = client.get(f"/runs/{name}").text
    assert "goes on from there to the same result" in page
    assert post(client, fresh, f"/runs/{name}/resume").status_code == 303
    assert wait(client, name) == "finished"
    (tmp_path / "whole.yaml").write_text(TEXT)
    whole = study.run(tmp_path / "whole.yaml", people=3000, out=tmp_path / "whole")
    assert study.open_run(tmp_path / "runs" / name).fingerprint == whole.fingerprint
