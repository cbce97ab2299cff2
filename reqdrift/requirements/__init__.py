"""Reads requirements files as pip does, and keeps every line's place."""
