package buildkit

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/davit-dev/davit/internal/shelltest"
	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/runner"
)

// runSnippets runs the snippets of its arguments, each in a folder of its own, and keeps what they did.
const runSnippets = `
mkdir out
out=$PWD/out
for file in snippets/*; do
	script=$(cat $file) name=${file##*/}
	mkdir /tmp/$name
	(
		cd /tmp/$name
		set +e
		(exec sh -ec " $script" sh "$@" > $out/$name.out 2> $out/$name.err)
		echo $? > $out/$name.exit
	)
done 2> /dev/null
`

// TestSnippets runs the scripts that runner/host runs on the host, with the shells of two images.
func TestSnippets(t *testing.T) {
	engines(t, func(t *testing.T, e runner.Engine) {
		for _, image := range []string{"busybox:1.36", "debian:bookworm"} {
			t.Run(image, func(t *testing.T) {
				f := newFolder(t)
				for i, s := range shelltest.All() {
					f.put(fmt.Sprintf("snippets/%03d", i), s.Script)
				}
				step := sh("snippets", runSnippets+": "+unique(), outputs("out/"))
				step.Tool, step.Args = &plan.Tool{Image: image}, shelltest.Args
				check(t, "status", f.git().run(e, step).status(), "snippets=ok")
				for i, s := range shelltest.All() {
					name := fmt.Sprintf("out/%03d", i)
					exit, _ := strconv.Atoi(strings.TrimSpace(f.get(name + ".exit")))
					if fault := s.Differs(f.get(name+".out"), f.get(name+".err"), exit); fault != "" {
						t.Errorf("%s: %s", s.Name, fault)
					}
				}
			})
		}
	})
}

// TestAScriptIsAnOrdinaryProcess: what a script does to itself, and a script of any length.
func TestAScriptIsAnOrdinaryProcess(t *testing.T) {
	engines(t, func(t *testing.T, e runner.Engine) {
		u, long := "\n: "+unique(), strings.Repeat("# żółć\n", runner.MaxArgument/5)
		out := newFolder(t, "a", "").git().run(e,
			sh("term", "echo a; kill -TERM $$; echo no"+u),
			sh("kill", "kill -KILL $$; echo no"+u),
			sh("exit", `trap 'exit 7' USR1; kill -USR1 $$`+u),
			sh("args", long+`echo "$# $2 $0"; exit 3`+u, func(s *runner.Step) { s.Args = []string{"x", "y z"} }),
		)
		check(t, "status", out.status(), "term=failed kill=failed exit=failed args=failed")
		for i, want := range []int{143, 137, 7, 3} {
			if got := out.Steps[i].Exit; got != want {
				t.Errorf("%s: exit code %d, wanted %d", out.Steps[i].ID, got, want)
			}
		}
		check(t, "term", out.printed("term"), "a\n")
		check(t, "args", out.printed("args"), "2 y z sh\n")
	})
}
