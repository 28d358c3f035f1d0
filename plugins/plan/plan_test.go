package plan

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
)

const good = `{
  "api": 1, "match": true, "stack": "go", "summary": "Go module example.com/shop (go 1.26)",
  "tools": {"go": {"version": ">=1.26", "check": ["go", "version"], "image": "golang:1.26"}},
  "steps": {
    "deps":  {"op": "exec", "argv": ["go", "mod", "download"], "tool": "go",
              "inputs": ["go.mod", "go.sum"], "caches": [{"id": "go-mod", "env": "GOMODCACHE"}]},
    "build": {"op": "exec", "argv": ["go", "build", "-o", "bin/", "./cmd/..."], "tool": "go", "needs": ["deps"],
              "inputs": ["**/*.go", "go.mod", "go.sum"], "outputs": ["bin/"], "env": {"CGO_ENABLED": "0"},
              "settings": ["~/.config/go/env", "$GOENV", "$XDG_CONFIG_HOME/go/env", "../go.work"]}
  },
  "targets": {"init": ["deps"], "build": ["build"]},
  "depends_on": ["../lib"]
}`

func TestParseReadsTheAnswerOfTheDesign(t *testing.T) {
	p, err := Parse([]byte(good))
	if err != nil {
		t.Fatal(err)
	}
	if p.Steps["build"].Argv[1] != "build" || p.Tools["go"].Image != "golang:1.26" ||
		p.Targets["init"][0] != "deps" {
		t.Errorf("got %+v", p)
	}
}

