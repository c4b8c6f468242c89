"""Items to stories: which pieces report the same event, and why."""
