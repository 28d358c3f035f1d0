module example.com/money
