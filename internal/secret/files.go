package secret

import (
	"path"
	"slices"
	"strings"
)

// files are the names of files whose whole text is secret: of programs, of shells, and of keys.
var files = []string{".pgpass", "pgpass.conf", ".netrc", "_netrc", ".git-credentials", ".htpasswd", ".my.cnf", ".mylogin.cnf",
	".npmrc", ".pypirc", ".yarnrc.yml", ".dockercfg", ".docker/config.json", ".kube/config", "kubeconfig", "*.kubeconfig",
	"auth.json", ".aws/credentials", ".vault-token", "*_history", ".env", ".env.*", "*.env", "id_rsa", "id_dsa", "id_ecdsa",
	"id_ed25519", "id_*_sk", "*.pem", "*.key", "*.p12", "*.pfx", "*.jks", "*.keystore", "*.ppk", "shadow", "gshadow"}

// InFile reports whether the text of a file is secret as a whole, by the name of the file: "~/.netrc".
func InFile(file string) bool {
	parts := strings.Split(path.Clean(strings.ReplaceAll(file, "\\", "/")), "/")
	return slices.ContainsFunc(files, func(glob string) bool {
		last := parts[max(0, len(parts)-1-strings.Count(glob, "/")):]
		ok, _ := path.Match(glob, strings.Join(last, "/"))
		return ok
	})
}
