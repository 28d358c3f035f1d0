def test_keel(): pass
