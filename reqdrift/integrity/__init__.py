"""Installed files against their distributions' RECORDs."""
