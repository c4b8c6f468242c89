"""Sentence encoders of the extra `crosslingual`: what gives two texts in different languages a likeness.

Nothing here imports a model before its first text is encoded; without `crosslingual.model` nothing imports this at all.
"""
