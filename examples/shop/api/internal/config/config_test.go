package config

import (
	"errors"
	"testing"
)

func TestRead(t *testing.T) {
	files := func(name string) ([]byte, error) {
		if name == "/secret" {
			return []byte("p@ss\n"), nil
		}
		return nil, errors.New("no such file")
	}
	for _, test := range []struct {
		env             map[string]string
		database, queue string
		fails           bool
	}{
		{nil, "postgres://shop:@localhost:5432/shop?sslmode=disable", "localhost:6379", false},
		{map[string]string{"POSTGRES_HOST": "db", "POSTGRES_PORT": "15432", "POSTGRES_PASSWORD_FILE": "/secret", "REDIS_HOST": "q"},
			"postgres://shop:p%40ss@db:15432/shop?sslmode=disable", "q:6379", false},
		{map[string]string{"POSTGRES_PASSWORD_FILE": "/none"}, "", "", true},
		{map[string]string{"LOG_LEVEL": "loud"}, "", "", true},
	} {
		c, err := Read(func(name string) string { return test.env[name] }, files)
		if (err != nil) != test.fails {
			t.Errorf("%v: %v", test.env, err)
		} else if err == nil && (c.Database != test.database || c.Queue != test.queue) {
			t.Errorf("%v: got %+v", test.env, c)
		}
	}
}
