"""Many readers at once on a real server: what they wait for, what goes wrong, and what happens when there are too many.

Everything stays on this machine and ends by itself.
"""
