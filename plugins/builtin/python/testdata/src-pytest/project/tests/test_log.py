import ship_log
