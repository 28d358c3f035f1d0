package buildkit

import (
	"cmp"
	"slices"
	"strings"

	"github.com/moby/buildkit/client/llb"

	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/internal/userconfig"
)

// proxies are the proxy settings of commands in containers.
type proxies struct {
	env llb.ProxyEnv
	// hidden are variables whose addresses have a password in them, which no definition may have.
	hidden map[string]string
	// loopback are the variables with an address of the loopback interface, at which a container finds nothing.
	loopback []string
}

// proxyScript is the id of the secret with the hidden variables.
const proxyScript = "davit-proxy"

// proxies returns the proxy settings of the caller's environment and, for what that does not set, those of
// docker's configuration. Commands in containers get them, as with docker.
func (r *Runner) proxies() proxies {
	return proxiesOf(r.environ(), r.conn.ProxySettings())
}

func proxiesOf(env, config map[string]string) (p proxies) {
	p.hidden = map[string]string{}
	for name, field := range map[string]*string{
		"HTTP_PROXY": &p.env.HTTPProxy, "HTTPS_PROXY": &p.env.HTTPSProxy, "FTP_PROXY": &p.env.FTPProxy,
		"ALL_PROXY": &p.env.AllProxy,
	} {
		switch value := firstSet(name, env, config); {
		case userconfig.OnLoopback(withScheme(value)):
			p.loopback = append(p.loopback, name)
		case userconfig.WithoutUser(withScheme(value)) != withScheme(value):
			p.hidden[name], p.hidden[strings.ToLower(name)] = value, value
		default:
			*field = value
		}
	}
	p.env.NoProxy = firstSet("NO_PROXY", env, config)
	slices.Sort(p.loopback)
	return p
}

// firstSet returns the value of a variable in upper or lower case.
func firstSet(name string, env, config map[string]string) string {
	return cmp.Or(env[name], env[strings.ToLower(name)], config[name])
}

// withScheme returns the address of a proxy, which may be a host alone, as one with a scheme.
func withScheme(address string) string {
	if address == "" || strings.Contains(address, "://") {
		return address
	}
	return "http://" + address
}

// warnOfProxies says once which proxies commands do not get.
func (r *Runner) warnOfProxies(emit func(ui.Event)) {
	r.mu.Lock()
	names := r.loopbackProxies
	r.loopbackProxies = nil
	r.mu.Unlock()
	if len(names) > 0 {
		emit(ui.Event{Type: ui.EventWarning,
			Text: strings.Join(names, ", ") + " names 127.0.0.1, so commands in containers do not get it",
			Hint: "let the proxy listen at an address that containers reach"})
	}
}
