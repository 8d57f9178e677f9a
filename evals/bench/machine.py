"""What the machine itself can do: how fast it multiplies matrices of the embedding model's shapes."""

import time

import numpy as np

from evals.bench.process import Record

HIDDEN, INNER, LAYERS, HEADS = 384, 1536, 6, 12
"""Of all-MiniLM-L6-v2: width, width of the feed-forward layer, layers, attention heads."""
ROWS = 528
"""Word pieces multiplied at once: eight passages of 66."""
SECONDS = 1.5


def multiplying() -> Record:
    """Billions of floating-point operations a second in fp32, over one layer's matrix products with weights."""
    dice = np.random.default_rng(0)
    tokens, wide = (dice.standard_normal((ROWS, width), dtype=np.float32) for width in (HIDDEN, INNER))
    square = dice.standard_normal((HIDDEN, HIDDEN), dtype=np.float32)
    up, down = (dice.standard_normal(shape, dtype=np.float32) for shape in ((HIDDEN, INNER), (INNER, HIDDEN)))
    best = 0.0
    stop = time.perf_counter() + SECONDS
    while time.perf_counter() < stop:
        begun = time.perf_counter()
        for _ in range(4):
            np.matmul(tokens, square)
        np.matmul(tokens, up)
        np.matmul(wide, down)
        # What the machine can do is its best: anything slower was somebody else's work.
        best = max(best, weight_operations(ROWS) / LAYERS / (time.perf_counter() - begun))
    return {"gflops": best / 1e9}


def weight_operations(pieces: int) -> int:
    """Operations of the products with weights in one pass over so many word pieces; a multiply and an add are two."""
    return LAYERS * 2 * pieces * (4 * HIDDEN * HIDDEN + 2 * HIDDEN * INNER)


def operations(pieces: int) -> int:
    """All matrix operations for a text of so many word pieces, the products of attention included."""
    return weight_operations(pieces) + LAYERS * 4 * pieces * pieces * HIDDEN
