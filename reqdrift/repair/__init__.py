"""Fix drift: change the files, or print commands that change the environment."""
