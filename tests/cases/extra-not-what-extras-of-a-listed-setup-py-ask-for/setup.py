from setuptools import setup
setup(name="shop", version="1", extras_require={"dev": ["lint"]})
