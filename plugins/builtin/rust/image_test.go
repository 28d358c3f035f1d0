package rust

import (
	"slices"
	"testing"

	"github.com/davit-dev/davit/plugins/sdk"
)

func TestListens(t *testing.T) {
	for text, want := range map[string][]int{
		`let l = TcpListener::bind("0.0.0.0:8080").await?;`:         {8080},
		"HttpServer::new(app)\n    .bind(\"[::]:9000\")?\n    .run": {9000},
		`// TcpListener::bind("0.0.0.0:8080")`:                      nil,
		`TcpListener::bind("127.0.0.1:8080")`:                       nil,
		`TcpListener::bind("0.0.0.0:0")`:                            nil,
		`rebind("0.0.0.0:8080")`:                                    nil,
	} {
		if got := sdk.PortsIn(text, listening()); !slices.Equal(got, want) {
			t.Errorf("%q listens on %v, wanted %v", text, got, want)
		}
	}
}
