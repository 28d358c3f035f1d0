"""Set up."""
from setuptools import setup, find_packages

INSTALL = [
    "six>=1.15",  # a comment, with "quotes"
    'attrs ; python_version < "3.8"',
]

setup(
    name='knots',
    version="0.3",
    packages=find_packages(exclude=["tests"]),
    python_requires=">=3.6, !=3.7.*",
    install_requires=INSTALL,
    tests_require=["mock"],
    extras_require={
        "fast": ["cython"],
        'all': INSTALL,
    },
    entry_points={"console_scripts": ["knots = knots.cli:main"]},
)
