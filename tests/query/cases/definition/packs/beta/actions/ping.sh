ping $1
