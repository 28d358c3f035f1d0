package runner

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strconv"

	"github.com/davit-dev/davit/internal/cache"
	"github.com/davit-dev/davit/internal/tree"
	"github.com/davit-dev/davit/plugins/plan"
)

// A fingerprint is everything that the result of a step depends on.
type fingerprint struct {
	System string   `json:"system"`
	Op     plan.Op  `json:"op"`
	Where  Where    `json:"where,omitempty"` // empty for the host
	Argv   []string `json:"argv,omitempty"`
	Script string   `json:"script,omitempty"`
	Args   []string `json:"args,omitempty"`
	Dir    string   `json:"dir,omitempty"`
	Path   []string `json:"path,omitempty"`
	Tool   string   `json:"tool,omitempty"`
	// Programs are the files that the command and its script start, by the name that they have there.
	Programs map[string]string `json:"programs,omitempty"`
	Env      map[string]string `json:"env,omitempty"`      // declared variables; hashes, since values may be secrets
	Caller   map[string]string `json:"caller,omitempty"`   // the caller's variables; hashes
	Secret   map[string]string `json:"secret,omitempty"`   // ids by variable; never a value
	Made     []string          `json:"made,omitempty"`     // the paths of outputs
	Counting []string          `json:"counting,omitempty"` // the format by which tests are counted, and its arguments
	Image    map[string]string `json:"image,omitempty"`    // properties of an image
	Needs    map[string]string `json:"needs,omitempty"`
	Inputs   map[string]string `json:"inputs,omitempty"`

	// Ignored are the sums of files that git ignores, and the records of environments. They are no part of the
	// key: see states.
	Ignored map[string]string `json:"ignored,omitempty"`
	// doubts are why the result is not kept; none if everything is known that it depends on.
	doubts   []string
	misspelt []string // those among them about globs that the user wrote
	files    []string // those among the inputs that are files of the project
	folders  []string // absolute paths of folders of which all files count, whatever the inputs of the step are
}

// sum returns a sum in the form in which the inputs have it.
func (f fingerprint) sum(sum tree.Sum) string {
	if f.Where == InContainer {
		return sum.String()
	}
	return sum.Exact()
}

// keyVersion changes when results of older versions must not be reused.
const keyVersion = "step 4"

// key returns the key of a fingerprint.
func (f fingerprint) key() string {
	words := []string{keyVersion, f.System, string(f.Op), string(f.Where), f.Script, f.Dir, f.Tool}
	for _, list := range [][]string{f.Argv, f.Args, f.Path, f.Made} {
		words = append(append(words, strconv.Itoa(len(list))), list...)
	}
	if len(f.Counting) > 0 {
		words = append(append(words, "counting"), f.Counting...)
	}
	for _, sums := range []map[string]string{f.Programs, f.Env, f.Caller, f.Secret, f.Image, f.Needs, f.Inputs} {
		words = append(words, digest(sums))
	}
	return cache.Key(words...)
}

// digest identifies a map. No name has a NUL in it.
func digest(sums map[string]string) string {
	h := sha256.New()
	for _, name := range slices.Sorted(maps.Keys(sums)) {
		fmt.Fprintf(h, "%s\x00%d:%s\n", name, len(sums[name]), sums[name])
	}
	return hex.EncodeToString(h.Sum(nil))
}