func TestParseRefuses(t *testing.T) {
	step := func(fields string) string { return `{"api":1,"match":true,"steps":{"a":{` + fields + `}}}` }
	for name, c := range map[string]struct{ text, want string }{
		"nothing":              {``, "the answer is empty"},
		"not JSON":             {`hello`, "invalid character"},
		"too deep":             {strings.Repeat(`{"a":`, 100_000), "nested more than 16 deep"},
		"half":                 {`{"api":1`, "not closed"},
		"more":                 {`{"api":1,"match":false}{}`, "more after the JSON object"},
		"other api":            {`{"api":2,"match":true}`, "api is 2, wanted 1"},
		"unknown key":          {`{"api":1,"match":true,"step":{}}`, `unknown key "step"`},
		"key in capitals":      {`{"API":1,"match":true}`, `unknown key "API" in the plan`},
		"step key in capitals": {step(`"OP":"exec"`), `unknown key "OP" in "steps.a"`},
		"key twice":            {`{"api":1,"api":1,"match":true}`, `key "api" appears twice in the plan`},
		"unknown step key":     {step(`"op":"exec","cmd":["a"]`), `step "a": unknown key "cmd"`},
		"wrong type": {step(`"op":"exec","argv":"a"`),
			`step "a": key "argv" is a string, which is the wrong type`},
		"unknown op":         {step(`"op":"eval"`), `step "a": unknown op "eval"`},
		"op without content": {step(`"op":"exec"`), `step "a": op "exec" needs "argv"`},
		"op with other": {step(`"op":"exec","argv":["a"],"script":"b"`),
			`op "exec" does not go with "script"`},
		"absolute program": {step(`"op":"exec","argv":["/bin/sh"]`),
			`argv: "/bin/sh" is an absolute path`},
		"program outside": {step(`"op":"exec","argv":["../x"]`), `argv: "../x" leaves the project`},
		"dir outside": {step(`"op":"exec","argv":["a"],"dir":"../x"`),
			`dir: "../x" leaves the project with ".."`},
		"absolute output": {step(`"op":"exec","argv":["a"],"outputs":["/etc"]`),
			`outputs: "/etc" is an absolute path`},
		"whole project": {step(`"op":"exec","argv":["a"],"outputs":["."]`),
			`outputs: "." contains files that are not the step's`},
		"git's own": {step(`"op":"exec","argv":["a"],"outputs":[".git/"]`),
			`".git/" is git's own`},
		"drive": {step(`"op":"exec","argv":["a"],"outputs":["C:/x"]`), `is an absolute path`},
		"input outside": {step(`"op":"exec","argv":["a"],"inputs":["!a/../../b"]`),
			`leaves the project`},
		"setting nowhere": {step(`"op":"exec","argv":["a"],"settings":["etc/x"]`),
			`settings: "etc/x" does not begin with ~/, ../ or a variable`},
		"setting above a home": {step(`"op":"exec","argv":["a"],"settings":["~/../x"]`),
			`settings: "../x" leaves the project`},
		"file outside": {step(`"op":"write","files":{"../a":"b"}`),
			`files: "../a" leaves the project`},
		"long form": {step(`"op":"exec","argv":["a"],"outputs":["./bin"]`),
			`is not in its shortest form`},
		"unknown order": {`{"api":1,"match":true,"order":"typed"}`,
			`order is "typed", wanted sequential or parallel`},
		"up to date without a command": {step(`"op":"exec","argv":["a"],"up_to_date":{"argv":[]}`), "up_to_date has no argv"},
		"up to date outside": {step(`"op":"exec","argv":["a"],"up_to_date":{"argv":["/bin/true"]}`),
			`up_to_date: "/bin/true" is an absolute path`},
		"up to date by a file outside": {step(`"op":"exec","argv":["a"],"up_to_date":{"argv":["a"],"files":["../a"]}`),
			`up_to_date: "../a" leaves the project`},
		"environment that is no output": {step(`"op":"exec","argv":["a"],"outputs":["b/"],"provides":{"dir":"c/"}`),
			`provides: "c/" is none of the outputs`},
		"record outside": {
			step(`"op":"exec","argv":["a"],"outputs":["b/"],"provides":{"dir":"b/","foreign":["../c"]}`),
			`provides: "../c" leaves the project`},
		"missing need": {step(`"op":"exec","argv":["a"],"needs":["b"]`),
			`step "a": needs "b", which is not a step`},
		"missing after": {step(`"op":"exec","argv":["a"],"after":["b"]`),
			`step "a": comes after "b", which is not a step`},
		"after itself": {step(`"op":"exec","argv":["a"],"after":["a"]`),
			`step "a": needs itself: a → a`},
		"missing tool": {step(`"op":"exec","argv":["a"],"tool":"b"`),
			`step "a": tool "b" is not among the tools`},
		"itself": {step(`"op":"exec","argv":["a"],"needs":["a"]`),
			`step "a": needs itself: a → a`},
		"bad variable": {step(`"op":"exec","argv":["a"],"env":{"A=B":"c"}`),
			`"A=B" is not the name of a variable`},
		"cache of nothing": {step(`"op":"exec","argv":["a"],"caches":[{"id":"x"}]`),
			`either a path or an env`},
		"report format": {step(`"op":"exec","argv":["a"],"reports":[{"format":"x"}]`),
			`unknown report format "x"`},
		"test runner":      {step(`"op":"exec","argv":["a"],"test_runner":"x"`), `unknown test runner "x"; known are pytest, `},
		"image of nothing": {step(`"op":"image","image":{}`), `either a dockerfile or a base`},
		"check of nothing": {step(`"op":"image","image":{"base":"x","healthcheck":{"argv":[]}}`),
			`healthcheck has no program`},
		"check of Dockerfile": {step(`"op":"image","image":{"dockerfile":"x","healthcheck":{"argv":["y"]}}`),
			`an image with a dockerfile has the health check of its Dockerfile`},
		"check before now": {step(
			`"op":"image","image":{"base":"x","healthcheck":{"argv":["y"],"interval":-1}}`),
			`healthcheck: a number is below 0`},
		"negative timeout": {step(`"op":"exec","argv":["a"],"timeout":-1`), `timeout is -1 seconds`},
		"a year":           {step(`"op":"exec","argv":["a"],"timeout":31536000`), `timeout is 31536000 seconds, wanted 0 to 86400`},
		"NUL in env":       {step(`"op":"exec","argv":["a"],"env":{"A":"b\u0000c"}`), `env: the value of "A" has a NUL in it`},
		"NUL in argv":      {step(`"op":"exec","argv":["a","b\u0000"]`), `argv has a NUL in it`},
		"NUL in script":    {step(`"op":"shell","script":"b\u0000"`), `script has a NUL in it`},
		"pass_env":         {step(`"op":"exec","argv":["a"],"pass_env":["A=B"]`), `"A=B" is not the name of a variable`},
		"id with C1":       {`{"api":1,"match":true,"steps":{"a\u009bb":{"op":"exec","argv":["a"]}}}`, `step "a\u009bb": the id has characters`},
		"id with bidi":     {`{"api":1,"match":true,"steps":{"a\u202eb":{"op":"exec","argv":["a"]}}}`, `step "a\u202eb": the id has characters`},
		"id with ESC":      {`{"api":1,"match":true,"steps":{"a\u001bb":{"op":"exec","argv":["a"]}}}`, `step "a\x1bb": the id has characters`},
		"tool with bidi":   {`{"api":1,"match":true,"tools":{"a\u202eb":{}}}`, `tool "a\u202eb": the id has characters`},
		"dir in git":       {step(`"op":"exec","argv":["a"],"dir":"a/.GIT"`), `dir: "a/.GIT" is git's own`},
		"report in git":    {step(`"op":"exec","argv":["a"],"reports":[{"format":"junit","path":".git/x"}]`), `".git/x" is git's own`},
		"its own settings": {step(`"op":"write","files":{"Project.toml":"x"}`), `"Project.toml" says what davit does`},
		"id with space": {`{"api":1,"match":true,"steps":{"a b":{"op":"exec","argv":["a"]}}}`,
			`step "a b": the id is empty or has white space`},
		"empty target": {`{"api":1,"match":true,"targets":{"build":[]}}`,
			`target "build": has no steps`},
		"target of nothing": {`{"api":1,"match":true,"targets":{"build":["a"]}}`,
			`names "a", which is not a step`},
		"target like a flag": {`{"api":1,"match":true,"targets":{"--x":["a"]}}`,
			`is not a name that can be typed`},
		"steps without match": {`{"api":1,"match":false,"targets":{"build":["a"]}}`,
			`does not match but has steps`},
		"version, no check": {`{"api":1,"match":true,"tools":{"go":{"version":">=1"}}}`,
			`tool "go": version is given, but no check`},
		"a check that is a script": {`{"api":1,"match":true,"tools":{"x":{"check":["sh","-c","x"]}}}`,
			`is not a program and a flag that prints its version`},
		"a check in the project": {`{"api":1,"match":true,"tools":{"x":{"check":["./x","--version"]}}}`,
			`is not a program and a flag that prints its version`},
		"a check in the project of Windows": {`{"api":1,"match":true,"tools":{"x":{"check":["bin\\x","--version"]}}}`,
			`is not a program and a flag that prints its version`},
		"a check that runs another program": {`{"api":1,"match":true,"tools":{"x":{"check":["npx","x","--version"]}}}`,
			`is not a program and a flag that prints its version`},
		"a check with a toolchain": {`{"api":1,"match":true,"tools":{"x":{"check":["cargo","+x/y","--version"]}}}`,
			`is not a program and a flag that prints its version`},
		"a check of nothing": {`{"api":1,"match":true,"tools":{"x":{"check":["","version"]}}}`,
			`is not a program and a flag that prints its version`},
		"a check without a flag": {`{"api":1,"match":true,"tools":{"x":{"check":["x"]}}}`,
			`is not a program and a flag that prints its version`},
		"unknown runtime": {`{"api":1,"match":true,"tools":{"go":{"runtime":"go"}}}`,
			`tool "go": unknown runtime "go"; known are node, python, rust`},
		"pin of nothing": {`{"api":1,"match":true,"tools":{"go":{"pin":"1","pinned_by":"x"}}}`,
			`tool "go": a pin needs runtime and pinned_by`},
		"pin by nothing": {`{"api":1,"match":true,"tools":{"go":{"pin":"1","runtime":"node"}}}`,
			`tool "go": a pin needs runtime and pinned_by`},
		"absolute dependency": {`{"api":1,"match":true,"depends_on":["/lib"]}`,
			`"/lib" is not a relative folder`},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Parse([]byte(c.text))
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %s", err, c.want)
			}
		})
	}
}

