"""The ways out of a drift: the file as it should read, or commands that repair the environment."""
