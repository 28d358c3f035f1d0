more:
	true
