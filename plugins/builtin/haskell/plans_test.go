package haskell

import (
	"testing"

	"github.com/davit-dev/davit/plugins/sdk/sdktest"
)

func TestPlans(t *testing.T) { sdktest.Golden(t, Read, "testdata") }
