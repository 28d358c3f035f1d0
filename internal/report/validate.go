package report

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/davit-dev/davit/plugins/plan"
)

// validators check the formats that are returned as they are.
var validators = map[string]func([]byte) error{
	plan.FormatJUnit:      func(data []byte) error { return checkXML(data, "testsuites", "testsuite") },
	plan.FormatCheckstyle: func(data []byte) error { return checkXML(data, "checkstyle") },
	plan.FormatSARIF:      checkJSON,
}

func checkJSON(data []byte) error {
	var object map[string]json.RawMessage
	if err := json.Unmarshal(data, &object); err != nil {
		return fmt.Errorf("it is not a JSON object: %w", err)
	}
	if object["runs"] == nil {
		return errors.New(`it has no "runs"`)
	}
	return nil
}

// checkXML reads the whole document, so that one that was cut off is found here and not by its last reader.
func checkXML(data []byte, roots ...string) error {
	d := xml.NewDecoder(bytes.NewReader(data))
	d.CharsetReader = latin1
	root := ""
	for {
		t, err := d.Token()
		if errors.Is(err, io.EOF) && root != "" {
			return nil
		}
		if errors.Is(err, io.EOF) {
			return errors.New("it is empty")
		}
		if err != nil {
			return err
		}
		if e, ok := t.(xml.StartElement); ok && root == "" {
			if root = e.Name.Local; !slices.Contains(roots, root) {
				return fmt.Errorf("its root is <%s>, wanted <%s>", root, roots[0])
			}
		}
	}
}

// latin1 decodes every encoding that is not UTF-8: the markup, which matters here, is ASCII in all of them.
func latin1(_ string, r io.Reader) (io.Reader, error) {
	data, err := io.ReadAll(r)
	runes := make([]rune, len(data))
	for i, b := range data {
		runes[i] = rune(b)
	}
	return bytes.NewReader([]byte(string(runes))), err
}
