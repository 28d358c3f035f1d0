package quay

import "testing"

func TestNothing(t *testing.T) {}
