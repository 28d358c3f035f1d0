package release

import (
	"encoding/json"
	"fmt"
	"maps"
	"strings"

	"github.com/davit-dev/davit/internal/fault"
)

// Format is the version of the format of records that this davit writes. Every change of what a record means
// makes it greater. Format 1 had no number; 2 had a model besides the Compose text, no chain; 3 had no key; 4 had no
// way down, no mounted files and no folder.
const Format = 5

// FirstChained is the first format whose records name the records before them.
const FirstChained = 3

// A NewerError says that a newer davit has recorded something in an environment. This one reads what it knows
// of that, and changes nothing.
type NewerError struct {
	fault.Refusal
	What   string // "release 7 of staging"
	Format int
}

func (e *NewerError) Error() string {
	return fmt.Sprintf(
		"%s was recorded by a newer davit (format %d, and this one knows formats up to %d), so this one changes nothing",
		e.What, e.Format, Format)
}

// Hint returns the next thing to do.
func (e *NewerError) Hint() string { return "upgrade davit" }

// Writable returns an error if a newer davit has written the record.
func (r Release) Writable() error {
	if r.Format <= Format {
		return nil
	}
	return &NewerError{What: fmt.Sprintf("release %d of %s", r.Number, r.Environment), Format: r.Format}
}

// formatOf returns the format of a record: 1 for one without a number.
func formatOf(text []byte) int {
	var version struct{ Format int }
	if json.Unmarshal(text, &version) != nil || version.Format == 0 {
		return 1
	}
	return version.Format
}

// decodeLeniently reads what it can of a record of a newer format. Keys and words that it does not know are
// left out.
func decodeLeniently(text []byte, v any) {
	var keys map[string]json.RawMessage
	if json.Unmarshal(text, &keys) != nil {
		return
	}
	for name, value := range keys {
		one, err := json.Marshal(map[string]json.RawMessage{name: value})
		if err == nil {
			_ = json.Unmarshal(one, v) // one key that cannot be read leaves the others
		}
	}
}

// upgradeRelease turns a release of format 1 into one of today's.
func upgradeRelease(text []byte) []byte {
	return rewrite(text, func(doc map[string]any) {
		images, _ := doc["images"].(map[string]any)
		for _, i := range images {
			if image, ok := i.(map[string]any); ok {
				upgradeImage(image)
			}
		}
		model, _ := doc["model"].(map[string]any)
		services, _ := model["services"].(map[string]any)
		for _, s := range services {
			if service, ok := s.(map[string]any); ok {
				renameKeys(service, map[string]string{"because": "reason", "touched": "self_modified"})
				if shares := sharedOf(service["fields"]); len(shares) > 0 {
					service["shares"] = shares
				}
				upgradeFields(service["fields"],
					func(path string) string { return QualifyPath("docker", path) })
			}
		}
		for _, kind := range []string{"networks", "volumes"} {
			things, _ := model[kind].(map[string]any)
			for _, fields := range things {
				upgradeFields(fields, func(path string) string { return path })
			}
		}
	})
}

// upgradeImage gives an image of format 1 its source. It was known by its id, and the digest was that of a
// registry.
func upgradeImage(image map[string]any) {
	name, _ := image["name"].(string)
	if digest, _ := image["digest"].(string); digest != "" {
		image["source"] = SourceOf(name, digest)
	}
	image["digest"] = image["id"]
	delete(image, "id")
}

// sharedOf returns the services whose containers a service shares, which format 1 left to its fields.
func sharedOf(v any) map[string]string {
	fields, _ := v.(map[string]any)
	shares := map[string]string{}
	for _, key := range []string{"network_mode", "ipc", "pid"} {
		mode, _ := fields[key].(string)
		if name, ok := strings.CutPrefix(mode, "service:"); ok {
			shares[name] = key
		}
	}
	return shares
}

// upgradeFields gives secrets and paths the form that they have today.
func upgradeFields(v any, renamed func(string) string) {
	fields, _ := v.(map[string]any)
	for path, value := range maps.Clone(fields) {
		text, _ := value.(string)
		delete(fields, path)
		path = renamed(path)
		if hash, secret := strings.CutPrefix(text, "keyed:"); secret {
			fields[path] = hmacPrefix + hash
		} else if strings.HasPrefix(path, PortPrefix) {
			fields[path] = bracketed(text)
		} else {
			fields[path] = Literal(text)
		}
	}
}

// upgradeRepair turns the record of a heal of format 1 into one of today's.
func upgradeRepair(text []byte) []byte {
	actions := map[any]Action{
		"set aside": Quarantine, "set aside and replaced": QuarantineAndReplace, "more are started": ScaleUp,
		"those that are too many are removed": ScaleDown,
		"made":                                CreateMissing, "made anew, and everything on it": Recreate,
		"removed": DeleteExtra, "disconnected, and left to whoever it is of": Disconnect,
	}
	return rewrite(text, func(doc map[string]any) {
		renameKeys(doc, map[string]string{"ills": "findings"})
		for _, finding := range objects(doc["findings"]) {
			renameKeys(finding, map[string]string{"sick": "unhealthy", "cure": "action"})
			if action, known := actions[finding["action"]]; known {
				finding["action"] = action
			}
			for _, difference := range objects(finding["drift"]) {
				renameKeys(difference, map[string]string{"was": "before", "is": "after"})
				for _, side := range []string{"before", "after"} {
					difference[side] = upgradeValue(difference[side])
				}
			}
		}
	})
}

// upgradeValue turns a side of a difference into one of today's: absent was empty, and present without a text
// was "there".
func upgradeValue(v any) any {
	text, _ := v.(string)
	hash, secret := strings.CutPrefix(text, "keyed:")
	switch {
	case text == "":
		return nil
	case text == "there":
		return ""
	case secret:
		return map[string]any{"secret": hash}
	}
	return text
}

// rewrite changes a JSON object and sets its format to today's. Anything else is returned as it is; its
// reader refuses it.
func rewrite(text []byte, change func(map[string]any)) []byte {
	var doc map[string]any
	if json.Unmarshal(text, &doc) != nil || doc == nil {
		return text
	}
	change(doc)
	doc["format"] = Format
	out, err := json.Marshal(doc)
	if err != nil {
		return text
	}
	return out
}

func renameKeys(doc map[string]any, names map[string]string) {
	for before, after := range maps.All(names) {
		if value, has := doc[before]; has {
			doc[after] = value
			delete(doc, before)
		}
	}
}

// objects returns the objects of a list.
func objects(list any) (all []map[string]any) {
	items, _ := list.([]any)
	for _, item := range items {
		if object, ok := item.(map[string]any); ok {
			all = append(all, object)
		}
	}
	return all
}
