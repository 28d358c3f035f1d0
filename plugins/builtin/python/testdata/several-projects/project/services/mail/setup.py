from setuptools import setup
setup(name='mail')
