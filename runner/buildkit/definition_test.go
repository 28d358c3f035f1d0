package buildkit

import (
	"strings"
	"testing"

	"github.com/moby/buildkit/client/llb"
	"github.com/moby/buildkit/solver/pb"
	"github.com/moby/buildkit/util/apicaps"
	ocispecs "github.com/opencontainers/image-spec/specs-go/v1"

	"github.com/davit-dev/davit/runner"
)

func TestLimits(t *testing.T) {
	amd64, arm64 := ocispecs.Platform{OS: "linux", Architecture: "amd64"}, ocispecs.Platform{OS: "linux",
		Architecture: "arm64"}
	base := llb.Image("docker.io/library/busybox:1.36", llb.Platform(amd64))
	run := func(more ...llb.RunOption) llb.State {
		return base.Run(append([]llb.RunOption{llb.Shlex("true")}, more...)...).Root()
	}
	for name, c := range map[string]struct {
		state   llb.State
		without []apicaps.CapID
		want    string
	}{
		"all is well":     {run(llb.AddSecret("/s", llb.SecretID("known"))), nil, ""},
		"optional secret": {run(llb.AddSecret("/s", llb.SecretID("unknown"), llb.SecretOptional)), nil, ""},
		"unknown secret": {run(llb.AddSecret("/s", llb.SecretID("unknown"))), nil,
			`the image needs the secret "unknown", which the project does not have`},
		"unknown variable": {run(llb.AddSecret("S", llb.SecretID("unknown"), llb.SecretAsEnv(true))), nil,
			`the secret "unknown"`},
		"too old": {run(llb.AddSecret("S", llb.SecretID("known"), llb.SecretAsEnv(true))),
			[]apicaps.CapID{pb.CapExecSecretEnv},
			"this Docker engine (1.2) is too old for RUN --mount=type=secret,env=…"},
		"too old for modes": {
			base.File(llb.Copy(base, "/a", "/b",
				&llb.CopyInfo{Mode: &llb.ChmodOpt{ModeStr: "a+x"}, ExcludePatterns: []string{"c"}})),
			[]apicaps.CapID{modeStrings, pb.CapFileCopyIncludeExcludePatterns},
			"is too old for COPY --chmod=u=…, COPY --exclude and --parents",
		},
		"another platform": {
			llb.Image("busybox", llb.Platform(arm64)).Run(llb.Shlex("true"), llb.Platform(arm64)).Root(), nil,
			"the image needs commands to run on linux/arm64, which this Docker engine (1.2) cannot do",
		},
		"files for another platform": {llb.Image("busybox",
			llb.Platform(arm64)).File(llb.Mkfile("/a", 0o644, nil)), nil, ""},
	} {
		t.Run(name, func(t *testing.T) {
			def, err := c.state.Marshal(t.Context(), llb.Platform(amd64))
			if err != nil {
				t.Fatal(err)
			}
			l := limits{
				caps: *capable(c.without...), platforms: []ocispecs.Platform{amd64},
				secrets: map[string][]byte{"known": nil},
				info:    runner.EngineInfo{Kind: "docker", Version: "1.2"},
			}
			err = l.check(def.ToPB())
			if c.want == "" && err != nil || c.want != "" &&
				(err == nil || !strings.Contains(err.Error(), c.want)) {
				t.Errorf("got %v, wanted %s", err, c.want)
			}
		})
	}
}

func TestMaterials(t *testing.T) {
	base := llb.Image("docker.io/library/busybox:1.36@sha256:" + strings.Repeat("1", 64))
	def, err := base.File(llb.Copy(llb.Local("project"), "/",
		"/")).File(llb.Copy(llb.HTTP("https://example.com/a"), "/", "/")).Marshal(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	p := newProvenance(commit, imageStepOf("Dockerfile"), materials(def.ToPB()))
	var all []string
	for _, d := range p.BuildDefinition.ResolvedDependencies {
		all = append(all, d.URI+" "+d.Digest["sha256"]+d.Digest["gitCommit"])
	}
	check(t, "dependencies", strings.Join(all, "\n"),
		"git+https://git.example.com/shop@"+commit.Revision+" "+commit.Revision+
			"\noci://docker.io/library/busybox:1.36 "+strings.Repeat("1", 64)+"\nhttps://example.com/a ")
	dirty := commit
	dirty.Dirty = true
	if p = newProvenance(dirty, imageStepOf("Dockerfile"),
		nil); len(p.BuildDefinition.ResolvedDependencies) > 0 {
		t.Errorf("a dirty tree is none of %v", p.BuildDefinition.ResolvedDependencies)
	}
}
