package compose

import (
	"errors"
	"io/fs"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/davit-dev/davit/runner/deploy/release"
)

// TestErrors: what is wrong has a file, a line, a reason and a hint.
func TestErrors(t *testing.T) {
	for name, c := range map[string]struct {
		files string
		env   func(*release.Environment)
		want  string
	}{
		"an unknown key": {files: "services:\n  a:\n    imag: busybox\n",
			want: `compose.yaml:3: services.a.imag: unknown key "imag"`},
		"an unknown key at the top": {files: "service:\n  a: {image: busybox}\n",
			want: `compose.yaml: unknown key "service"`},
		"no YAML": {files: "services:\n  a: {image: busybox\n  b: x\n",
			want: `compose.yaml:`},
		"a key twice": {files: "services:\n  a:\n    image: x\n    image: y\n",
			want: `compose.yaml:4: mapping key "image" already defined at line 3`},
		"a variable that has to be set": {files: "services:\n  a:\n    image: ${IMAGE:?say which}\n",
			want: `compose.yaml:3: services.a.image: variable "IMAGE" must be set: say which`},
		"a variable that has to be set, in a list": {files: "services:\n  a:\n    image: x\n    environment:\n      - A=1\n      - B=${B:?}\n",
			want: `compose.yaml:6: services.a.environment: variable "B" must be set`},
		"a variable that has to be set, in the name of a file": {files: "services: {}\ninclude: ['${B:?the folder}/inc.yaml']\n",
			want: `compose.yaml:2: variable "B" must be set: the folder`},
		"a variable that is not set, in a volume": {
			files: "services:\n  a:\n    image: x\n    volumes:\n      - data:/x\n      - ${UPLOADS}:/data\nvolumes: {data: {}}\n",
			want:  `compose.yaml:6: variable "UPLOADS" is not set, and "${UPLOADS}:/data" is ":/data" without it: invalid spec: :/data`},
		"a variable that is not set, as an image": {files: "services:\n  a:\n    image: ${IMAGE}\n",
			want: `compose.yaml:3: services.a: variable "IMAGE" is not set, and "${IMAGE}" is "" without it: service "a" has neither`},
		"a variable that is not set, in a port": {files: "services:\n  a:\n    image: x\n    ports: ['${PORT}x:80']\n",
			want: `compose.yaml:4: variable "PORT" is not set, and "${PORT}x:80" is "x:80" without it: `},
		"a dependency that is not there": {files: "services:\n  a:\n    image: x\n    depends_on: [b]\n",
			want: `compose.yaml:2: services.a: service "a" depends on undefined service "b"`},
		"an env_file that is not there": {files: "services:\n  a:\n    image: x\n    env_file: none.env\n",
			want: `compose.yaml:4: env_file "none.env" does not exist`},
		"a size": {files: "services:\n  a:\n    image: x\n    mem_limit: lots\n",
			want: `compose.yaml:4: services.a.mem_limit: `},
		"no image": {files: "services:\n  a:\n    command: x\n",
			want: `compose.yaml:2: services.a: service "a" has neither an image nor a build context specified`},
		"a name that is none": {files: "services:\n  a:\n    image: x\n    container_name: y\n",
			want: `compose.yaml:4: services.a.container_name: 'y' does not match pattern`},
		"nothing": {files: "", want: "compose.yaml: "},
		"the last file counts": {files: "services:\n  a: {image: x}\n-- two.yaml --\nservices:\n  a:\n    ports: [y]\n",
			env:  func(e *release.Environment) { e.Compose = []string{"compose.yaml", "two.yaml"} },
			want: `two.yaml:3: invalid containerPort: y`},
		"an included file counts": {files: "include: [sub/inc.yaml]\nservices:\n  a: {image: x}\n-- sub/inc.yaml --\nservices:\n  b:\n    image: x\n    build: {dockerfile_inline: FROM x}\n",
			want: `sub/inc.yaml:4: services.b.build.dockerfile_inline: Dockerfiles are read from files only`},
		"something remote": {files: "include:\n  - oci://example.org/x\nservices: {}\n",
			want: `compose.yaml:2: "oci://example.org/x" is not a file of the project, and Compose files are not fetched`},
		"a file that is not there": {files: "services: {}\n",
			env:  func(e *release.Environment) { e.Compose = []string{"prod.yaml"} },
			want: `prod.yaml: the Compose file cannot be read, no such file or directory`},
		"a name that engines do not take": {files: "services: {}\n",
			env:  func(e *release.Environment) { e.Project = "Shop" },
			want: `environment "dev" of project "Shop" would have the name "Shop-dev", which engines refuse`},
		"every service has a profile": {files: "services:\n  a: {image: x, profiles: [debug]}\n",
			want: `compose.yaml: no service is enabled`},
		"replicas of nobody": {files: "services:\n  a: {image: x}\n",
			env:  func(e *release.Environment) { e.Replicas = map[string]int{"b": 2} },
			want: `replicas: there is no service "b" in environment "dev"`},
		"several with one name": {files: "services:\n  a:\n    image: x\n    container_name: one\n",
			env:  func(e *release.Environment) { e.Replicas = map[string]int{"a": 2} },
			want: `compose.yaml:4: services.a.container_name: its container has a fixed name`},
		"several with one port": {files: "services:\n  a:\n    image: x\n    ports: ['80:80']\n",
			env:  func(e *release.Environment) { e.Replicas = map[string]int{"a": 2} },
			want: `compose.yaml:4: services.a.ports: it has several replicas and a fixed port`},
		"more replicas than ports of a range": {files: "services:\n  a:\n    image: x\n    ports: ['8001-8002:80']\n",
			env:  func(e *release.Environment) { e.Replicas = map[string]int{"a": 3} },
			want: `compose.yaml:4: services.a.ports: it has more replicas than its range of ports has numbers`},
		"an address without its bracket": {files: "services:\n  a:\n    image: x\n    ports:\n      - '[::80:80'\n",
			want: `compose.yaml:5: `},
		"two with one port": {files: "services:\n  a:\n    image: x\n    ports: ['80:80']\n  b:\n    image: x\n    ports: ['80:8080']\n",
			want: `compose.yaml:7: services.b.ports: port 80/tcp is that of service "a" already`},
		"a volume of one letter": {files: "services:\n  a:\n    image: x\n    volumes: ['d:/data']\nvolumes: {d: {}}\n",
			want: `compose.yaml:4: services.a.volumes: a volume with a name of one letter is taken for a drive`},
		"hooks before a start": {files: "services:\n  a:\n    image: x\n    pre_start: [{command: x}]\n",
			want: `compose.yaml:4: services.a.pre_start: `},
		"a start_interval without a period": {files: "services:\n  a:\n    image: x\n    healthcheck: {test: x, start_interval: 1s}\n",
			want: `compose.yaml:4: services.a.healthcheck.start_interval: it counts within a start_period`},
		"a volume of a swarm": {files: "services:\n  a:\n    image: x\n    volumes: [{type: cluster, source: y, target: /y}]\n",
			want: `compose.yaml:4: services.a.volumes: only a swarm`},
		"an env_file of an included file": {files: "include: [sub/inc.yaml]\nservices:\n  a: {image: x}\n-- sub/inc.yaml --\nservices:\n  b:\n    image: x\n    env_file:\n      - path: none.env\n",
			want: `sub/inc.yaml:5: env_file "sub/none.env" does not exist`},
		"a provider": {files: "services:\n  a:\n    provider: {type: model}\n",
			want: `compose.yaml:3: services.a.provider: `},
		"the engine's socket": {files: "services:\n  a:\n    image: x\n    use_api_socket: true\n",
			want: `compose.yaml:4: services.a.use_api_socket: `},
		"an external secret": {files: "services:\n  a: {image: x, secrets: [s]}\nsecrets:\n  s:\n    external: true\n",
			want: `compose.yaml:5: secrets.s.external: `},
		"a config that is not text": {files: "services:\n  a: {image: x, configs: [s]}\nconfigs:\n  s: {file: bin}\n-- bin --\n\xff\xfe\n",
			want: `compose.yaml:4: configs.s: its content is not text`},
		"sources on another machine": {files: "services:\n  a:\n    image: x\n    volumes: ['./src:/src']\n",
			env:  func(e *release.Environment) { e.Machine = "host" },
			want: `compose.yaml:4: services.a.volumes: "./src" is on this machine, and the engine is on another one, "host"`},
		"a neighbour of the project on another machine": {files: "services:\n  a:\n    image: x\n    volumes: ['/etc:/etc', '../conf:/conf']\n    env_file: x.env\n-- x.env --\nA=b\n",
			env:  func(e *release.Environment) { e.Machine = "host" },
			want: `compose.yaml:4: services.a.volumes: "../conf" is on this machine`},
		"a volume of a folder on another machine": {files: "services:\n  a:\n    image: x\n    volumes: ['data:/data']\nvolumes:\n  data:\n    driver_opts: {type: none, o: bind, device: ./data}\n",
			env:  func(e *release.Environment) { e.Machine = "host" },
			want: `compose.yaml:7: volumes.data.driver_opts: "./data" is on this machine`},
		"a secret of a variable in a read-only container": {files: "services:\n  a:\n    image: x\n    read_only: true\n    secrets: [s]\nsecrets:\n  s: {environment: PATH}\n",
			want: `compose.yaml:5: services.a.secrets: the container is read-only`},
	} {
		t.Run(name, func(t *testing.T) {
			e := project(t, "-- compose.yaml --\n"+c.files)
			if c.env != nil {
				c.env(&e)
			}
			_, err := loadFor(t, e, nil, nil)
			told := (*FileError)(nil)
			if !errors.As(err, &told) || !strings.HasPrefix(err.Error(), c.want) {
				t.Fatalf("%T %v\nwanted %s", err, err, c.want)
			}
			if strings.Contains(err.Error(), "\n") || strings.Contains(err.Error(), e.Dir) {
				t.Errorf("not one sentence about the project: %v", err)
			}
		})
	}
}

