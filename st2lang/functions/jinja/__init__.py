"""The filters, tests and functions that Jinja2 itself brings."""
