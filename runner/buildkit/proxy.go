package buildkit

import (
	"cmp"

	"github.com/moby/buildkit/client/llb"
)

// proxy is what the caller's environment says of proxies; commands in containers get it, as with docker build.
func (r *Runner) proxy() llb.ProxyEnv {
	env := r.environ()
	either := func(upper, lower string) string { return cmp.Or(env[upper], env[lower]) }
	return llb.ProxyEnv{
		HTTPProxy: either("HTTP_PROXY", "http_proxy"), HTTPSProxy: either("HTTPS_PROXY", "https_proxy"),
		FTPProxy: either("FTP_PROXY", "ftp_proxy"), NoProxy: either("NO_PROXY", "no_proxy"), AllProxy: either("ALL_PROXY", "all_proxy"),
	}
}
