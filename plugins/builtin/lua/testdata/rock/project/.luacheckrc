std = "min"
