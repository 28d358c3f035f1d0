package sdk

import "testing"

func TestNothing(t *testing.T) {}
