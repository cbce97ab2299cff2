"""What each command is for, in the words of the help."""

from __future__ import annotations

# In the order of the overview.
SUMMARIES = {
    "check": "compare the environment with the files (default)",
    "plan": "print commands that make the environment match the files",
    "diff": "show what fix would change, as a patch",
    "fix": "update the files to match the environment",
    "why": "show where projects are listed and what needs them",
    "freeze": "print the environment as a requirements file",
    "inspect": "print the environment as pip's inspect report",
    "env": "show which environment is checked, and why",
    "verify": "compare installed files with the hashes in RECORD",
    "init": "print a configuration that fits, and the hook's entry",
    "help": "show the options of a command: reqdrift help COMMAND",
}

_POLICY = ("unlisted", "ignore", "severity", "stdlib")
# What a command takes, so that an alias of check works, but does not use.
WITHOUT_EFFECT = {
    "why": (*_POLICY, "color"),
    "freeze": ("constraints", "extras", "groups", *_POLICY, "color"),
    "inspect": ("constraints", "extras", "groups", *_POLICY, "color", "installed", "platform"),
    "env": ("constraints", "extras", "groups", *_POLICY, "color"),
    "fix": ("color",),
    "plan": ("color",),
    "init": ("color", "installed", "platform"),
}
