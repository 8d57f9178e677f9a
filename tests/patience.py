"""How long a test waits for a browser before it gives up."""

BROWSER_WAIT_MS = 180_000
"""Nothing is timed by it: two cores that build, index and draw at once can keep a page waiting for a minute."""
