package release

import "testing"

func TestQualifyPath(t *testing.T) {
	for path, want := range map[string]string{
		"image": "image", "environment.HOST_NAME": "environment.HOST_NAME", "hostname": "docker.hostname",
		"networks.a":            "networks.a",
		"networks.a.aliases.db": "docker.networks.a.aliases.db", "docker.pid": "docker.pid",
		"compose.ulimits": "compose.ulimits",
		"labels.a.b":      "labels.a.b", "security_opt.x=y": "docker.security_opt.x=y",
		"volumes./data": "volumes./data",
	} {
		if got := QualifyPath("docker", path); got != want {
			t.Errorf("%q is %q, wanted %q", path, got, want)
		}
	}
}
