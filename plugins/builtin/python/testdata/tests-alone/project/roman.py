def roman(n): pass
