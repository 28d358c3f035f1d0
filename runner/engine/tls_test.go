package engine

import (
	"path/filepath"
	"testing"
)

func TestTLSFiles(t *testing.T) {
	dir := t.TempDir()
	in := func(name string) string { return filepath.Join(dir, name) }
	for _, name := range []string{"ca.pem", "cert.pem", "key.pem"} {
		write(t, in(name), "")
	}
	empty := t.TempDir()
	for _, test := range []struct {
		env  environ
		want tlsFiles
		err  string
	}{
		{environ{}, tlsFiles{}, ""},
		{environ{tlsDir: dir}, tlsFiles{in("ca.pem"), in("cert.pem"), in("key.pem"), ""}, ""},
		{environ{tlsDir: dir, tlsServer: "b"}, tlsFiles{in("ca.pem"), in("cert.pem"), in("key.pem"), "b"},
			""},
		{environ{tlsCA: "a"}, tlsFiles{ca: "a"}, ""},
		{environ{tlsServer: "b"}, tlsFiles{server: "b"}, ""},
		{environ{tlsCert: "c", tlsKey: "k"}, tlsFiles{cert: "c", key: "k"}, ""},
		{environ{tlsCert: "c"}, tlsFiles{}, "only one of BUILDKIT_TLS_CERT and BUILDKIT_TLS_KEY is set"},
		{environ{tlsDir: dir, tlsCA: "a"}, tlsFiles{},
			"BUILDKIT_TLS_DIR and the variables of single files are both set"},
		{environ{tlsDir: empty}, tlsFiles{}, `BUILDKIT_TLS_DIR has "` + empty +
			`", without ca.pem, cert.pem and key.pem in it`},
	} {
		got, err := tlsFilesOf(test.env)
		switch {
		case err != nil && err.Error() != test.err, err == nil && test.err != "":
			t.Errorf("%v: error %v, wanted %q", test.env, err, test.err)
		case err == nil && got != test.want:
			t.Errorf("%v: got %+v, wanted %+v", test.env, got, test.want)
		}
	}
}
