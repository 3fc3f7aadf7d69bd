"""Measurements of the running program: docs/performance.md has the figures.

Each takes its server along, on 127.0.0.1 and a data folder of its own, and stops it.
"""
