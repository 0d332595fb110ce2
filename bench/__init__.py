"""Measurements: each prints a table, keeps its figures in bench/results.json, and says on what machine."""
