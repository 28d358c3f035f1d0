package pipelines

import "testing"

// TestProgramsOfTheProject finds calls of programs and targets that a build of the project makes and runs.
func TestProgramsOfTheProject(t *testing.T) {
	p := project{
		"go.mod":         "module example.com/m\n\ngo 1.24\n\ntool example.com/m/gate\n\ntool (\n\texample.com/m/cmd/gen\n\tgolang.org/x/tools/cmd/stringer\n)\n",
		"CMakeLists.txt": "project(m C)\noption(SLOW \"slow tests\" OFF)\noption(FAST \"\" ON)\nadd_library(m m.c)\nadd_custom_target(gate COMMAND false)\nADD_CUSTOM_TARGET( docs COMMAND x)\nadd_custom_target(abi\n  ALL COMMAND false)\n",
		"package.json":   `{"scripts":{"gate":"node gate.js"}}`,
		"gate.js":        "process.exit(1)\n",
	}
	for run, want := range map[string]string{
		"go run ./cmd/check": "go run ./cmd/check", "go run . --self-check": "go run . --self-check", "go run . --port 1": "", "go run ./cmd/server": "",
		"cargo run -- --self-check": "cargo run -- --self-check", "cargo +nightly run --bin lint": "cargo +nightly run --bin lint", "cargo run --release": "",
		"go tool gate": "go tool gate", "go tool example.com/m/gate": "go tool example.com/m/gate", "go tool gen": "", "go tool cover -func=c": "", "go tool stringer": "",
		"cmake --build build --target gate": "cmake --build build --target gate", "cmake --build b -t abi": "cmake --build b -t abi",
		"cmake --build b --target m": "", "cmake --build b --target=docs": "", "cmake --build b": "",
		"node --run gate": "node gate.js", "node --run=gate": "node gate.js", "node --run other": "",
	} {
		p[".gitlab-ci.yml"] = "a:\n  script:\n  - " + run + "\n"
		got := ""
		for _, u := range Read(p).Unread {
			got += u.What
		}
		if got != want {
			t.Errorf("%s: got %q, wanted %q", run, got, want)
		}
	}
}

// TestOptionsOfCMake finds commands that configure another build than the one of the defaults, which are tests.
func TestOptionsOfCMake(t *testing.T) {
	p := project{"CMakeLists.txt": "option(SLOW \"slow tests\" OFF)\noption(FAST \"\" ON)\noption(WITH_COVERAGE \"\" OFF)\noption(MAIN \"\" ${IS_MAIN})\noption(NONE \"\")\n"}
	for run, want := range map[string]string{
		"cmake -B b": "", "cmake -B b -DSLOW=ON": "cmake -DSLOW=ON", "cmake -B b -D SLOW:BOOL=on": "cmake -DSLOW=on", "cmake -B b -DFAST=ON -DSLOW=OFF": "",
		"cmake -B b -DCMAKE_BUILD_TYPE=Debug -DOTHER=ON": "", "cmake -B b -DWITH_COVERAGE=ON": "", "cmake -B b -DMAIN=ON": "", "cmake -B b -DNONE=ON": "cmake -DNONE=ON", "cmake -B b '-DCMAKE_C_FLAGS=-g -fsanitize=address'": "cmake -DCMAKE_C_FLAGS=-g -fsanitize=address",
	} {
		got := ""
		for _, does := range Follow(p, ".", run)[0].Checks(Test) {
			got += does
		}
		if got != want {
			t.Errorf("%s: got %q, wanted %q", run, got, want)
		}
	}
}
