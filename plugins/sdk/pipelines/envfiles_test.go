package pipelines

import (
	"strings"
	"testing"
)

func TestVariablesOfFiles(t *testing.T) {
	files := project{"ci.env": "# of the pipeline\nSTRICT=1\nNAME=\"a b\"\nOTHER=$STRICT\n", "ci/lib.sh": "export STRICT=1\nLOCAL=1\n", ".env": "STRICT=1\n"}
	for script, want := range map[string]string{
		"set -a\n. ./ci.env\nset +a\ngo test":              "STRICT=1 NAME=a b",
		"set -a; source ci.env; go test":                   "STRICT=1 NAME=a b",
		"set -o allexport && . ./ci.env && go test":        "STRICT=1 NAME=a b",
		"if true; then . ./ci/lib.sh; fi\ngo test":         "STRICT=1",
		"export $(cat ci.env)\ngo test":                    "STRICT=1 NAME=a b",
		"export $(grep -v '^#' ci.env | xargs) && go test": "STRICT=1 NAME=a b",
		"env $(cat ci.env | xargs) go test":                "STRICT=1 NAME=a b",
		". ./ci.env\ngo test":                              "",
		"set -a; . ./.env; go test":                        "",
		"set -a; . ./none.env; go test":                    "",
		"echo all . ci.env\nset -a\ngo test":               "",
	} {
		for _, c := range Follow(files, ".", script) {
			if got := strings.Join(c.Env, " "); c.Words[0] == "go" && got != want {
				t.Errorf("%s: got %q, wanted %q", script, got, want)
			}
		}
	}
}
