import boom

def test_boom(): pass
