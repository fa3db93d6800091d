"""Figures, never assertions about time: each module is a command that prints its result as one JSON object last."""
