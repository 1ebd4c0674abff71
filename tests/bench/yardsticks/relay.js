// A yardstick: every idea of every phone to all phones, by socket.io. `node relay.js PORT`
"use strict";

const { Server } = require("socket.io");
const http = require("http");

const server = http.createServer();
const io = new Server(server, { serveClient: false, transports: ["websocket"] });
io.on("connection", (phone) => phone.on("idea", (text) => io.emit("idea", text)));
server.listen(Number(process.argv[2]), "127.0.0.1", 4096);
