module example.com/libs/money

go 1.23
