"""Items to reprints: which pieces are copies of another piece's text."""
