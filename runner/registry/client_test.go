package registry

import "testing"

func TestLoopback(t *testing.T) {
	for registry, want := range map[string]bool{
		"localhost": true, "localhost:5000": true, "127.0.0.1:5000": true, "127.9.9.9": true, "[::1]": true,
		"[::1]:5000":           true,
		"registry.example.com": false, "10.0.0.1:5000": false, "localhost.example.com": false,
		"0.0.0.0:5000": false,
		"[::2]:5000":   false, "[2001:db8::1]": false,
	} {
		if got := loopback(registry); got != want {
			t.Errorf("loopback(%q) is %v", registry, got)
		}
	}
}

func TestRepositoryOfAnIPv6Address(t *testing.T) {
	repo, err := openRepository("[::1]:5000/team/shop", t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	if !repo.PlainHTTP || repo.Reference.Registry != "[::1]:5000" ||
		repo.Reference.Repository != "team/shop" {
		t.Errorf("got %v, plain HTTP: %v", repo.Reference, repo.PlainHTTP)
	}
}