// TestNoComposeFile is told apart, for a project may have none.
func TestNoComposeFile(t *testing.T) {
	if _, err := loadFor(t, project(t, ""), nil, nil); !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
}

// TestErrorsHideSecrets: a value that is not right is named by its variable.
func TestErrorsHideSecrets(t *testing.T) {
	for name, files := range map[string]string{"wrong as it is": "services: {a: {image: x, mem_limit: '${SIZE}'}}",
		"right as it is": "services: {a: {image: x, stop_grace_period: '${TIME}'}}"} {
		_, err := loadFor(t, project(t, "-- compose.yaml --\n"+files), nil,
			map[string]string{"SIZE": "hunter2", "TIME": "14s"})
		if err == nil || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestIgnored(t *testing.T) {
	m := load(t, `-- compose.yaml --
services:
  a:
    image: x:${TAG}
    environment: {B: "${B:-}", C: "${C-}", D: "${LEVEL}"}
    pull_policy: never
    platform: linux/amd64
    attach: false
    annotations: {a: b}
    pre_stop: [{command: x}]
    healthcheck: {test: x, start_period: 9s, start_interval: 1s}
    networks: {default: {gw_priority: 1}}
    volumes: [{type: bind, source: /x, target: /x, bind: {recursive: disabled}}]
    deploy:
      mode: global
      labels: {a: b}
      placement: {constraints: [node.role == manager]}
      update_config: {order: start-first, delay: 1s}
      restart_policy: {condition: any, delay: 5s}
      resources: {reservations: {cpus: "1", memory: 20M}}
      endpoint_mode: dnsrr
  b:
    build: {context: ., cache_from: [x], no_cache: true, labels: [x], tags: [x], platforms: [linux/amd64], sbom: "true", network: host}
    develop: {watch: [{path: ., action: rebuild}]}
    pull_policy: build
  c: {image: x, pull_policy: missing, deploy: {resources: {reservations: {memory: 20M}}, restart_policy: {condition: any}}}
  d: {image: x, develop: {}}
  e: {image: x, develop: {}}
  f: {image: x, develop: {}}
  g: {image: x, develop: {}}
  h: {image: x, develop: {}}
`)
	want := []string{
		"deploy.mode of a has no effect: there is one engine, and the service has as many containers as its replicas",
		"deploy.placement of a has no effect: there is one engine",
		"deploy.endpoint_mode of a has no effect: names lead to the containers themselves",
		"deploy.labels of a has no effect: only a swarm has labels of services; labels sets those of containers",
		"deploy.restart_policy of a has no effect: only condition and max_attempts are used: the engine chooses the delay",
		"deploy.resources.reservations of a has no effect: only memory and devices are used: there is one engine",
		"develop of b, d, e, f and 2 more has no effect: a deploy does not watch files",
		"attach of a has no effect: a deploy shows no logs, and davit logs shows those that are asked for",
		"platform of a has no effect: images are built and pulled for the platform of the engine, which refuses to run another",
		"pull_policy of a has no effect: an image is pulled where the engine has none of its name, and is deployed by its digest",
		"pre_stop of a has no effect: containers are stopped by their signal alone",
		"build.cache_from, build.cache_to of b has no effect: the builder keeps its cache itself",
		"build.no_cache, build.pull of b has no effect: what has not changed is not built again",
		"build.labels of b has no effect: labels of an image are those of its Dockerfile",
		"build.tags of b has no effect: images are deployed by their digests",
		"build.platforms of b has no effect: images are built for the platform of the engine",
		"build.provenance, build.sbom of b has no effect: attestations would make each build another image",
		"build.network, build.extra_hosts, build.ulimits, build.shm_size, build.isolation of b has no effect: the builder has its own",
	}
	old := []string{
		"annotations of a has no effect: engines know it from API 1.43 on, and this one has 1.41",
		"healthcheck.start_interval of a has no effect: engines know it from API 1.44 on, and this one has 1.41",
		"volumes.bind.recursive of a has no effect: engines know it from API 1.44 on, and this one has 1.41",
		"networks.gw_priority of a has no effect: engines know it from API 1.48 on, and this one has 1.41",
	}
	unset := "variables LEVEL, TAG are not set, and count as empty"
	if diff := cmp.Diff(slices.Concat(want, old, []string{unset}), m.Ignored("1.41")); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(append(want, unset), m.Ignored("1.52")); diff != "" {
		t.Error(diff)
	}
}

// TestFits: what an engine does not know and would take for something else is refused.
func TestFits(t *testing.T) {
	for service, want := range map[string]string{
		"volumes: [{type: image, source: y, target: /y}]":                           "compose.yaml:4: services.a.volumes: engines know a volume of type image from API 1.48 on, and this one has 1.41",
		"volumes: [{type: volume, source: data, target: /y, volume: {subpath: z}}]": "compose.yaml:4: services.a.volumes: engines know a subpath of a volume from API 1.45 on, and this one has 1.41",
		"networks: {default: {interface_name: eth7}}":                               "compose.yaml:4: services.a.networks: engines know an interface_name from API 1.49 on, and this one has 1.41",
	} {
		m := load(t, "-- compose.yaml --\nservices:\n  a:\n    image: x\n    "+service+
			"\nvolumes: {data: {}}\n")
		if err := m.Fits("1.41"); err == nil || err.Error() != want {
			t.Errorf("%v, wanted %s", err, want)
		}
		if err := m.Fits("1.52"); err != nil {
			t.Error(err)
		}
	}
}

func TestShared(t *testing.T) {
	m := load(t, `-- compose.yaml --
services:
  a: {image: x, network_mode: host, pid: host, volumes: ["./data:/data", "./read:/read:ro", "/var/run/docker.sock:/x", "own:/own", "theirs:/theirs"]}
  b: {image: x, volumes: ["./data:/data"], ipc: shareable}
volumes: {own: {}, theirs: {external: true}}
`)
	want := []string{`"./data" can be written to by a, b`, "network_mode of a is host", "pid of a is host",
		`volume "theirs" is the external "theirs"`}
	if diff := cmp.Diff(want, m.SharedResources()); diff != "" {
		t.Error(diff)
	}
}
