package buildkit

import (
	"maps"
	"slices"
	"testing"

	"github.com/moby/buildkit/client/llb"
)

func TestProxies(t *testing.T) {
	for name, c := range map[string]struct {
		env, config, hidden map[string]string
		want                llb.ProxyEnv
		loopback            []string
	}{
		"the environment wins": {
			env:    map[string]string{"HTTPS_PROXY": "http://own:3128", "no_proxy": "localhost"},
			config: map[string]string{"HTTPS_PROXY": "http://docker:3128", "HTTP_PROXY": "http://docker:3128"},
			want: llb.ProxyEnv{HTTPSProxy: "http://own:3128", HTTPProxy: "http://docker:3128",
				NoProxy: "localhost"},
		},
		"loopback": {
			env: map[string]string{"http_proxy": "http://127.0.0.1:3128", "HTTPS_PROXY": "localhost:3128",
				"NO_PROXY": "127.0.0.1"},
			want:     llb.ProxyEnv{NoProxy: "127.0.0.1"},
			loopback: []string{"HTTPS_PROXY", "HTTP_PROXY"},
		},
		"a password": {
			config: map[string]string{"ALL_PROXY": "socks5://me:secret@proxy:1080", "HTTP_PROXY": "http://proxy:3128"},
			want:   llb.ProxyEnv{HTTPProxy: "http://proxy:3128"},
			hidden: map[string]string{"ALL_PROXY": "socks5://me:secret@proxy:1080",
				"all_proxy": "socks5://me:secret@proxy:1080"},
		},
		"none": {},
	} {
		got := proxiesOf(c.env, c.config)
		if got.env != c.want || !maps.Equal(got.hidden, c.hidden) || !slices.Equal(got.loopback, c.loopback) {
			t.Errorf("%s: got %+v", name, got)
		}
	}
}
