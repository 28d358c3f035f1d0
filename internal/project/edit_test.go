package project

import "testing"

const ref = "registry.example.com/platform/acme:1.4"

func TestSetPlugin(t *testing.T) {
	grant := Grant{Env: []string{"TEAM"}, WriteCI: true}
	written := "[plugins.acme]\nfrom = \"" + ref + "\"\ngrant = { env = [\"TEAM\"], write-ci = true }\n"
	for was, want := range map[string]string{
		"":                     written,
		"on = \"host\" # so\n": "on = \"host\" # so\n\n" + written,
		"[plugins.acme]\nfrom = \"a.wasm\" # old\nconfig = { x = 1 }\n\n[targets.own]\nrun = \"true\"\n": written +
			"config = { x = 1 }\n\n[targets.own]\nrun = \"true\"\n",
	} {
		got, err := SetPlugin([]byte(was), "acme", ref, grant)
		if err != nil || string(got) != want {
			t.Errorf("%q became %q (%v), wanted %q", was, got, err, want)
		}
		if again, err := SetPlugin(got, "acme", ref, grant); err != nil || string(again) != want {
			t.Errorf("%q became %q (%v)", got, again, err)
		}
	}
}

func TestRemovePlugin(t *testing.T) {
	for was, want := range map[string]string{
		"[plugins.acme]\nfrom = \"" + ref + "\"\n":                                                       "",
		"# first\non = \"host\"\n\n[plugins.acme]\nfrom = \"" + ref + "\"\n\n[plugins.go]\noff = true\n": "# first\non = \"host\"\n\n[plugins.go]\noff = true\n",
	} {
		if got, err := RemovePlugin([]byte(was), "acme"); err != nil || string(got) != want {
			t.Errorf("%q became %q (%v), wanted %q", was, got, err, want)
		}
	}
}

// TestAnEditThatMeansMoreIsRefused: tables that are written otherwise, or that lines of a text look like, stay as they are.
func TestAnEditThatMeansMoreIsRefused(t *testing.T) {
	for _, was := range []string{
		"plugins.acme.from = \"" + ref + "\"\n",
		"[plugins]\nacme = { from = \"" + ref + "\" }\n",
		"[plugins.acme]\nfrom = \"" + ref + "\"\n[plugins.acme.config]\nx = 1\n",
		"[targets.own]\nrun = '''\n[plugins.acme]\n'''\n",
		"[plugins.acme]\nfrom = \"" + ref + "\"\nconfig = { x = '''\n[y]\n''' }\n",
	} {
		if got, err := RemovePlugin([]byte(was), "acme"); err == nil {
			t.Errorf("%q became %q", was, got)
		}
	}
	if got, err := SetPlugin([]byte("[plugins]\nacme = { off = true }\n"), "acme", ref, Grant{}); err == nil {
		t.Errorf("it became %q", got)
	}
}

func TestValidReference(t *testing.T) {
	for text, want := range map[string]bool{
		ref: true, "127.0.0.1:5000/team/acme:1": true, "localhost:5000/acme:1": true, "[::1]:5000/acme:v1.2-rc.1": true, "hub:5000/a/b:latest": true,
		"acme": false, "acme:1": false, "team/acme:1": false, "registry.example.com/acme": false, "registry.example.com/../acme:1": false,
		"https://registry.example.com/acme:1": false, "registry.example.com/Acme:1": false, "registry.example.com/acme:1\n": false, "r.io/a:1 b": false,
	} {
		if got := ValidReference(text); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
}
