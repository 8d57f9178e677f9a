"""The staff's password and token, of which the settings hold hashes only."""

import base64
import binascii
import hashlib
import hmac
import secrets
from functools import cache

from rag.errors import ConfigError

PASSWORD_CHARS_MIN = 12
PASSWORD_CHARS_MAX = 200
_N, _R, _P = 2**15, 8, 3
"""scrypt at 32 MiB, as OWASP's password storage cheat sheet allows it; a guess takes a quarter of a second here."""
_MEMORY_BYTES = 128 * _N * _R * 2
_COST_MAX = 2**20
_REMEDY = "Print one with: wmai staff hash-password"


def hash_password(password: str) -> str:
    """A line for WMAI_STAFF_PASSWORD_HASH. Raises ConfigError for a password too short or too long."""
    if not PASSWORD_CHARS_MIN <= len(password) <= PASSWORD_CHARS_MAX:
        raise ConfigError(
            f"The password has {len(password)} characters; {PASSWORD_CHARS_MIN} to {PASSWORD_CHARS_MAX} are wanted.",
            "Choose four words or more that do not belong together.",
        )
    salt = secrets.token_bytes(16)
    return f"scrypt:{_N}:{_R}:{_P}:{_text(salt)}:{_text(_scrypt(password, salt, _N, _R, _P))}"


def password_fits(password: str, hashed: str) -> bool:
    """Whether this is the password; takes as long for a wrong one. Raises ConfigError for a hash that is none."""
    n, r, p, salt, digest = _taken_apart(hashed)
    given = _scrypt(password[: PASSWORD_CHARS_MAX + 1], salt, n, r, p)
    return hmac.compare_digest(given, digest) and len(password) <= PASSWORD_CHARS_MAX


def check_password_hash(hashed: str) -> None:
    """Raise ConfigError for a setting that is no line from `wmai staff hash-password`."""
    _taken_apart(hashed)


def new_token() -> tuple[str, str]:
    """A random bearer token of 256 bits, and the line for WMAI_STAFF_TOKEN_HASH."""
    token = f"wmai_{secrets.token_urlsafe(32)}"
    return token, f"sha256:{hashlib.sha256(token.encode()).hexdigest()}"


def check_token_hash(hashed: str) -> None:
    """Raise ConfigError for a setting that is no line from `wmai staff new-token`."""
    kind, _, digest = hashed.partition(":")
    if kind != "sha256" or len(digest) != 64 or not set(digest) <= set("0123456789abcdef"):
        raise ConfigError("WMAI_STAFF_TOKEN_HASH is no hash of a token.", "Print one with: wmai staff new-token")


def token_fits(token: str, hashed: str) -> bool:
    """Whether this is the token. A fast hash will do: a random token cannot be guessed."""
    return hmac.compare_digest(f"sha256:{hashlib.sha256(token.encode()).hexdigest()}", hashed)


@cache
def _taken_apart(hashed: str) -> tuple[int, int, int, bytes, bytes]:
    kind, *fields = hashed.split(":")
    try:
        if kind != "scrypt":
            raise ValueError(kind)
        n, r, p = (int(field) for field in fields[:3])
        salt, digest = (base64.urlsafe_b64decode(field) for field in fields[3:])
    except (ValueError, binascii.Error) as error:
        raise ConfigError("WMAI_STAFF_PASSWORD_HASH is no hash of a password.", _REMEDY) from error
    if not (_N <= n <= _COST_MAX and n & (n - 1) == 0 and 1 <= r <= 32 and 1 <= p <= 16 and len(salt) >= 16):
        raise ConfigError("WMAI_STAFF_PASSWORD_HASH was made with other costs than the guide takes.", _REMEDY)
    return n, r, p, salt, digest


def _scrypt(password: str, salt: bytes, n: int, r: int, p: int) -> bytes:
    memory = max(_MEMORY_BYTES, 128 * n * r * 2)
    return hashlib.scrypt(password.encode("utf-8", "surrogatepass"), salt=salt, n=n, r=r, p=p, maxmem=memory, dklen=32)


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode("ascii")
