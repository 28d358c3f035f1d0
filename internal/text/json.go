package text

import (
	"bytes"
	"fmt"
	"io"
	"unicode/utf16"
	"unicode/utf8"
)

// JSON returns a document of JSON in which what Line refuses is escaped as \uXXXX, and no CI system finds a
// command. It means the same.
func JSON(doc []byte) []byte {
	if bytes.Contains(doc, []byte("##")) {
		doc = []byte(breakMarks(string(doc), `#\u0023`))
	}
	if !bytes.ContainsFunc(doc, escapedInJSON) {
		return doc
	}
	var b bytes.Buffer
	for len(doc) > 0 {
		r, size := utf8.DecodeRune(doc)
		if escapedInJSON(r) {
			for _, unit := range utf16.Encode([]rune{r}) {
				fmt.Fprintf(&b, `\u%04x`, unit)
			}
		} else {
			b.Write(doc[:size])
		}
		doc = doc[size:]
	}
	return b.Bytes()
}

// escapedInJSON reports whether a rune is escaped. Line ends and indents stand between values only.
func escapedInJSON(r rune) bool { return r > '~' && Refused(r) }

// A JSONWriter writes documents of JSON as JSON has them. Each call of Write gets whole ones, as from a
// json.Encoder.
type JSONWriter struct{ W io.Writer }

// Write returns the length of the document as it was, and the error of the writer behind it.
func (w JSONWriter) Write(doc []byte) (int, error) {
	_, err := w.W.Write(JSON(doc))
	return len(doc), err
}
