package secret

import "testing"

func TestSecretFiles(t *testing.T) {
	for file, want := range map[string]bool{"/home/a/.pgpass": true, "~/.netrc": true, "x/.git-credentials": true,
		"/home/a/.bash_history": true, ".env": true, ".env.local": true, "prod.env": true, "id_ed25519": true, "id_rsa": true,
		"tls/server.pem": true, "tls/server.key": true, "/home/a/.kube/config": true, "/home/a/.docker/config.json": true,
		"/etc/shadow": true, "config.json": false, "app/config": false, "nginx.conf": false, "id_rsa.pub": false,
		"history": false, "keys.yaml": false, "": false} {
		if got := InFile(file); got != want {
			t.Errorf("%q: got %t", file, got)
		}
	}
}

func TestPasswordsOfNetrc(t *testing.T) {
	for text, want := range map[string]string{
		"machine h login joe password netrccrown99":           "netrccrown99",
		"machine h\n  login joe\n  password netrccrown99\n":   "netrccrown99",
		"machine h password netrccrown99":                     "netrccrown99",
		"x\ndefault login joe account b password \"a b\"\n":   "a b",
		"the login of joe and his password are in the manual": "",
	} {
		got := ""
		for _, s := range (Names{}).Spans(text) {
			got += text[s.Start:s.End]
		}
		if got != want {
			t.Errorf("%q: got %q, wanted %q", text, got, want)
		}
	}
}