func TestValidateNamesEveryFault(t *testing.T) {
	_, err := Parse([]byte(`{"api":1,"match":true,"steps":{
		"a":{"op":"exec","argv":["x"],"needs":["b"]},
		"b":{"op":"exec","argv":["x"],"needs":["a"],"dir":"/"},
		"c":{"op":"jump"}}}`))
	want := []string{`step "b": dir: "/" is an absolute path`, `step "c": unknown op "jump"`,
		`step "a": needs itself: a → b → a`}
	for _, w := range want {
		if err == nil || !strings.Contains(err.Error(), w) {
			t.Errorf("%q is not in %v", w, err)
		}
	}
}

func TestParseRequest(t *testing.T) {
	r, err := ParseRequest(
		[]byte(`{"api":1,"project":{"name":"shop","dir":"."},"config":{"main":"x"},"files":{"go.mod":"module x"}}`))
	if err != nil || r.Project.Name != "shop" || r.Files["go.mod"] != "module x" {
		t.Errorf("got %+v, %v", r, err)
	}
	if _, err := ParseRequest([]byte(`{"api":2}`)); err == nil {
		t.Error("another api is accepted")
	}
}

// FuzzParse checks that a plan that Parse accepts is valid, and is the same after it is written and parsed
// again.
func FuzzParse(f *testing.F) {
	f.Add([]byte(good))
	f.Add([]byte(`{"api":1,"match":false}`))
	f.Add([]byte(`{"api":1,"match":true,"steps":{"a":{"op":"write","files":{"x":"y"},"needs":["a"]}}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := Parse(data)
		if err != nil {
			return
		}
		again, err := json.Marshal(p)
		if err != nil {
			t.Fatal(err)
		}
		q, err := Parse(again)
		if err != nil {
			t.Fatalf("%s\nis refused when read again: %v", again, err)
		}
		if twice, _ := json.Marshal(q); !reflect.DeepEqual(twice, again) {
			t.Errorf("%s\nbecomes\n%s", again, twice)
		}
	})
}
