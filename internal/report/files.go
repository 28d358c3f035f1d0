package report

import (
	"bytes"
	"encoding/xml"
	"io"
)

// A Case is a test case of JUnit XML.
type Case struct {
	Class, Name string
	// Text is what was said about it.
	Text string
}

// AddFiles adds the attribute file to the test cases of JUnit XML that have none, where it is known; all else stays as it is, and
// so does a document in another encoding than UTF-8.
func AddFiles(data []byte, of func(Case) string) []byte {
	var out bytes.Buffer
	d, written := xml.NewDecoder(bytes.NewReader(data)), int64(0)
	d.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil } // bytes stay where they are
	for {
		at := d.InputOffset()
		t, err := d.RawToken()
		if err != nil {
			out.Write(data[written:])
			return out.Bytes()
		}
		e, ok := t.(xml.StartElement)
		if !ok || e.Name.Local != "testcase" || attribute(e, "file") != "" {
			continue
		}
		file := of(Case{Class: attribute(e, "classname"), Name: attribute(e, "name"), Text: caseText(data[at:])})
		if file == "" {
			continue
		}
		behind := at + int64(len("<testcase"))
		if e.Name.Space != "" {
			behind += int64(len(e.Name.Space + ":"))
		}
		out.Write(data[written:behind])
		out.WriteString(` file="`)
		_ = xml.EscapeText(&out, []byte(file)) // a buffer takes all
		out.WriteString(`"`)
		written = behind
	}
}

func attribute(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// caseText returns what a document that begins with a test case says about it.
func caseText(data []byte) (text string) {
	var c junitCase
	d := xml.NewDecoder(bytes.NewReader(data))
	d.CharsetReader = latin1
	if d.Decode(&c) != nil {
		return ""
	}
	for _, f := range append(c.Faults, c.Errors...) {
		text += f.Message + "\n" + f.Text + "\n"
	}
	return text
}
