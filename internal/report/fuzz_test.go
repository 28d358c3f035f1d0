package report

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"testing"
)

func FuzzGoTestJSON(f *testing.F) { fuzz(f, "go-test-json") }
func FuzzTAP(f *testing.F)        { fuzz(f, "tap") }
func FuzzLibtest(f *testing.F)    { fuzz(f, "libtest") }
func FuzzUnittest(f *testing.F)   { fuzz(f, "unittest") }

// fuzz checks that any output is converted to JUnit XML with at least one case and matching counts, or gives
// ErrEmpty.
func fuzz(f *testing.F, format string) {
	files, _ := filepath.Glob(filepath.Join("testdata", format, "*.txt"))
	for _, file := range files {
		if data, err := os.ReadFile(file); err == nil {
			f.Add(data)
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		got, err := Convert(format, data, "shop")
		if errors.Is(err, ErrEmpty) {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		d := parsed(t, got)
		n := 0
		for _, s := range d.Suites {
			n += len(s.Cases)
		}
		if n == 0 || n != d.Tests {
			t.Errorf("%d cases, said to be %d, in\n%s", n, d.Tests, got)
		}
	})
}

func FuzzGoTestTextAcceptsAll(f *testing.F) {
	f.Add([]byte("{\"Action\":\"output\",\"Package\":\"a\",\"Test\":\"T/x\",\"Output\":\"--- FAIL: T\\n\"}\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		var b bytes.Buffer
		w := GoTestText(&b, &b)
		if n, err := w.Write(data); n != len(data) || err != nil {
			t.Errorf("wrote %d of %d: %v", n, len(data), err)
		}
		w.Close()
		if !bytes.HasPrefix(data, []byte("{")) && !bytes.ContainsAny(data, "{") &&
			!bytes.Equal(bytes.TrimSuffix(b.Bytes(), []byte("\n")), bytes.TrimSuffix(data, []byte("\n"))) {
			t.Errorf("%q became %q", data, b.Bytes())
		}
	})
}
