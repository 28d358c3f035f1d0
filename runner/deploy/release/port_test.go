package release

import "testing"

func TestPublishedAt(t *testing.T) {
	t.Parallel()
	for _, test := range [][3]string{
		{"", "8080", "8080"}, {"", "", "any"},
		{"127.0.0.1", "8080", "127.0.0.1:8080"}, {"127.0.0.1", "", "127.0.0.1:any"},
		{"::1", "8080", "[::1]:8080"}, {"[::1]", "8080", "[::1]:8080"}, {"0:0:0:0:0:0:0:1", "", "[::1]:any"},
		{"localhost", "1", "localhost:1"},
	} {
		if got := PublishedAt(test[0], test[1]); got != test[2] {
			t.Errorf("%q and %q are %q, want %q", test[0], test[1], got, test[2])
		}
	}
}

func TestPortsOfFormat1HaveNoBrackets(t *testing.T) {
	t.Parallel()
	if got := bracketed("80,127.0.0.1:81,::1:82,:::any"); got != "80,127.0.0.1:81,[::1]:82,[::]:any" {
		t.Error(got)
	}
}
