"""Our reading of both sides against that of the environment's own pip (`--cross-check`)."""
