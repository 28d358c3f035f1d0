package docker

import (
	"fmt"
	"strings"
	"testing"

	"github.com/davit-dev/davit/plugins/plan"
)

func TestMountsOfDockerfiles(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"RUN --mount=type=secret,id=npm-token npm ci", "npm-token NPM_TOKEN"},
		{"run --mount=id=a.b,type=secret,required=true --mount=type=ssh git clone x", "a.b A_B ssh"},
		{"RUN --network=none --mount=type=secret,target=/etc/netrc curl", "netrc NETRC"},
		{"RUN --mount=type=secret,id=a \\\n  --mount=type=secret,id=1 \\\n  x\nRUN --mount=type=secret,id=a y",
			"a A 1 _1"},
		{"RUN --mount=\"type=secret,id=q\" x", "q Q"},
		{"RUN --mount=type=cache,id=c,target=/c x\nRUN --mount=type=secret,id=$ID x\nRUN --mount=type=secret x",
			""},
		{"RUN echo --mount=type=ssh\n# RUN --mount=type=ssh x\nENV RUN --mount=type=ssh", ""},
	} {
		secrets, ssh := mounts(c.text)
		var got []string
		for _, s := range secrets {
			got = append(got, s.ID, s.Env)
		}
		if ssh {
			got = append(got, "ssh")
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%q: got %q, wanted %q", c.text, got, c.want)
		}
	}
}

// FuzzMounts checks that davit accepts a plan with the mounts of any Dockerfile.
func FuzzMounts(f *testing.F) {
	f.Add("RUN --mount=type=secret,id=a-b x\n")
	f.Add("RUN --mount=type=secret,target=/.. --mount=,= x\n")
	f.Fuzz(func(t *testing.T, text string) {
		secrets, ssh := mounts(text)
		p := plan.Plan{API: 1, Match: true, Steps: map[string]plan.Step{
			"x": {Op: plan.OpImage, Image: &plan.Image{Dockerfile: "Dockerfile"}, Secrets: secrets, SSH: ssh},
		}}
		if err := p.Validate(); err != nil {
			t.Fatal(fmt.Errorf("%q: %w", text, err))
		}
	})
}
