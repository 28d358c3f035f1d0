package web

import (
	"net/http/httptest"
	"testing"
)

func TestHandlerAnswersByPath(t *testing.T) {
	for _, c := range []struct {
		path string
		code int
		body string
	}{
		{"/tide?hour=12", 200, "{\"hour\":12,\"metres\":6}\n"},
		{"/tide?hour=noon", 400, "hour is not a number\n"},
		{"/tide?hour=24", 400, "hour is 24, wanted 0 to 23\n"},
		{"/health", 200, "ok\n"},
		{"/nowhere", 404, "404 page not found\n"},
	} {
		w := httptest.NewRecorder()
		Handler().ServeHTTP(w, httptest.NewRequest("GET", c.path, nil))
		if w.Code != c.code || w.Body.String() != c.body {
			t.Errorf("%s: got %d %q, wanted %d %q", c.path, w.Code, w.Body, c.code, c.body)
		}
	}
}
