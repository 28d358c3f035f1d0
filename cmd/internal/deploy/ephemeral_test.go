package deploy

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/davit-dev/davit/runner/deploy"
)

func TestReaching(t *testing.T) {
	ends := []deploy.Endpoint{
		{Service: "order-db", Port: 5433, Protocol: "tcp", Host: "127.0.0.1:40001",
			Contained: "172.17.0.1:40002"},
		{Service: "order-db", Port: 80, Protocol: "tcp", Host: "127.0.0.1:40003"},
		{Service: "dns", Port: 53, Protocol: "udp", Host: "127.0.0.1:40004"},
		{Service: "dns", Port: 53, Protocol: "tcp", Host: "127.0.0.1:40005"},
		{Service: "2nd", Port: 1, Protocol: "tcp", Host: "127.0.0.1:40006"},
	}
	for name, c := range map[string]struct {
		address func(deploy.Endpoint) string
		want    map[string]string
	}{
		"on the host": {func(e deploy.Endpoint) string { return e.Host }, map[string]string{
			"ORDER_DB_HOST": "127.0.0.1", "ORDER_DB_PORT": "40001", "DAVIT_ORDER_DB_5433": "127.0.0.1:40001",
			"DAVIT_ORDER_DB_80": "127.0.0.1:40003",
			"DNS_HOST":          "127.0.0.1", "DNS_PORT": "40004", "DAVIT_DNS_53": "127.0.0.1:40004",
			"DAVIT_2ND_1": "127.0.0.1:40006",
		}},
		"in a container": {func(e deploy.Endpoint) string { return e.Contained }, map[string]string{
			"ORDER_DB_HOST": "172.17.0.1", "ORDER_DB_PORT": "40002",
			"DAVIT_ORDER_DB_5433": "172.17.0.1:40002",
		}},
	} {
		if diff := cmp.Diff(c.want, endpointVariables(ends, c.address)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}
