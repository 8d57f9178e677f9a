"""`wmai serve`: the chat page and the API on one port."""

from typing import Annotated

import typer

from ui.options import StoreOption, load_settings


def serve(
    host: Annotated[
        str | None, typer.Option(help="Address to listen on. Default: WMAI_HOST, else 127.0.0.1", show_default=False)
    ] = None,
    port: Annotated[
        int | None,
        typer.Option(
            min=0,
            max=65535,
            help="Port to listen on; 0 takes a free one. Default: WMAI_PORT, else 7860",
            show_default=False,
        ),
    ] = None,
    store: StoreOption = None,
    open_browser: Annotated[bool, typer.Option("--open", help="Show the page in the browser.")] = False,
) -> None:
    """Serve the chat page and the API, until Ctrl-C.

    Nothing is fetched from or sent to any other machine. The API is described at /docs.
    """
    settings = load_settings(store=store, host=host, port=port)
    from ui.server import run

    run(settings, open_browser=open_browser)
