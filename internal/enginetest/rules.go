package enginetest

import (
	"net"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// RemoveStaleRules removes the rules of iptables by which the engine of this machine translates the addresses of networks
// that are gone. Docker 20.10 leaves one now and then when networks are removed at once. The next network with the same
// addresses has it too: what its containers send each other seems to come from the gateway, and a connection that is
// open while a container is connected again is lost. It is called once the networks of a test are there.
func RemoveStaleRules(t testing.TB) {
	t.Helper()
	if os.Geteuid() != 0 {
		return
	}
	rules, err := exec.Command("iptables", "-w", "-t", "nat", "-S", "POSTROUTING").Output()
	if err != nil { // no iptables, or an engine that does without
		return
	}
	for rule := range strings.Lines(string(rules)) {
		words := strings.Fields(rule)
		if !isStale(words) {
			continue
		}
		words[0] = "-D"
		if out, err := exec.Command("iptables", append([]string{"-w", "-t", "nat"}, words...)...).CombinedOutput(); err != nil {
			t.Logf("iptables -t nat %s: %v: %s", strings.Join(words, " "), err, out)
		}
	}
}

// isStale reports whether a rule masquerades what leaves a network whose bridge is gone: -A POSTROUTING -s 172.18.0.0/16 ! -o
// br-0123456789ab -j MASQUERADE.
func isStale(words []string) bool {
	if len(words) != 9 || words[4] != "!" || words[5] != "-o" || words[8] != "MASQUERADE" || !strings.HasPrefix(words[6], "br-") {
		return false
	}
	_, err := net.InterfaceByName(words[6])
	return err != nil
}
