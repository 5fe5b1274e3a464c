"""Sessions taken in: a million answers checked against the database and written, rows a second and peak memory.

Done by a process of its own, so that its memory is its own.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from bench.feedback import write_sessions
from bench.ground import migrated
from hjelpa.embedded import EmbeddedServers

ANSWERS = 1_000_000

_TAKE_IN = """
import json, resource, sys, time
from hjelpa.core.config import Settings
from hjelpa.core.database import db
from hjelpa.core.isolation import tenant_scope
from hjelpa.factory import create_app
from modules.feedback.exchange.models import SessionImport
from modules.feedback.exchange.writing import take_in
sys.path.insert(0, "..")
from tests.people import make_town
url, redis, file = sys.argv[1:]
app = create_app(Settings(database_url=url, redis_url=redis, secret_key="x" * 40, mode="test"))
town = make_town(app)
found = {}
def measure(name, write):
    begun, cpu = time.perf_counter(), time.process_time()
    result = take_in(given, write=write)
    assert not result.material.problems, result.material.problems[:3]
    db.session.commit()
    found[name] = [time.perf_counter() - begun, time.process_time() - cpu]
    found["rows"] = result.material.rows
with app.app_context(), tenant_scope(town.tenant_id):
    given = SessionImport(made_by=town.leader.membership_id, unit_id=town.unit_id,
        helper_id=town.helper.membership_id, pack="hjelpa", filename="x", size=0, content=open(file, "rb").read())
    db.session.add(given)
    db.session.commit()
    measure("checked", False)
    measure("taken in", True)
    measure("again", True)
found["peak"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps(found))
"""


def report(running: EmbeddedServers, answers: int = ANSWERS) -> list[str]:
    settings = migrated(running, "bench_imports")
    with tempfile.TemporaryDirectory(prefix="hjelpa-bench-") as folder:
        file = Path(folder) / "sessions.csv"
        write_sessions(file, answers)
        about = [settings.database_url, settings.redis_url, str(file)]
        told = subprocess.run(
            [sys.executable, "-c", _TAKE_IN, *about],
            capture_output=True,
            text=True,
            check=True,
            cwd=Path(__file__).parent.parent / "platform",
            env={**os.environ, "PYTHONPATH": "."},
        )
    found = json.loads(told.stdout.strip().splitlines()[-1])
    rows = found["rows"]
    lines = [
        f"{rows:,} answers from CSV, in one transaction; peak memory {found['peak']:,.0f} MiB.",
        "",
        "| work | rows/s | seconds | of it CPU here |",
        "|---|---:|---:|---:|",
    ]
    for name in ("checked", "taken in", "again"):
        seconds, cpu = found[name]
        lines.append(f"| {name} | {rows / seconds:,.0f} | {seconds:.1f} | {cpu:.1f} |")
    return lines
