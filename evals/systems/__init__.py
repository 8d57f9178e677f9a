"""The systems that can be measured: the guide and what it must beat. All answer the same way."""
