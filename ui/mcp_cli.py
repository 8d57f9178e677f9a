"""`wmai mcp`: the guide's tools for an assistant on the same machine, over standard input and output."""

from ui.options import StoreOption, load_settings


def mcp(store: StoreOption = None) -> None:
    """Serve the tools ask, search and get_passage to an assistant over standard input and output (MCP).

    Name this command in the assistant's settings. Over HTTP the same tools are at /mcp of `wmai serve`.
    """
    settings = load_settings(store=store)
    # Heavy, and only needed here.
    from rag.pipeline import Pipeline
    from ui.mcp_server import build_server
    from ui.turnstile import Turnstile

    with Pipeline.open(settings) as pipeline:
        build_server(Turnstile(pipeline, settings.concurrency), settings.request_timeout_s).run("stdio")
