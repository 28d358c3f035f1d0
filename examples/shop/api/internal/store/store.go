// Package store keeps products and orders in PostgreSQL.
package store

import (
	"context"
	"database/sql"
	"errors"

	_ "github.com/lib/pq"

	"example.com/shop/api/internal/web"
)

// connections of one API at most. While a release replaces another there are twice as many APIs.
const connections = 10

// Store is a database.
type Store struct{ db *sql.DB }

// Open makes a store of a URL. It does not connect yet.
func Open(url string) (*Store, error) {
	db, err := sql.Open("postgres", url)
	if err != nil {
		return nil, err
	}
	// Connections are costly to make and PostgreSQL has a hundred of them for all, so a few are made and kept.
	db.SetMaxOpenConns(connections)
	db.SetMaxIdleConns(connections)
	return &Store{db}, nil
}

// Close closes all connections.
func (s *Store) Close() error { return s.db.Close() }

// Ready tells whether the database answers.
func (s *Store) Ready(ctx context.Context) error { return s.db.PingContext(ctx) }

// Products are those on sale.
func (s *Store) Products(ctx context.Context) (all []web.Product, err error) {
	rows, err := s.db.QueryContext(ctx, "SELECT name, cents FROM products ORDER BY name")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var p web.Product
		if err := rows.Scan(&p.Name, &p.Cents); err != nil {
			return nil, err
		}
		all = append(all, p)
	}
	return all, rows.Err()
}

// Add keeps an order at the price of today, and returns it with its number. A product that there is not is web.ErrNone.
func (s *Store) Add(ctx context.Context, product string, amount int) (web.Order, error) {
	return order(s.db.QueryRowContext(ctx, `INSERT INTO orders (product, amount, cents)
		SELECT name, $2, cents FROM products WHERE name = $1 RETURNING id, product, amount, cents`, product, amount))
}

// Order is the one with a number.
func (s *Store) Order(ctx context.Context, id int64) (web.Order, error) {
	return order(s.db.QueryRowContext(ctx, "SELECT id, product, amount, cents FROM orders WHERE id = $1", id))
}

func order(row *sql.Row) (o web.Order, err error) {
	err = row.Scan(&o.ID, &o.Product, &o.Amount, &o.Cents)
	if errors.Is(err, sql.ErrNoRows) {
		err = web.ErrNone
	}
	return o, err
}
