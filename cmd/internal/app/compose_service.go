package app

import (
	"fmt"
	"slices"
	"strings"

	"github.com/davit-dev/davit/internal/project"
	"github.com/davit-dev/davit/internal/regular"
	"github.com/davit-dev/davit/plugins/sdk/yaml"
	"github.com/davit-dev/davit/runner"
)

// knownPorts are the ports of services that tests look for, with the words by which their images and names are known.
var knownPorts = map[string][]string{
	"5432": {"postgres", "postgis", "pgvector", "timescale"}, "3306": {"mysql", "mariadb"}, "6379": {"redis", "valkey"},
	"27017": {"mongo"}, "5672": {"rabbit"}, "9092": {"kafka", "redpanda"}, "9200": {"elastic", "opensearch"},
	"11211": {"memcached"}, "4222": {"nats"}, "8123": {"clickhouse"}, "9000": {"minio", "clickhouse"}, "1433": {"mssql"},
	"2379": {"etcd"}, "4566": {"localstack"},
}

// service returns a hint if nothing answered at a port, and the Compose file has a service for it that the step does
// not use.
func (a *advising) service(s runner.Step, heard *symptoms) string {
	for _, port := range heard.ports {
		if file, name := a.project.serviceAt(port); name != "" && !slices.Contains(s.Plan.Services, name) {
			return fmt.Sprintf("nothing answers at port %s: services = [%q] in [targets.%s] of project.toml brings up that "+
				"service of %s", port, name, target(s), file)
		}
	}
	return ""
}

// serviceAt returns the service of the Compose file that listens at a port, as its ports, its image or its name tell.
func (p *Project) serviceAt(port string) (file, name string) {
	for _, file = range project.ComposeFiles {
		text, err := regular.ReadInside(p.Root.Dir, file, regular.Config)
		if err != nil {
			continue
		}
		return file, serviceIn(string(text), port)
	}
	return "", ""
}

// serviceIn returns the first service of a Compose file that listens at a port.
func serviceIn(text, port string) string {
	services := yaml.Parse(text).Get("services")
	if services == nil {
		return ""
	}
	for _, s := range services.Entries() {
		names := strings.ToLower(s.Key + " " + s.Get("image").Text())
		listens := slices.ContainsFunc(append(s.Get("ports").Texts(), s.Get("expose").Texts()...), func(ports string) bool {
			return slices.Contains(strings.FieldsFunc(ports, func(r rune) bool { return r == ':' || r == '/' }), port)
		})
		if listens || containsAny(names, knownPorts[port]) {
			return s.Key
		}
	}
	return ""
}
