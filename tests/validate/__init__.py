"""Every kind of page, in French and English, with and without JavaScript, before those who judge pages: `make validate`."""
