"""One module a command; the only printers."""
