package ui

import (
	"bytes"
	"strings"
	"testing"
	"time"
)

// Inner is exported since JSON has members of embedded types then.
type Inner struct {
	Names []string `json:"names"`
}

type outer struct {
	Inner
	Parts   []Inner          `json:"parts"`
	Whole   *Inner           `json:"whole"`
	None    *Inner           `json:"none"`
	By      map[string]Inner `json:"by"`
	Any     any              `json:"any"`
	Left    []string         `json:"left,omitempty"`
	Zero    Inner            `json:"zero,omitzero"`
	Bytes   []byte           `json:"bytes,omitempty"`
	Time    time.Time        `json:"time"`
	Self    *outer           `json:"-"`
	private []string
}

// TestListsAreNeverNull: a list is [] in JSON, however deep it is, what is left out stays left out, and the object is unchanged.
func TestListsAreNeverNull(t *testing.T) {
	object := outer{Parts: []Inner{{}}, Whole: &Inner{}, By: map[string]Inner{"a": {}}, Any: Inner{}}
	object.Self = &object
	var b bytes.Buffer
	if err := (Encoder{plainEncoder(&b)}).Encode(object); err != nil {
		t.Fatal(err)
	}
	const empty = `{"names":[]}`
	want := `{"version":1,"names":[],"parts":[` + empty + `],"whole":` + empty + `,"none":null,"by":{"a":` + empty +
		`},"any":` + empty + `,"time":"0001-01-01T00:00:00Z"}`
	if got := strings.TrimSpace(b.String()); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if object.Parts[0].Names != nil || object.Whole.Names != nil || object.private != nil {
		t.Error("the object itself is changed")
	}
}
