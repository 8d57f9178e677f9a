"""Questions that the corpus answers, shown above an empty conversation."""

EXAMPLES: tuple[tuple[str, str], ...] = (
    ("Funding", "Who delivers the Midlands Engine Investment Fund II?"),
    ("Sector figures", "How many AI companies are there in the Midlands?"),
    ("Skills", "Are skills bootcamps in the West Midlands free?"),
    ("Mobility", "Who leads the Midlands Future Mobility consortium?"),
    ("Health", "Who directs the PIONEER health data hub?"),
    ("Research", "Which organisations make up the Baskerville consortium?"),
    ("Places", "What is STEAMhouse in Birmingham?"),
    ("Companies", "What is Silicon Spa?"),
)
"""Theme and question; each is checked against the real corpus by a test."""
