"""Compare reqdrift's reading with that of the environment's own pip (`--cross-check`)."""
