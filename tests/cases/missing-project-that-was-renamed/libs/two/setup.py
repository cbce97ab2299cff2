from setuptools import setup
setup(name="pyname", version="1")
