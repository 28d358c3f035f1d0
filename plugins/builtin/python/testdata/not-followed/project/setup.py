import os
from setuptools import setup
here = os.path.dirname(__file__)
setup(name="x", version=open(os.path.join(here, "..", "VERSION")).read())
