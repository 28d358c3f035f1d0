package taskname

import (
	"fmt"
	"testing"
)

func TestNames(t *testing.T) {
	for name, want := range map[string]string{ // Checks, MayCheck, ChecksOrTests
		"lint": "true true true", "lint-all": "true true true", "ci:lint": "true true true", "eslint-check": "true true true",
		"vet": "true true true", "types": "true true true", "type": "true true true", "check_types": "true true true",
		"codestyle": "true true true", "checkstyle": "true true true", "test:types": "true true true", "test-lint": "true true true",
		"fmt-check": "true true true", "format.check": "true true true", "verify-imports": "true true true",
		"format:ci": "true false true", "test:format": "true false true", "fmt-diff": "true false true",
		"check": "false true true", "verify": "false true true", "check:md": "false true true",
		"lint:fix": "false true true", "lint:no-fix": "false true true", "lint:anything": "false true true", "eslint:fix": "false true true",
		"fmt": "false false true", "format": "false false true", "prettier": "false false true", "test": "false false true",
		"unittests": "false false true", "test-e2e": "false false true", "coverage": "false false true", "lint-docker": "false false true",
		"build": "false false false", "release": "false false false", "start": "false false false", "src": "false false false", "ci": "false false false",
		"deploy-check": "false false true", "": "false false false",
	} {
		if got := fmt.Sprint(Checks(name), MayCheck(name), ChecksOrTests(name)); got != want {
			t.Errorf("%q: got %s, wanted %s", name, got, want)
		}
	}
}
