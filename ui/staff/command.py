"""`wmai staff`: what opens the staff page."""

import sys

import typer

from ui.terminal import err

staff = typer.Typer(
    help="Make the password and the token that open the staff page.",
    epilog="Example: wmai staff hash-password",
    no_args_is_help=True,
)


@staff.command("hash-password", epilog="Example: wmai staff hash-password >> .env")
def hash_password() -> None:
    """Ask for a password and print the setting that opens /staff with it.

    The password is typed twice and not shown; where standard input is no terminal, its first line is taken.
    """
    from ui.staff.secrets import hash_password as hashed

    if sys.stdin.isatty():
        password = typer.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
    else:
        password = sys.stdin.readline().rstrip("\r\n")
    sys.stdout.write(f"WMAI_STAFF_PASSWORD_HASH={hashed(password)}\n")


@staff.command("new-token", epilog="Example: wmai staff new-token >> .env")
def new_token() -> None:
    """Make a bearer token for /api/staff: it is shown once on standard error, its setting on standard output."""
    from ui.staff.secrets import new_token as made

    token, hashed = made()
    sys.stdout.write(f"WMAI_STAFF_TOKEN_HASH={hashed}\n")
    err().print(f"The token, shown this once: {token}", markup=False)
