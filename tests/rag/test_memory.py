"""Threads take their memory from one place, so that less of it lies idle."""

import platform
import subprocess
import sys
from pathlib import Path

import pytest

COUNT_ARENAS = """
import ctypes, sys, threading
from rag.memory import share_memory_between_threads

if sys.argv[1] == "shared":
    share_memory_between_threads()
libc = ctypes.CDLL(None)
libc.malloc.restype = ctypes.c_void_p
libc.fopen.restype = ctypes.c_void_p
libc.fclose.argtypes = [ctypes.c_void_p]
libc.malloc_info.argtypes = [ctypes.c_int, ctypes.c_void_p]
gate = threading.Barrier(4)

def work():
    gate.wait()
    libc.malloc(1000)
    gate.wait()

threads = [threading.Thread(target=work) for _ in range(4)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
stream = libc.fopen(sys.argv[2].encode(), b"w")
libc.malloc_info(0, stream)
libc.fclose(stream)
print(open(sys.argv[2]).read().count("<heap nr="))
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc has arenas")
@pytest.mark.parametrize(("how", "one"), [("shared", True), ("as it comes", False)])
def test_threads_share_one_arena(how: str, one: bool, tmp_path: Path) -> None:
    found = subprocess.run(
        [sys.executable, "-c", COUNT_ARENAS, how, str(tmp_path / "arenas.xml")],
        capture_output=True,
        text=True,
        check=True,
    )
    assert (int(found.stdout) == 1) is one
