// Package config reads where the database and the queue are from the environment.
package config

import (
	"cmp"
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"strings"
)

// Config is all that the service is told.
type Config struct {
	// Database is the URL of PostgreSQL, Queue the address of Redis.
	Database, Queue string
	Level           slog.Level
}

// Read takes POSTGRES_HOST, _PORT, _USER, _DB, _PASSWORD or _PASSWORD_FILE, REDIS_HOST, _PORT and LOG_LEVEL.
func Read(getenv func(string) string, readFile func(string) ([]byte, error)) (c Config, err error) {
	or := func(name, otherwise string) string { return cmp.Or(getenv(name), otherwise) }
	password := getenv("POSTGRES_PASSWORD")
	if file := getenv("POSTGRES_PASSWORD_FILE"); file != "" {
		text, err := readFile(file)
		if err != nil {
			return c, fmt.Errorf("POSTGRES_PASSWORD_FILE: %w", err)
		}
		password = strings.TrimSpace(string(text))
	}
	if err := c.Level.UnmarshalText([]byte(or("LOG_LEVEL", "info"))); err != nil {
		return c, fmt.Errorf("LOG_LEVEL: %w", err)
	}
	database := url.URL{
		Scheme: "postgres", User: url.UserPassword(or("POSTGRES_USER", "shop"), password),
		Host: net.JoinHostPort(or("POSTGRES_HOST", "localhost"), or("POSTGRES_PORT", "5432")), Path: or("POSTGRES_DB", "shop"),
		RawQuery: "sslmode=" + or("POSTGRES_SSLMODE", "disable"),
	}
	c.Database = database.String()
	c.Queue = net.JoinHostPort(or("REDIS_HOST", "localhost"), or("REDIS_PORT", "6379"))
	return c, nil
}
