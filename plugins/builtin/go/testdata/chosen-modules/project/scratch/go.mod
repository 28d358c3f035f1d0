module example.com/scratch
