"""Hostile files and addresses inside the network, tried on the guide's own readers and fetcher: `make hostile`."""
