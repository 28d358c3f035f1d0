port = 1
