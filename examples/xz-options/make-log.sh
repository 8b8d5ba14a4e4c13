#!/bin/sh
# Write about 1 MB of a web server's log to standard output: the same one each time.
exec awk '
  function random(below) {
    state = (state * 16807) % 2147483647 # Park and Miller 1988, exact in double precision
    return state % below
  }
  BEGIN {
    state = 1936
    paths = split("/ /about /search /login /api/trials /api/experiments /static/app.js /static/style.css /favicon.ico", path, " ")
    agents = split("Mozilla/5.0 (X11; Linux x86_64)|curl/8.5.0|Mozilla/5.0 (Macintosh; Intel Mac OS X 14_2)|python-requests/2.31.0", agent, "|")
    split("200 200 200 200 200 304 304 404 500", code, " ")
    for (line = 0; line < 9000; line++) {
      seconds += random(9)
      printf "10.%d.%d.%d - - [12/Mar/2024:%02d:%02d:%02d +0000] \"GET %s?id=%d HTTP/1.1\" %s %d \"%s\"\n",
        random(4), random(16), random(250), int(seconds / 3600) % 24, int(seconds / 60) % 60, seconds % 60,
        path[1 + random(paths)], random(5000), code[1 + random(9)], 200 + random(20000), agent[1 + random(agents)]
    }
  }'
