//go:build integration

package web

import (
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
)

func TestServerAnswersOverTheNetwork(t *testing.T) {
	server := httptest.NewServer(Handler())
	defer server.Close()
	r, err := http.Get(server.URL + "/health")
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	if body, err := io.ReadAll(r.Body); err != nil || string(body) != "ok\n" {
		t.Errorf("got %q, %v", body, err)
	}
}
