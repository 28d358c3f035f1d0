package light

import "testing"

func TestNothing(t *testing.T) {}
