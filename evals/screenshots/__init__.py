"""Pictures of every page and state, light and dark, wide and narrow, made from a running guide."""
