ping "$1"
