"""`wmai widget on|off|status`: the kill switch, for a server that is running."""

from typing import Annotated

import typer

from ui.options import StoreOption, load_settings
from ui.terminal import err

widget = typer.Typer(help="Switch the widget off and on while the server runs.", no_args_is_help=True)


@widget.command(epilog="Example: wmai widget off 'Back on Monday.'")
def off(
    message: Annotated[str, typer.Argument(help="What readers are shown.", show_default=False)] = "",
    store: StoreOption = None,
) -> None:
    """Answer no widget from now on; the guide's own page goes on."""
    from ui.embed import read_policy

    switch = read_policy(load_settings(store=store)).switch
    switch.parent.mkdir(parents=True, exist_ok=True)
    switch.write_text(message, encoding="utf-8")
    err().print("The widget is off. Switch it on with: wmai widget on", markup=False)


@widget.command()
def on(store: StoreOption = None) -> None:
    """Answer widgets again."""
    from ui.embed import read_policy

    policy = read_policy(load_settings(store=store))
    policy.switch.unlink(missing_ok=True)
    by_setting = "" if policy.enabled else " It stays off until WMAI_EMBED_ENABLED is no longer false."
    err().print(f"The widget is switched on.{by_setting}", markup=False)


@widget.command()
def status(store: StoreOption = None) -> None:
    """Say whether the widget is on, and which sites may embed it."""
    from ui.embed import read_policy

    policy = read_policy(load_settings(store=store))
    message = policy.off_message()
    typer.echo("on" if message is None else f"off: {message}")
    for origin, themes in policy.themes_by_origin.items():
        typer.echo(f"{origin} {'all themes' if not themes else ', '.join(themes)}")
