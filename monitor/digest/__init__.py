"""Stories -> digest: what is shown and in which order (select, summary), and how it reads (render)."""
