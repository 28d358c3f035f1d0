package docker

import (
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"github.com/davit-dev/davit/runner/deploy/release"
)

// addProcess adds the fields of the process of the container.
func (l *observation) addProcess(f observedContainer, fields release.Fields) {
	c := f.Config
	setTexts(fields, map[string]string{
		"user": c.User, "working_dir": c.WorkingDir, "hostname": hostname(f), "stop_signal": c.StopSignal,
		"command": jsonArray(c.Cmd), "entrypoint": jsonArray(c.Entrypoint),
	})
	setEnvironment(fields, c.Env)
	setUserLabels(fields, c.Labels)
	setTrue(fields, map[string]bool{"tty": c.Tty})
	if h := c.Healthcheck; h != nil {
		setHealthcheck(fields, h.Test, h.Interval, h.Timeout, h.StartPeriod, h.Retries)
	}
}

// hostname returns the host name that the container was told to have. By default it is the beginning of its
// id, or of that of the container whose network it shares.
func hostname(f observedContainer) string {
	if strings.HasPrefix(f.ID, f.Config.Hostname) || f.HostConfig.NetworkMode.IsContainer() {
		return ""
	}
	return f.Config.Hostname
}

func setTexts(fields release.Fields, of map[string]string) {
	for path, text := range of {
		if text != "" {
			fields[path] = text
		}
	}
}

func jsonArray(words []string) string {
	if words == nil {
		return ""
	}
	text, _ := json.Marshal(words) // strings always marshal
	return string(text)
}

func setEnvironment(fields release.Fields, env []string) {
	for _, pair := range env {
		name, value, _ := strings.Cut(pair, "=")
		fields["environment."+name] = value
	}
}

func setHealthcheck(
	fields release.Fields, test []string, interval, timeout, start time.Duration, retries int,
) {
	if len(test) > 0 {
		fields["healthcheck.test"] = jsonArray(test)
	}
	for path, d := range map[string]time.Duration{"interval": interval, "timeout": timeout,
		"start_period": start} {
		if d != 0 {
			fields["healthcheck."+path] = d.String()
		}
	}
	if retries != 0 {
		fields["healthcheck.retries"] = strconv.Itoa(retries)
	}
}
