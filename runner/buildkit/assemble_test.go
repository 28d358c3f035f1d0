package buildkit

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/moby/buildkit/client/llb"
	"github.com/moby/buildkit/solver/pb"
	"github.com/moby/buildkit/util/apicaps"
	apicapspb "github.com/moby/buildkit/util/apicaps/pb"
	"github.com/opencontainers/go-digest"
	ocispecs "github.com/opencontainers/image-spec/specs-go/v1"

	"github.com/davit-dev/davit/plugins/plan"
)

var update = flag.Bool("update", false, "write what is golden anew")

// assembled returns an image that uses every feature.
func assembled() assembly {
	return assembly{
		image: plan.Image{
			Base: "debian:12", User: "65532:65532", Workdir: "/app", Entrypoint: []string{"/app/shop"},
			Expose: []string{"8080", "53/udp"},
			Healthcheck: &plan.Healthcheck{Argv: []string{"/app/shop", "healthy"}, Interval: 5, Timeout: 4,
				StartPeriod: 30, Retries: 2},
			Env: map[string]string{"B": "2", "A": "1", "LANG": "C.UTF-8"},
			Copy: []plan.Copy{{Of: "go:build", From: "bin/shop", To: "/app/shop"},
				{From: "static", To: "/app/static"}},
		},
		base: "docker.io/library/debian:12@sha256:" + strings.Repeat("1", 64),
		config: []byte(
			`{"architecture":"arm64","os":"linux","created":"2020-01-01T00:00:00Z","author":"somebody","config":{"Env":["PATH=/bin","LANG=C"],
			"Cmd":["bash"],"Labels":{"a":"b"},"Healthcheck":{"Test":["CMD","true"]}},"history":[{"created":"2020-01-01T00:00:00Z","created_by":"debian"}],
			"rootfs":{"type":"layers","diff_ids":["sha256:` + strings.Repeat("2", 64) + `"]}}`),
		from: []llb.State{llb.Scratch().File(llb.Mkdir("/build", 0o755)),
			llb.Scratch().File(llb.Mkdir("/project", 0o755))},
		platform: ocispecs.Platform{OS: "linux", Architecture: "arm64"}, created: creationTime(commit),
	}
}

// capable returns the capabilities of an engine that lacks some.
func capable(without ...apicaps.CapID) *apicaps.CapSet {
	all := pb.Caps.All()
	var some []*apicapspb.APICap
	for _, c := range all {
		if !slices.Contains(without, apicaps.CapID(c.ID)) {
			some = append(some, c)
		}
	}
	set := pb.Caps.CapSet(some)
	return &set
}

func TestAssembly(t *testing.T) {
	for name, change := range map[string]func(a *assembly){
		"new-engine": func(a *assembly) { a.caps = capable() },
		"old-engine": func(a *assembly) { a.caps = capable(pb.CapSourceDateEpoch, modeStrings) },
		"scratch": func(a *assembly) {
			a.base, a.config, a.image.Base, a.image.Copy = "", nil, scratch, a.image.Copy[:1]
		},
	} {
		t.Run(name, func(t *testing.T) {
			a := assembled()
			change(&a)
			image, _, err := a.imageConfig()
			if err != nil {
				t.Fatal(err)
			}
			text, err := json.MarshalIndent(image, "", "  ")
			if err != nil {
				t.Fatal(err)
			}
			golden(t, name, operations(t, a.state())+string(text)+"\n")
		})
	}
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", "assembly", name+".txt")
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, _ := os.ReadFile(file)
	if got != string(want) {
		t.Errorf("%s differs (go test -update writes it anew):\n%s", file, got)
	}
}

// operations returns a definition as text: each operation with its inputs, by number.
func operations(t *testing.T, state llb.State) string {
	t.Helper()
	def, err := state.Marshal(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	numbers := map[string]int{}
	for i, dt := range def.Def {
		var op pb.Op
		if err := op.UnmarshalVT(dt); err != nil {
			t.Fatal(err)
		}
		var inputs []string
		for _, in := range op.Inputs {
			inputs = append(inputs, fmt.Sprint("#", numbers[in.Digest]))
		}
		numbers[digest.FromBytes(dt).String()] = i
		fmt.Fprintf(&b, "#%d of %v: %s\n", i, inputs, one(&op))
	}
	return b.String()
}

func one(op *pb.Op) string {
	if s := op.GetSource(); s != nil {
		return fmt.Sprintf("%s %s", s.Identifier, op.Platform.Architecture)
	}
	var all []string
	for _, action := range op.GetFile().GetActions() {
		if m := action.GetMkdir(); m != nil {
			all = append(all, "mkdir "+m.Path)
		}
		if c := action.GetCopy(); c != nil {
			all = append(all,
				fmt.Sprintf("copy %s to %s, owner %d:%d, mode %d %q, time %d, contents %t, parents %t", c.Src,
					c.Dest,
					c.Owner.User.GetByID(), c.Owner.Group.GetByID(), c.Mode, c.ModeStr, c.Timestamp,
					c.DirCopyContents, c.CreateDestPath))
		}
	}
	return strings.Join(all, "; ")
}
