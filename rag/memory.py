"""How the process asks the system for memory."""

import ctypes

_ARENA_MAX = -8
"""M_ARENA_MAX of mallopt(3)."""


def share_memory_between_threads() -> None:
    """Has threads that start from now on take memory from one place, where the system's C library can be told so.

    By itself glibc gives each thread a place of its own, in which what was freed lies idle: some 15 MB after a hundred
    questions, as fast either way on two cores. Only glibc has the option; others have no such places or no mallopt.
    """
    library = ctypes.CDLL(None)
    if hasattr(library, "gnu_get_libc_version"):
        library.mallopt(_ARENA_MAX, 1)
