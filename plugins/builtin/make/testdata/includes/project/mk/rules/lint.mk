lint:
	sh lint.sh
