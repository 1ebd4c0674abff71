"""A forum played by fictional people through the real sockets, to be watched on screen, desk and phone."""
