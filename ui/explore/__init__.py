"""The pages that show what the guide holds and what it lacks: an overview, a table of sources, a timeline of facts."""
