from setuptools import setup

TESTS = ["beta-x>=1"]
setup(name="own", install_requires=open("requirements.txt").readlines(), tests_require=TESTS)
