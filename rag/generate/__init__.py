"""Answers by a chat model, held to the passages: prompt, stream, gate, fallback."""
