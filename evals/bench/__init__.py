"""`make bench`: how fast the guide is beside the usual tutorial pipeline, on the same texts in one run.

Every figure comes from a process started for it, the two sides taking turns, so that neither warms up for the other.
"""
