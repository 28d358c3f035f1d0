package compose

import (
	"errors"
	"strings"
	"testing"
)

// faultyVariables are texts that are no files of variables, with what is wrong: the sentence begins with the line.
var faultyVariables = map[string]string{
	"DB_PASSWORD=\"abc-hunter2secret\n":                         `1: the quote of DB_PASSWORD does not end`,
	"A=1\n\n# note\nDB_PASSWORD='abc-hunter2secret\nB=2\n":      `4: the quote of DB_PASSWORD does not end`,
	"export DB_PASSWORD = \"hunter2secret":                      `1: the quote of DB_PASSWORD does not end`,
	"DB_PASSWORD: \"hunter2secret":                              `1: the quote of a value does not end`,
	"hunter2 secret=\"x":                                        `1: there is a blank in the name of a variable`,
	"DB_PASSWORD=pa${ss-hunter2secret\n":                        `1: the value of DB_PASSWORD has a $ that begins no variable`,
	"A=\"x\ny\"\nDB_PASSWORD=\"pa${ss hunter2secret\"\n":        `3: the value of DB_PASSWORD has a $ that begins no variable`,
	"DB_PASSWORD=pa${S:?hunter2secret}\n":                       `1: the value of DB_PASSWORD needs a variable that is not set`,
	"DB_PASSWORD='it's-hunter2secret'\n":                        `1: there is text behind the closing quote of DB_PASSWORD`,
	"DB_PASSWORD='it's-hunter2=\"secret\n":                      `1: there is text behind the closing quote of DB_PASSWORD`,
	"DB_PASSWORD=\"x\nhunter2\"secret\"\n":                      `2: there is text behind the closing quote of DB_PASSWORD`,
	"A=1\nhunter2 secret\n":                                     `2: there is a blank in the name of a variable`,
	"KEY=-----BEGIN KEY-----\nhunter2/secret+\n-----END KEY---": `2: the line does not begin with the name of a variable`,
	"\uFEFFA=1\n\"hunter2secret\"=x\n":                          `2: the line does not begin with the name of a variable`,
	"A=${B:-x}\n{\"password\": \"hunter2secret\"}\n":            `2: the line does not begin with the name of a variable`,
}

// TestFaultsOfVariables: an error about a file of variables has its place, and nothing of its values, wherever the file
// is named.
func TestFaultsOfVariables(t *testing.T) {
	const service = "services:\n  a:\n    image: x\n"
	for text, want := range faultyVariables {
		for file, compose := range map[string]string{
			".env":         service,
			"db.env":       service + "    env_file: [db.env]\n",
			"labels.env":   service + "    label_file: [labels.env]\n",
			"sub/part.env": "include: [{path: sub/part.yaml, env_file: sub/part.env}]\n" + service,
		} {
			e := project(t, "-- compose.yaml --\n"+compose+"-- sub/part.yaml --\nservices: {b: {image: x}}\n-- "+file+" --\n"+text)
			checkFault(t, e.Dir, file+":"+want, loadError(t, e.Dir))
		}
		outside := project(t, "-- other.env --\n"+text).Dir + "/other.env"
		e := project(t, "-- compose.yaml --\n"+service+"    env_file: ["+outside+"]\n")
		checkFault(t, e.Dir, outside+":"+want, loadError(t, e.Dir))
	}
}

func TestFaultsOfRawVariables(t *testing.T) {
	for text, want := range map[string]string{
		"A=1\n=hunter2secret\n":                      "2: there is no name before the =",
		"# note\n\nhunter2 secret=x\n":               "3: there is a blank in the name of a variable",
		"A=1\nP=hunter2secret\xff\n":                 "2: the line is not text in UTF-8",
		"A=" + strings.Repeat("hunter2secret", 6000): "1: the line is too long",
	} {
		e := project(t, "-- compose.yaml --\nservices:\n  a:\n    image: x\n    env_file: [{path: r.env, format: raw}]\n-- r.env --\n"+text)
		checkFault(t, e.Dir, "r.env:"+want, loadError(t, e.Dir))
	}
}

// loadError returns the error of loading a project with the password in no variable.
func loadError(t *testing.T, dir string) error {
	e := project(t, "")
	e.Dir = dir
	_, err := loadFor(t, e, nil, nil)
	return err
}

func checkFault(t *testing.T, dir, want string, err error) {
	t.Helper()
	told := (*FileError)(nil)
	if !errors.As(err, &told) || err.Error() != want || told.Hint() == "" {
		t.Errorf("got %v\nwanted %s", err, want)
	}
	for ; err != nil; err = errors.Unwrap(err) {
		if said := err.Error() + told.Hint(); strings.Contains(said, "hunter2") || strings.Contains(said, "secret") {
			t.Errorf("has a part of a value: %s", said)
		}
	}
}
