"""The environment that is checked: which one it is (`locate`), and what it holds (`disk`)."""
