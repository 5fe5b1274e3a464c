"""A million answers from a file to every figure: rows a second and peak memory, beside the same aggregation in DuckDB.

Each is done by a process of its own, so that its memory is its own.
"""

import json
import subprocess
import sys
import tempfile
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from hjelpa.embedded import EmbeddedServers

ANSWERS = 1_000_000
SESSIONS = 5
BANDS = ("child", "adolescent", "adult")
HEADER = "course,rater,age_band,scale,session,date,item1,item2,item3,item4,ended,ending"

# What both measure themselves by: CPU seconds of a stretch of work, and the most memory that the process ever held.
_CLOCK = """
import gc, json, sys, time
gc.disable()
begun = time.process_time()
def lap():
    global begun
    spent, begun = time.process_time() - begun, time.process_time()
    return spent
def peak():
    # Unlike getrusage's, this does not begin with what the parent held.
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) / 1024
"""

_OURS = """
from modules.feedback.metrics.compute import compute
from modules.feedback.metrics.document import make_document
from modules.feedback.metrics.reading import read_courses
from modules.feedback.metrics.scale import ScaleRules
from modules.feedback.metrics.targets import ScaleTarget
from modules.feedback.scales.forms import Constant
constant = Constant(25, "the bench", "verified")
rules = ScaleRules(cut_offs=dict.fromkeys(("child", "adolescent", "adult"), constant))
unmeasured, empty = lap(), peak()
with open(sys.argv[1], "rb") as stream:
    reading = read_courses(stream, rules)
assert not reading.problems, reading.problems
read, held = lap(), peak()
figures = compute(reading.records, rules, target=ScaleTarget(rules))
computed, most = lap(), peak()
make_document(reading.records)
with_trajectory, largest = lap(), peak()
keys = ("start_score_mean", "target_reached", "improved_reliably", "effect_size", "days_mean")
print(json.dumps({"rows": reading.rows, "read": read, "compute": computed, "own": with_trajectory, "empty": empty,
    "held": held, "peak": most, "largest": largest, "figures": [figures.metrics[key].value for key in keys]}))
"""

# The same five figures and the six cells, from the same file, as one would write it by hand.
_DUCKDB = """
import duckdb
empty = peak()
lap()
connection = duckdb.connect(config={"threads": 1})
connection.execute("set enable_progress_bar = false")
row = connection.execute('''
with answers as materialized (select * from read_csv(?, header = true)),
own as (select *, item1 + item2 + item3 + item4 as total from answers where rater = 'self'),
courses as (
    select course, any_value(age_band) as band, any_value(ended) as ended, any_value(ending) as ending,
        max(session) as sessions, arg_min("date", session) as begun,
        arg_min(total, session) filter (where scale = 'outcome' and total is not null) as first,
        arg_max(total, session) filter (where scale = 'outcome' and total is not null) as last,
        count(total) filter (where scale = 'outcome') as complete,
        arg_min([item1, item2, item3, item4], session) filter (where scale = 'outcome' and total is not null) as items,
        bool_or(scale = 'outcome' and session = 1 and coalesce(item1, item2, item3, item4) is not null) as early,
        bool_or(scale = 'outcome' and coalesce(item1, item2, item3, item4) is not null)
            and bool_or(scale = 'alliance' and coalesce(item1, item2, item3, item4) is not null) as both_used
    from own group by course),
spread as (
    select stddev_samp(first) as sd, 4 / 3 * (1 - (var_samp(items[1]) + var_samp(items[2]) + var_samp(items[3])
        + var_samp(items[4])) / var_samp(first)) as alpha from courses),
paired as (select *, last - first as change from courses where ended is not null and complete > 1),
cells as (
    select band, count(*) as courses, avg(sessions), count(*) filter (where ending = 'mutual' and last > 25 - 1e-6),
        count(*) filter (where ending = 'mutual' and last <= 25 - 1e-6), count(*) filter (where early),
        count(*) filter (where both_used) from courses group by rollup (band))
select (select avg(first) from courses), (select avg((last > 25 - 1e-6)::int) from paired),
    (select avg((change > 1.96 * sd * sqrt(2) * sqrt(1 - alpha) + 1e-6)::int) from paired, spread),
    (select avg(change) / stddev_samp(first) from paired),
    (select avg(ended - begun) from courses where ended is not null), (select count(*) from answers),
    (select sum(courses) from cells)
''', [sys.argv[1]]).fetchone()
print(json.dumps({"rows": row[5], "spent": lap(), "empty": empty, "peak": peak(), "figures": [float(x) for x in row[:5]]}))
"""


