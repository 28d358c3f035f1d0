import unittest
import roman
