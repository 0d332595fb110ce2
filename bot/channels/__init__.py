"""Ways by which a notice reaches a manager who does not look at the dashboard."""