def report(running: EmbeddedServers) -> list[str]:
    """The table; `running` is not used, as the figures need no server."""
    with tempfile.TemporaryDirectory(prefix="hjelpa-bench-") as folder:
        file = Path(folder) / "sessions.csv"
        write_sessions(file, ANSWERS)
        ours, theirs = _run(_OURS, file), _run(_DUCKDB, file)
    assert np.allclose(ours["figures"], theirs["figures"], rtol=1e-9), (ours["figures"], theirs["figures"])
    rows, spent = ours["rows"], ours["read"] + ours["compute"]
    return [
        f"{rows:,} answers in {rows // (2 * SESSIONS):,} courses, CSV; CPU of one thread; both give the same figures.",
        "",
        "| work | rows/s | CPU s | peak memory MiB (of it before the file) |",
        "|---|---:|---:|---:|",
        f"| read and checked | {rows / ours['read']:,.0f} | {ours['read']:.1f} | {_memory(ours, 'held')} |",
        f"| read, checked and all figures | {rows / spent:,.0f} | {spent:.1f} | {_memory(ours, 'peak')} |",
        f"| DuckDB, aggregation only | {rows / theirs['spent']:,.0f} | {theirs['spent']:.1f} | {_memory(theirs, 'peak')} |",
        "",
        f"Ours / DuckDB: {spent / theirs['spent']:.1f} × the CPU, {ours['peak'] / theirs['peak']:.2f} × the memory.",
        f"All figures again with the own scale (fitting the expected trajectory): {ours['own']:.1f} s more, "
        f"{ours['largest']:,.0f} MiB.",
    ]


def _memory(found: dict, name: str) -> str:
    return f"{found[name]:,.0f} ({found['empty']:,.0f})"


def _run(program: str, file: Path) -> dict:
    told = subprocess.run(
        [sys.executable, "-c", _CLOCK + program, str(file)],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parent.parent / "platform",
    )
    found: dict = json.loads(told.stdout)
    return found


def write_sessions(file: Path, answers: int) -> None:
    """A file of invented courses with five sessions each, both scales answered, some lines left open."""
    draw = np.random.default_rng(1)
    with file.open("w", encoding="utf-8") as out:
        out.write(HEADER + "\n")
        for number in range(answers // (2 * SESSIONS)):
            begun = date(2024, 1, 1) + timedelta(int(draw.integers(0, 400)))
            levels = draw.normal(5, 1.5) + np.arange(SESSIONS) * draw.normal(0.3, 0.3)
            scores = np.clip(draw.normal(levels[:, None, None], 1, (SESSIONS, 2, 4)), 0, 10).round(1)
            open_lines = draw.random((SESSIONS, 2, 4)) < 0.01
            end = f"{begun + timedelta(70)},{('mutual', 'unilateral')[number % 2]}" if number % 4 else ","
            for session in range(SESSIONS):
                day = begun + timedelta(14 * session)
                for place, scale in enumerate(("outcome", "alliance")):
                    lines = zip(scores[session, place], open_lines[session, place], strict=True)
                    items = ",".join("" if left else f"{score:.1f}" for score, left in lines)
                    who = f"course-{number},self,{BANDS[number % 3]},{scale}"
                    out.write(f"{who},{session + 1},{day},{items},{end}\n")
