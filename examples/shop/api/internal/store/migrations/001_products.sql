CREATE TABLE products (name text PRIMARY KEY, cents integer NOT NULL CHECK (cents > 0));
INSERT INTO products VALUES ('anchor', 12900), ('lantern', 3450), ('rope', 1200);
