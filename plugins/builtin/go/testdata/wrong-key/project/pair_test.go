package pair

import "testing"

func TestNothing(t *testing.T) {}
