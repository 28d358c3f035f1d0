package compose

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/davit-dev/davit/runner/deploy/release"
)

// TestAccess has every way that is known by which a Compose file takes the machine, each with what is named, and
// what is harmless.
func TestAccess(t *testing.T) {
	dir := t.TempDir()
	if err := os.Symlink("/", filepath.Join(dir, "innocent")); err != nil {
		t.Skip(err)
	}
	tried := 0
	for text, want := range map[string]string{
		"volumes: [/:/host]": "bind:/", "volumes: [/:/host:ro]": "bind:/", "volumes: ['//:/host']": "bind:/",
		"volumes: [/etc/../:/host]":                         "bind:/",
		"volumes: [./innocent:/host]":                       "bind:/",
		"volumes: [{type: bind, source: /, target: /host}]": "bind:/",
		"volumes: ['${ROOT:-/}:/host']":                     "bind:/",
		"volumes: [/etc:/host]":                             "bind:/etc",
		"volumes: [/etc/shadow:/host]":                      "bind:/etc/shadow",
		"volumes: [/var:/host]":                             "bind:/var",
		"volumes: [/proc/1:/host]":                          "bind:/proc/1",
		"volumes: [/home/ann:/host]":                        "bind:/home/ann",
		"volumes: [/srv/x/.ssh:/host]":                      "bind:/srv/x/.ssh",
		"volumes: ['..:/host']":                             "bind:" + filepath.Dir(dir),
		"volumes: [rooted:/host]":                           "bind:/",
		"volumes: [/var/run/docker.sock:/x]":                "engine-socket",
		"volumes: [/srv/other/docker.sock:/x]":              "engine-socket",
		"volumes: [/run/containerd/containerd.sock:/x]":     "engine-socket",
		"privileged: true":                                  "privileged",
		"post_start: [{command: x, privileged: true}]":      "privileged",
		"pid: host":                                   "pid-host",
		"network_mode: host":                          "network-host",
		"ipc: host":                                   "ipc-host",
		"uts: host":                                   "uts-host",
		"userns_mode: host":                           "userns-host",
		"cgroup: host":                                "cgroup-host",
		"cap_add: [SYS_ADMIN]":                        "cap-add:SYS_ADMIN",
		"cap_add: [cap_net_admin]":                    "cap-add:NET_ADMIN",
		"cap_add: [ALL]":                              "cap-add:ALL",
		"devices: [/dev/sda]":                         "device:/dev/sda",
		"device_cgroup_rules: ['a *:* rwm']":          "device:a *:* rwm",
		"security_opt: [seccomp:unconfined]":          "unconfined",
		"security_opt: [apparmor=unconfined]":         "unconfined",
		"security_opt: [label=disable]":               "unconfined",
		"security_opt: [no-new-privileges:true]":      "",
		"cap_drop: [ALL]":                             "",
		"volumes: [./data:/data]":                     "",
		"volumes: [/srv/data:/data]":                  "",
		"volumes: [/etc/localtime:/etc/localtime:ro]": "",
		"volumes: [named:/data]":                      "",
		"pid: 'service:web'":                          "",
	} {
		tried++
		compose := "services:\n  web:\n    image: x\n    " + text + "\nvolumes:\n  named: {}\n" +
			"  rooted: {driver_opts: {type: none, o: bind, device: /}}\n"
		if strings.Contains(text, "service:web") {
			compose = strings.Replace(compose, "  web:", "  web: {image: x}\n  other:", 1)
		}
		models, _ := filesAndRelease(t, dir, compose)
		for _, m := range models {
			var names []string
			for _, a := range m.Access() {
				if !strings.HasPrefix(a.Name, "bind:"+dir) {
					names = append(names, a.Name)
				}
			}
			if got := strings.Join(names, " "); got != want {
				t.Errorf("%s takes %q, wanted %q", text, got, want)
			}
		}
	}
	t.Logf("%d ways to the machine tried, in the files and in a release", tried)
}

// filesAndRelease returns the models of a Compose file and of the release that it makes, and the text of the latter.
func filesAndRelease(t *testing.T, dir, compose string) (models [2]*Model, kept []byte) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, "compose.yaml"), []byte(compose), 0o600); err != nil {
		t.Fatal(err)
	}
	r := Renderer{Environment: release.Environment{Project: "shop", Name: "dev", Dir: dir}}
	var err error
	if models[0], err = r.Load(t.Context()); err == nil {
		kept, err = models[0].Compose()
	}
	if err == nil {
		models[1], err = r.Parse(t.Context(), release.Release{Compose: kept})
	}
	if err != nil {
		t.Fatalf("%s: %v", compose, err)
	}
	return models, kept
}
