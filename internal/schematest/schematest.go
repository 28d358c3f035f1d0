// Package schematest checks, for tests, that what davit prints with --json is what its schemas say.
package schematest

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// Validate returns an error if one of the JSON values in a text does not validate by the schema of a name, or if the text
// has none.
func Validate(name, text string) error {
	_, file, _, _ := runtime.Caller(0)
	schema, err := jsonschema.NewCompiler().Compile(filepath.Join(filepath.Dir(file), "..", "..", "cmd", "internal", "cli", "schema", name+".json"))
	if err != nil {
		return err
	}
	if strings.TrimSpace(text) == "" {
		return errors.New("there is no JSON")
	}
	values := json.NewDecoder(strings.NewReader(text))
	for {
		var one json.RawMessage
		if err := values.Decode(&one); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		if err := validate(schema, one); err != nil {
			return fmt.Errorf("%w\nin %s", err, one)
		}
	}
}

func validate(schema *jsonschema.Schema, text json.RawMessage) error {
	value, err := jsonschema.UnmarshalJSON(strings.NewReader(string(text)))
	if err != nil {
		return err
	}
	return schema.Validate(value)
}
