package sdk

import "github.com/davit-dev/davit/plugins/plan"

// Health is the check of a program: a command that the configuration names, or one that asks whether the first of its ports accepts a
// connection. Without either there is none: that the container runs is then all that anyone can tell.
func (p Ports) Health(named []string, accepts func(port int) []string) *plan.Healthcheck {
	argv := named
	if len(argv) == 0 && len(p) > 0 && accepts != nil {
		argv = accepts(p[0])
	}
	if len(argv) == 0 {
		return nil
	}
	return &plan.Healthcheck{Argv: argv, Interval: 5, Timeout: 5, StartPeriod: 30, Retries: 3}
}
