"""From an Answer to a screen: the command line, the chat page and the HTTP API."""
