from setuptools import setup
setup(name="boom", packages=["boom"], extras_require={"dev": ["black", "pylint<4"]})
