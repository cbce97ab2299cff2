"""Rules that are written down outside of this project: versions, markers, URLs, modules."""
