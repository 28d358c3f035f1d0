package compressed

import (
	"bytes"
	"strings"
	"testing"
)

func TestExpandReturnsWhatWasCompressed(t *testing.T) {
	text := []byte(strings.Repeat("a line that comes again\n", 100))
	for _, base := range [][]byte{nil, text[:1000]} {
		data, err := Compress(text, base)
		if err != nil || len(data) >= len(text) {
			t.Fatalf("%d bytes of %d, %v", len(data), len(text), err)
		}
		for _, size := range []int{0, len(text)} {
			if got, err := Expand(data, base, size); err != nil || !bytes.Equal(got, text) {
				t.Errorf("%d bytes of %d, %v", len(got), len(text), err)
			}
		}
	}
}

func TestExpandRefusesDamagedData(t *testing.T) {
	data, err := Compress([]byte(strings.Repeat("text", 100)), nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, damaged := range [][]byte{data[:len(data)-1], append([]byte{'x'}, data...)} {
		if got, err := Expand(damaged, nil, 0); err == nil {
			t.Errorf("expanded to %q", got)
		}
	}
}
