module one
