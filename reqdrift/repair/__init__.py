"""The ways out of a drift: the file as it should read, or commands that mend the environment."""
