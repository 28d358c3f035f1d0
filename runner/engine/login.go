package engine

import (
	"encoding/base64"
	"encoding/json"

	"github.com/distribution/reference"
	"github.com/docker/cli/cli/config"
	"github.com/docker/cli/cli/config/configfile"
	"github.com/moby/buildkit/session"
	"github.com/moby/buildkit/session/auth/authprovider"
)

// DockerConfigDir returns the folder in which the docker command of a caller with this environment keeps its
// configuration.
func DockerConfigDir(env []string) string { return dockerDir(newEnviron(env)) }

// DockerConfigDir returns the folder of docker's configuration of the caller.
func (c *Connection) DockerConfigDir() string { return dockerDir(c.env) }

// dockerConfig returns the configuration with the credentials of "docker login"; an empty one if it cannot be
// read.
func (c *Connection) dockerConfig() *configfile.ConfigFile {
	f, err := config.Load(c.DockerConfigDir())
	if err != nil {
		return configfile.New("")
	}
	return f
}

// ProxySettings returns the proxy settings of docker's configuration for the engine, by variable.
func (c *Connection) ProxySettings() map[string]string {
	settings := map[string]string{}
	for name, value := range c.dockerConfig().ParseProxyConfig(c.Info.Address, nil) {
		settings[name] = *value
	}
	return settings
}

// RegistryAuth returns the caller's credentials for registries, for a session. Each session needs its own.
func (c *Connection) RegistryAuth() session.Attachable {
	return authprovider.NewDockerAuthProvider(authprovider.DockerAuthProviderConfig{
		AuthConfigProvider: authprovider.LoadAuthConfig(c.dockerConfig()),
	})
}

// encodedAuth returns the credentials for the registry of an image in the form that the Docker engine
// expects.
func (c *Connection) encodedAuth(image reference.Named) (string, error) {
	host := reference.Domain(image)
	if host == "docker.io" {
		host = authprovider.DockerHubConfigfileKey
	}
	auth, err := c.dockerConfig().GetAuthConfig(host)
	if err != nil {
		return "", err
	}
	data, err := json.Marshal(auth)
	return base64.URLEncoding.EncodeToString(data), err
}
