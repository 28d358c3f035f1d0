// Package web answers HTTP requests for products and orders, in JSON.
package web

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"strconv"
)

// ErrNone is what a store says of something that is not there.
var ErrNone = errors.New("there is no such thing")

// Product is on sale at a price.
type Product struct {
	Name  string `json:"name"`
	Cents int    `json:"cents"`
}

// Order is an amount of a product at the price of its day. Receipt is there once a worker has written it.
type Order struct {
	ID      int64  `json:"id"`
	Product string `json:"product"`
	Amount  int    `json:"amount"`
	Cents   int    `json:"cents"`
	Receipt string `json:"receipt,omitempty"`
}

// Store keeps products and orders.
type Store interface {
	Ready(context.Context) error
	Products(context.Context) ([]Product, error)
	Add(ctx context.Context, product string, amount int) (Order, error)
	Order(ctx context.Context, id int64) (Order, error)
}

// Jobs are what the workers do.
type Jobs interface {
	Put(context.Context, Order) error
	Receipt(ctx context.Context, id int64) (string, error)
}

// New is the handler of all requests.
func New(s Store, j Jobs) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /health", answer(func(r *http.Request) (any, error) { return "ok", s.Ready(r.Context()) }))
	mux.Handle("GET /products", answer(func(r *http.Request) (any, error) { return s.Products(r.Context()) }))
	mux.Handle("POST /orders", answer(func(r *http.Request) (any, error) { return place(r, s, j) }))
	mux.Handle("GET /orders/{id}", answer(func(r *http.Request) (any, error) { return find(r, s, j) }))
	return mux
}

func place(r *http.Request, s Store, j Jobs) (any, error) {
	var wanted Order
	if err := json.NewDecoder(http.MaxBytesReader(nil, r.Body, 1<<16)).Decode(&wanted); err != nil {
		return nil, bad("the order is no JSON: " + err.Error())
	}
	if wanted.Amount < 1 || wanted.Amount > 1000 {
		return nil, bad("amount is " + strconv.Itoa(wanted.Amount) + ", wanted 1 to 1000")
	}
	o, err := s.Add(r.Context(), wanted.Product, wanted.Amount)
	if err != nil {
		return nil, err
	}
	return o, j.Put(r.Context(), o)
}

func find(r *http.Request, s Store, j Jobs) (any, error) {
	id, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
	if err != nil {
		return nil, ErrNone
	}
	o, err := s.Order(r.Context(), id)
	if err == nil {
		o.Receipt, err = j.Receipt(r.Context(), id)
	}
	return o, err
}

// bad is what the caller has done wrong.
type bad string

func (b bad) Error() string { return string(b) }

// answer writes what a function returns, or why it does not.
type answer func(*http.Request) (any, error)

func (a answer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	said, err := a(r)
	code := status(err)
	if err != nil {
		said = map[string]string{"error": err.Error()}
	}
	if code == http.StatusInternalServerError {
		slog.Error(r.URL.Path, "error", err)
		said = map[string]string{"error": "something went wrong"} // the details are for the log
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(code)
	json.NewEncoder(w).Encode(said)
}

func status(err error) int {
	var b bad
	switch {
	case err == nil:
		return http.StatusOK
	case errors.As(err, &b):
		return http.StatusBadRequest
	case errors.Is(err, ErrNone):
		return http.StatusNotFound
	}
	return http.StatusInternalServerError
}
