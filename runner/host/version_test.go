package host

import "testing"

func TestTheVersionInAnAnswer(t *testing.T) {
	for text, want := range map[string]string{
		"go version go1.26.8 linux/amd64":                   "1.26.8",
		"go version go1.26rc2 linux/amd64":                  "1.26rc2",
		"Python 3.11.7rc1":                                  "3.11.7rc1",
		"Python 3.13.0a1":                                   "3.13.0a1",
		"v20.11.1\n":                                        "20.11.1",
		"rustc 1.80.0-nightly (ada5e2c7b 2024-05-31)":       "1.80.0-nightly 2024-05-31",
		"cargo 1.79.0 (ffa9cf99a 2024-06-03)":               "1.79.0",
		"openjdk 21 2023-09-19":                             "21",
		"GNU Make 4.3\nBuilt for x86_64":                    "4.3",
		"Docker version 27.3.1, build ce12230":              "27.3.1",
		"golangci-lint has version 2.1.6 built with go1.24": "2.1.6",
		"ruff 0.4.2":                                        "0.4.2",
		"none":                                              "",
	} {
		if got := versionIn(text); got != want {
			t.Errorf("%q: got %q, wanted %q", text, got, want)
		}
	}
}

func TestAccepts(t *testing.T) {
	for _, c := range []struct {
		want, version string
		ok            bool
	}{
		{"", "anything", true},
		{">=1.26", "1.26", true},
		{">=1.26", "1.26.8", true},
		{">=1.26", "1.26rc2", true},
		{">=1.26", "1.25.9", false},
		{">=go1.21", "1.22.0", true},
		{"^20 || ^22", "20.11.1", true},
		{"^20 || ^22", "21.0.0", false},
		{">= 18 < 21", "20.1.0", true},
		{">=18, <21", "21.0.0", false},
		{"<2", "2.0.0-rc.1", false},
		{">=3.9,<4", "3.11.7rc1", true},
		{"~=3.9", "3.12.1", true},
		{"~=3.9.1", "3.10.0", false},
		{"==3.11.*", "3.11.4", true},
		{"==3.11.*", "3.12.0", false},
		{"!=3.9.0,>=3.8", "3.9.0", false},
		{">=2.7, !=3.0.*, !=3.1.*", "3.11.7", true},
		{">=2.7, !=3.0.*, !=3.1.*", "3.1.2", false},
		{">=3.11.7rc2", "3.11.7rc1", false},
		{">=3.11.7rc2", "3.11.7rc10", true},
		{"20.x", "20.9.0", true},
		{"1.26", "1.26.3", true},
		{"1.26", "1.27.0", false},
		{"*", "4.3", true},
		{">=8", "8.0.302.1", true},
		{">=21", "21", true},
	} {
		ok, err := accepts(c.want, c.version)
		if ok != c.ok || err != nil {
			t.Errorf("%q, %q: got %v, %v", c.want, c.version, ok, err)
		}
	}
	for _, bad := range []string{"lts/*", ">>1", "latest"} {
		if _, err := accepts(bad, "1.0"); err == nil {
			t.Errorf("%q is no constraint", bad)
		}
	}
}

func FuzzAccepts(f *testing.F) {
	f.Add(">=1.26rc2", "go1.26rc2")
	f.Fuzz(func(t *testing.T, want, text string) {
		version := versionIn(text)
		if ok, err := accepts(want, version); ok && err != nil {
			t.Errorf("%q, %q: both accepted and %v", want, version, err)
		}
	})
}
