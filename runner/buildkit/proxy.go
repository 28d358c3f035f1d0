package buildkit

import (
	"cmp"

	"github.com/moby/buildkit/client/llb"
)

// proxy returns the proxy settings of the caller's environment. Commands in containers get them, as with
// docker build.
func (r *Runner) proxy() llb.ProxyEnv {
	env := r.environ()
	firstSet := func(upper, lower string) string { return cmp.Or(env[upper], env[lower]) }
	return llb.ProxyEnv{
		HTTPProxy: firstSet("HTTP_PROXY", "http_proxy"), HTTPSProxy: firstSet("HTTPS_PROXY", "https_proxy"),
		FTPProxy: firstSet("FTP_PROXY", "ftp_proxy"), NoProxy: firstSet("NO_PROXY", "no_proxy"),
		AllProxy: firstSet("ALL_PROXY", "all_proxy"),
	}
}
