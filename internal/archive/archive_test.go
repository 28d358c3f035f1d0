package archive

import (
	"archive/tar"
	"bytes"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// TestAnArchiveHasItsFiles packs files twice, in two orders of a map: the bytes are the same, and so are the files.
func TestAnArchiveHasItsFiles(t *testing.T) {
	files := map[string][]byte{"convention.toml": []byte("a"), "templates/x/1/files/{{name}}.go.tmpl": nil,
		"long/" + strings.Repeat("x", 300): []byte("\x00\xff"), "ä/b": []byte(strings.Repeat("b", 1000))}
	data, err := Pack(files)
	if err != nil {
		t.Fatal(err)
	}
	if again, _ := Pack(maps.Clone(files)); !bytes.Equal(data, again) {
		t.Error("the same files give two archives")
	}
	got, err := Open(data)
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range files {
		if text, err := fs.ReadFile(got, name); err != nil || !bytes.Equal(text, want) {
			t.Errorf("%s: got %q, %v", name, text, err)
		}
	}
	if err := fstest.TestFS(got, slices.Collect(maps.Keys(files))...); err != nil {
		t.Error(err)
	}
}

// TestABadArchiveIsRefused opens what a registry may serve.
func TestABadArchiveIsRefused(t *testing.T) {
	whole, err := Pack(map[string][]byte{"a": []byte(strings.Repeat("a", 600))})
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		data []byte
		want string
	}{
		"garbage":   {bytes.Repeat([]byte("x"), 2000), "it is no archive"},
		"cut":       {whole[:600], "it is no archive"},
		"link":      {archiveOf(t, tar.Header{Typeflag: tar.TypeSymlink, Name: "a", Linkname: "/etc/passwd"}), `"a" in it is no regular file`},
		"folder":    {archiveOf(t, tar.Header{Typeflag: tar.TypeDir, Name: "a/"}), `"a/" in it is no regular file`},
		"upwards":   {archiveOf(t, tar.Header{Name: "../a"}), `"../a" in it is no path of an archive`},
		"absolute":  {archiveOf(t, tar.Header{Name: "/a"}), `"/a" in it is no path of an archive`},
		"drive":     {archiveOf(t, tar.Header{Name: "c:a"}), `"c:a" in it is no path of an archive`},
		"twice":     {archiveOf(t, tar.Header{Name: "a"}, tar.Header{Name: "a"}), `"a" is in it twice`},
		"both":      {archiveOf(t, tar.Header{Name: "a"}, tar.Header{Name: "a/b"}), `"a" in it is a file and a folder`},
		"sparse":    {sparse(), "its files have more bytes than it has itself"},
		"many":      {archiveOf(t, make([]tar.Header, maxFiles+1)...), "it has more than 10000 files"},
		"announced": {announcing(1 << 40), "its files have more bytes than it has itself"},
	} {
		if _, err := Open(c.data); err == nil || err.Error() != c.want {
			t.Errorf("%s: got %v, wanted %s", name, err, c.want)
		}
	}
}

// archiveOf returns a tar of empty files. One without a name gets its number.
func archiveOf(t *testing.T, headers ...tar.Header) []byte {
	t.Helper()
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for i, h := range headers {
		if h.Name == "" {
			h.Name = "f" + string(rune('a'+i%26)) + strings.Repeat("x", i/26%90) + string(rune('0'+i/26/90))
		}
		if err := w.WriteHeader(&h); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// announcing returns a tar whose only file has a size, and no content.
func announcing(size int64) []byte {
	var b bytes.Buffer
	_ = tar.NewWriter(&b).WriteHeader(&tar.Header{Name: "a", Size: size, Format: tar.FormatGNU})
	return b.Bytes()
}

// sparse returns a tar with a file that is one hole of a terabyte.
func sparse() []byte {
	header := func(kind byte, name string, content string) []byte {
		var b bytes.Buffer
		w := tar.NewWriter(&b)
		_ = w.WriteHeader(&tar.Header{Typeflag: tar.TypeReg, Name: name, Size: int64(len(content)), Format: tar.FormatUSTAR})
		_, _ = w.Write([]byte(content))
		_ = w.Flush()
		block := b.Bytes()
		block[156] = kind
		copy(block[148:156], "        ")
		sum := 0
		for _, c := range block[:512] {
			sum += int(c)
		}
		copy(block[148:156], fmt.Sprintf("%06o\x00 ", sum))
		return block
	}
	records := ""
	for _, r := range []string{"GNU.sparse.major=0", "GNU.sparse.minor=1", "GNU.sparse.name=a", "GNU.sparse.size=1099511627776",
		"GNU.sparse.numblocks=1", "GNU.sparse.map=1099511627776,0"} {
		n := len(r) + 4
		records += fmt.Sprintf("%d %s\n", n, r)
	}
	return slices.Concat(header('x', "pax", records), header('0', "a", ""), make([]byte, 1024))
}

func FuzzOpen(f *testing.F) {
	data, err := Pack(map[string][]byte{"a/b": []byte("c"), "d": nil})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	f.Fuzz(func(t *testing.T, data []byte) {
		files, err := Open(data)
		if err != nil {
			return
		}
		err = fs.WalkDir(files, ".", func(name string, d fs.DirEntry, err error) error {
			if !fs.ValidPath(name) || !d.IsDir() && !d.Type().IsRegular() {
				t.Errorf("%q is %s", name, d.Type())
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	})
}
