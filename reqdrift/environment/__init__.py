"""Finds the environment that is meant, and reads it from its files."""
