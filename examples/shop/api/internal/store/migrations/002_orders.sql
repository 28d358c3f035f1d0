CREATE TABLE orders (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    product text NOT NULL REFERENCES products (name),
    amount integer NOT NULL CHECK (amount > 0),
    cents integer NOT NULL
);
