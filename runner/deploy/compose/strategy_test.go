package compose

import (
	"strings"
	"testing"

	"github.com/davit-dev/davit/runner/deploy/release"
)

func TestStartFirst(t *testing.T) {
	const healthy = "    healthcheck: {test: [CMD, 'true']}\n"
	for name, c := range map[string]struct {
		service string
		image   bool     // has a health check of its own
		volumes []string // of the image
		want    bool
		reason  string
	}{
		"a health check": {service: healthy, want: true,
			reason: "it has a health check and no fixed port"},
		"that of the image": {image: true, want: true,
			reason: "its image has a health check, and it has no fixed port"},
		"disabled": {service: "    healthcheck: {disable: true}\n", image: true,
			reason: "its health check is disabled"},
		"disabled, but several": {service: "    healthcheck: {disable: true}\n    scale: 2\n",
			reason: "its health check is disabled"},
		"an interval for the image's": {service: "    healthcheck: {interval: 1s}\n", image: true,
			want: true, reason: "its image has a health check"},
		"an interval for nothing": {service: "    healthcheck: {interval: 1s}\n",
			reason: "nothing checks its health"},
		"no health check": {reason: "nothing checks its health"},
		"several":         {service: "    scale: 2\n", reason: "nothing checks its health"},
		"a port that is chosen": {service: healthy + "    ports: ['80']\n", want: true,
			reason: "no fixed port"},
		"a fixed port": {service: healthy + "    ports: ['8080:80']\n",
			reason: "its port is fixed, 8080"},
		"a fixed port, wanted all the same": {service: healthy +
			"    ports: ['8080:80']\n    deploy: {update_config: {order: start-first}}\n",
			reason: "its port is fixed"},
		"a range of ports": {service: healthy +
			"    ports: [{target: 80, published: '8080-8090'}]\n", reason: "its port is one of 8080-8090"},
		"a fixed name": {service: healthy + "    container_name: one\n",
			reason: `the name of its container is fixed, "one"`},
		"a fixed address": {service: healthy +
			"    networks: {default: {ipv4_address: 10.0.0.2}}\n",
			reason: `its address in network "default" is fixed`},
		"the network of the machine": {service: healthy + "    network_mode: host\n",
			reason: `network_mode is "host"`},
		"the volumes of another": {service: healthy + "    volumes_from: [other]\n",
			reason: "it has the volumes of another"},
		"a volume that it writes": {service: healthy + "    volumes: ['data:/data']\n",
			reason: `it can write to volume "data", and two containers at once may corrupt it`},
		"a volume that it reads": {service: healthy + "    volumes: ['data:/data:ro']\n",
			want: true, reason: "it has a health check"},
		"an anonymous volume": {service: healthy + "    volumes: [/data]\n",
			reason: `it can write to the anonymous volume at "/data", and two containers at once may corrupt it`},
		"a volume of the image": {service: healthy, volumes: []string{"/data"},
			reason: `it can write to the volume of its image at "/data", and two containers at once may corrupt it`},
		"a volume of the image that is in memory": {service: healthy + "    tmpfs: ['/data:size=1m']\n",
			volumes: []string{"/data"}, want: true, reason: "it has a health check"},
		"a volume of the image that it only reads": {service: healthy + "    volumes: ['data:/data/:ro']\n",
			volumes: []string{"/data"}, want: true, reason: "it has a health check"},
		"in memory": {service: healthy + "    volumes: [{type: tmpfs, target: /data}]\n", want: true,
			reason: "it has a health check"},
		"a folder that it writes": {service: healthy + "    volumes: ['./x:/data']\n",
			reason: `it can write to what is mounted at "/data"`},
		"a volume that two may write": {service: "    volumes: ['data:/data']\n    deploy: {update_config: {order: start-first}}\n",
			want: true, reason: "order is start-first"},
		"stop-first": {service: healthy + "    deploy: {update_config: {order: stop-first}}\n",
			reason: "order is stop-first"},
	} {
		t.Run(name, func(t *testing.T) {
			m := load(t, "-- compose.yaml --\nservices:\n  other: {image: x}\n  web:\n    image: x\n"+
				c.service+"volumes: {data: {}}\n")
			m, err := m.Pin(map[string]release.Image{"web": {Digest: "1", Health: c.image, Volumes: c.volumes},
				"other": {Digest: "2"}})
			if err != nil {
				t.Fatal(err)
			}
			if s := m.Canonical().Services["web"]; s.StartFirst != c.want ||
				!strings.Contains(s.Reason, c.reason) {
				t.Errorf("%v, because %s", s.StartFirst, s.Reason)
			}
		})
	}
}
