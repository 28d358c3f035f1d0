// Command api is the service of the shop: "serve" answers requests, "migrate" brings the database to the tables that this version
// needs, and "healthy" asks the one that serves, for images without a shell.
package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"example.com/shop/api/internal/config"
	"example.com/shop/api/internal/queue"
	"example.com/shop/api/internal/store"
	"example.com/shop/api/internal/web"
)

const address = ":8080"

func main() {
	command := "serve"
	if len(os.Args) > 1 {
		command = os.Args[1]
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, command); err != nil {
		slog.Error(command, "error", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, command string) error {
	if command == "healthy" {
		return healthy(ctx)
	}
	c, err := config.Read(os.Getenv, os.ReadFile)
	if err != nil {
		return err
	}
	slog.SetLogLoggerLevel(c.Level)
	db, err := store.Open(c.Database)
	if err != nil {
		return err
	}
	defer db.Close()
	switch command {
	case "migrate":
		return db.Migrate(ctx)
	case "serve":
		jobs := queue.New(c.Queue)
		defer jobs.Close()
		return serve(ctx, web.New(db, jobs))
	}
	return fmt.Errorf("unknown command %q, wanted serve, migrate or healthy", command)
}

// serve answers until the context ends, and then what has been asked before.
func serve(ctx context.Context, h http.Handler) error {
	s := &http.Server{Addr: address, Handler: h, ReadHeaderTimeout: 5 * time.Second}
	stopped := make(chan error, 1)
	go func() {
		<-ctx.Done()
		late, cancel := context.WithTimeout(context.Background(), 8*time.Second)
		defer cancel()
		stopped <- s.Shutdown(late)
	}()
	slog.Info("listening", "address", address)
	if err := s.ListenAndServe(); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return <-stopped
}

func healthy(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://127.0.0.1"+address+"/health", nil)
	if err != nil {
		return err
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return errors.New(answer.Status)
	}
	return nil
}
