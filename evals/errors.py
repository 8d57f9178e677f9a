"""What can be wrong with what an evaluator hands in; the command line exits 2 for these."""

from rag.errors import WmaiError


class EvalError(WmaiError):
    """Base of the harness's own errors."""


class SuiteError(EvalError):
    """A suite cannot be used: missing, empty, malformed, with duplicate ids or unknown sources."""


class RunError(EvalError):
    """A run folder cannot be used: unfinished, of another suite or system, or already full."""


class GateError(EvalError):
    """A gates file cannot be used."""
