"""Is it any good? Cases, records, scores and figures for a system that answers with citations."""
