"""The other end of `process.measure`: does one task for one side and prints its record as the last line."""

import importlib
import json
import sys
import time


def main() -> None:
    """Run as `python -m evals.bench.worker TASK SIDE JSON`."""
    task, side, arguments = sys.argv[1:4]
    # A process imports its own side only: what that costs is part of what is measured.
    record = getattr(importlib.import_module(f"evals.bench.{side}"), task)(**json.loads(arguments))
    sys.stdout.write(json.dumps({"moment": time.monotonic(), **record}) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
