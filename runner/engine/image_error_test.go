package engine

import (
	"errors"
	"testing"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

func TestImageError(t *testing.T) {
	const login, engine = "docker login r.example.com, if the image is there and is not public", "it is the engine that has to reach it; davit engine shows which one that is"
	for _, test := range []struct {
		err        error
		want, hint string
	}{
		{errors.New(`Error response from daemon: Head "https://r.example.com/v2/x/manifests/1": no basic auth credentials`),
			`Head "https://r.example.com/v2/x/manifests/1": no basic auth credentials`, login},
		{errors.New("unexpected status from HEAD request to https://r.example.com/v2/x/manifests/1: 401 Unauthorized"),
			"unexpected status from HEAD request to https://r.example.com/v2/x/manifests/1: 401 Unauthorized",
			login},
		{errors.New("pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed"),
			"pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed",
			login},
		{errors.New("r.example.com/x:1: not found"), "r.example.com/x:1: not found", ""},
		{errors.New("Error response from daemon: manifest unknown: manifest unknown"),
			"manifest unknown: manifest unknown", ""},
		{errors.New(`Error response from daemon: Get "https://r.example.com/v2/": dial tcp: lookup r.example.com on 10.0.0.1:53: no such host`),
			"the registry r.example.com cannot be reached: no such host", engine},
		{errors.New(`failed to do request: Head "https://r.example.com/v2/x/manifests/1": dial tcp 192.0.2.1:443: connect: connection refused`),
			"the registry r.example.com cannot be reached: connection refused", engine},
		{errors.New(`failed to authorize: failed to fetch anonymous token: Get "https://auth.example.com/token": dial tcp: lookup auth.example.com: no such host`),
			"the registry r.example.com cannot be reached: no such host", engine},
		{errors.New(`Error response from daemon: Get "https://r.example.com/v2/": net/http: request canceled while waiting for connection (Client.Timeout exceeded while awaiting headers)`),
			"the registry r.example.com cannot be reached: it does not answer", engine},
		{status.Error(codes.DeadlineExceeded,
			`failed to do request: Head "https://r.example.com/v2/x/manifests/1": dial tcp 192.0.2.1:443: i/o timeout`),
			"the registry r.example.com cannot be reached: it does not answer", engine},
	} {
		e := newImageError("r.example.com/x:1", "r.example.com", test.err).(*imageError)
		if e.reason != test.want || e.hint != test.hint {
			t.Errorf("%v:\ngot  %s | %s\nwant %s | %s", test.err, e.reason, e.hint, test.want, test.hint)
		}
	}
}
