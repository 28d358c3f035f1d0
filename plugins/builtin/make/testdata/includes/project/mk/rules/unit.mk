.PHONY: test-unit
test-unit: ## Unit tests
	sh unit.sh
