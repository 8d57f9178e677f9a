"""`python -m evals`: the same commands as `wmai eval`."""

from evals.cli import app

app()
