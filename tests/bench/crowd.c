/* crowd: many phones on one machine, to measure how a WebSocket server serves a room.
 *
 * Opens N sockets, has the first P of them publish R messages a second for D seconds, and counts how often and
 * how late each message reaches every socket. A message carries a stamp, "T" + 19 digits of nanoseconds + "Z";
 * every stamp seen in what any socket receives is one delivery. A server that puts five messages into one frame is
 * counted by messages. Prints one line of JSON. One thread, epoll; loopback only, bounded in time.
 *
 *   crowd -p PORT -n SOCKETS -P PUBLISHERS -r RATE -d SECONDS
 *         -u PATH  -c FILE (one Cookie header a line)  -i OPENING (sent on open)  -m MESSAGE (template)
 *         -q PREFIX=REPLY (answer a text that begins with PREFIX)  -s PIDS (whose CPU and memory to read)  -w SETTLE_MS
 * Placeholders in OPENING and MESSAGE: @TS@ stamp, @W@ socket number, @K@ number of this message on its socket, from 1.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { CONNECTING_AT_ONCE = 64, START_BUFFER = 4096, MOST_BUFFER = 8 << 20, PER_SOURCE = 20000, STAMP = 21 };
enum { OPEN_SECONDS = 120, LAST_SECONDS = 10, QUIET_SECONDS = 3 };

typedef struct {
  int fd, open, dead;
  size_t length, capacity;
  unsigned char *in;
} phone;

static const char *path = "/", *opening = "", *message = "@TS@", *pids = "", *prefix = NULL, *reply = NULL;
static int port = 8000, phones = 100, publishers = 5, settle_ms = 500;
static double rate = 100, seconds = 5;
static char **cookies;
static int cookie_count, poll_fd, measuring;
static phone *crowd;
static long opened, dead, deliveries, frames, bytes, published;
static uint32_t *ages; /* microseconds */
static long age_count, age_capacity = 1 << 20;
static int64_t last_delivery;

static int64_t now_ns(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static void fail(const char *what) { perror(what); exit(2); }

static void drop(phone *p) {
  if (p->dead) return;
  p->dead = 1;
  dead++;
  close(p->fd);
}

static void send_all(phone *p, const void *data, size_t size) {
  const char *from = data;
  while (size && !p->dead) {
    ssize_t sent = send(p->fd, from, size, MSG_NOSIGNAL);
    if (sent > 0) { from += sent; size -= (size_t)sent; }
    else if (errno == EAGAIN) usleep(50); /* our own messages are small: this does not happen in a healthy run */
    else drop(p);
  }
}

static void send_text(phone *p, const char *text) {
  size_t size = strlen(text), head = 2;
  unsigned char *frame = malloc(size + 14);
  static const unsigned char mask[4] = {7, 11, 13, 17};
  frame[0] = 0x81;
  if (size < 126) frame[1] = 0x80 | (unsigned char)size;
  else { frame[1] = 0x80 | 126; frame[2] = (unsigned char)(size >> 8); frame[3] = (unsigned char)size; head = 4; }
  memcpy(frame + head, mask, 4);
  for (size_t i = 0; i < size; i++) frame[head + 4 + i] = (unsigned char)text[i] ^ mask[i & 3];
  send_all(p, frame, size + head + 4);
  free(frame);
}

static void fill(char *out, size_t room, const char *template, int socket, long number) {
  char stamp[32];
  size_t used = 0;
  snprintf(stamp, sizeof stamp, "T%019ldZ", (long)now_ns());
  for (const char *s = template; *s && used + 32 < room;) {
    if (!strncmp(s, "@TS@", 4)) { used += (size_t)snprintf(out + used, room - used, "%s", stamp); s += 4; }
    else if (!strncmp(s, "@W@", 3)) { used += (size_t)snprintf(out + used, room - used, "%d", socket); s += 3; }
    else if (!strncmp(s, "@K@", 3)) { used += (size_t)snprintf(out + used, room - used, "%ld", number); s += 3; }
    else out[used++] = *s++;
  }
  out[used] = 0;
}

static void note(int64_t at, int64_t stamped) {
  deliveries++;
  last_delivery = at;
  if (age_count == age_capacity) ages = realloc(ages, (size_t)(age_capacity *= 2) * sizeof *ages);
  ages[age_count++] = (uint32_t)((at - stamped) / 1000);
}

static void find_stamps(const unsigned char *text, size_t size, int64_t at) {
  const unsigned char *end = text + size;
  while ((size_t)(end - text) >= STAMP && (text = memchr(text, 'T', (size_t)(end - text) - STAMP + 1))) {
    int64_t value = 0;
    int digits = 0;
    while (digits < 19 && text[1 + digits] >= '0' && text[1 + digits] <= '9') value = value * 10 + text[1 + digits++] - '0';
    if (digits == 19 && text[20] == 'Z') {
      if (measuring) note(at, value);
      text += STAMP;
    } else text++;
  }
}

static void heard(phone *p, int op, const unsigned char *text, size_t size, int64_t at) {
  if (op == 8) { drop(p); return; }
  if (op == 9) { static const unsigned char pong[6] = {0x8a, 0x80, 0, 0, 0, 0}; send_all(p, pong, 6); return; }
  if (op > 2) return;
  frames += measuring;
  if (prefix && size >= strlen(prefix) && !memcmp(text, prefix, strlen(prefix))) send_text(p, reply);
  find_stamps(text, size, at);
}

static size_t take_frames(phone *p, unsigned char *from, size_t size, int64_t at) {
  size_t used = 0;
  while (size - used >= 2 && !p->dead) {
    unsigned char *f = from + used;
    uint64_t length = f[1] & 127;
    size_t head = length == 126 ? 4 : length == 127 ? 10 : 2;
    if (size - used < head) break;
    if (head == 4) length = (uint64_t)f[2] << 8 | f[3];
    if (head == 10) { length = 0; for (int i = 2; i < 10; i++) length = length << 8 | f[i]; }
    if (size - used < head + length) break;
    heard(p, f[0] & 15, f + head, length, at);
    used += head + length;
  }
  return used;
}

static void read_all(phone *p) {
  for (;;) {
    if (p->length == p->capacity) {
      if (p->capacity >= MOST_BUFFER) { fprintf(stderr, "a frame is too big\n"); drop(p); return; }
      p->in = realloc(p->in, p->capacity *= 2);
    }
    ssize_t got = recv(p->fd, p->in + p->length, p->capacity - p->length, 0);
    if (got < 0 && errno == EAGAIN) return;
    if (got <= 0) { drop(p); return; }
    bytes += measuring ? got : 0;
    p->length += (size_t)got;
    int64_t at = now_ns();
    size_t used = 0;
    if (!p->open) {
      unsigned char *end = memmem(p->in, p->length, "\r\n\r\n", 4);
      if (!end) continue;
      if (memcmp(p->in, "HTTP/1.1 101", 12)) { fprintf(stderr, "refused: %.*s\n", (int)p->length, p->in); drop(p); return; }
      used = (size_t)(end + 4 - p->in);
      p->open = 1;
      opened++;
      if (*opening) { char text[4096]; fill(text, sizeof text, opening, (int)(p - crowd), 0); send_text(p, text); }
    }
    used += take_frames(p, p->in + used, p->length - used, at);
    memmove(p->in, p->in + used, p->length - used);
    p->length -= used;
    if (p->dead) return;
  }
}

static void turn(int ms) {
  static struct epoll_event events[512];
  int count = epoll_wait(poll_fd, events, 512, ms);
  for (int i = 0; i < count; i++) {
    phone *p = events[i].data.ptr;
    if (!p->dead) read_all(p);
  }
}

static void dial(int number) {
  phone *p = &crowd[number];
  struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)}, from = {.sin_family = AF_INET};
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  from.sin_addr.s_addr = htonl(INADDR_LOOPBACK + 1 + (uint32_t)(number / PER_SOURCE)); /* ports run out at 28,000 */
  p->fd = socket(AF_INET, SOCK_STREAM, 0);
  p->in = malloc(p->capacity = START_BUFFER);
  int one = 1;
  if (bind(p->fd, (void *)&from, sizeof from) || connect(p->fd, (void *)&to, sizeof to)) fail("connect");
  setsockopt(p->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  fcntl(p->fd, F_SETFL, O_NONBLOCK);
  struct epoll_event e = {.events = EPOLLIN, .data.ptr = p};
  epoll_ctl(poll_fd, EPOLL_CTL_ADD, p->fd, &e);
  char request[4096];
  int size = snprintf(request, sizeof request,
      "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nOrigin: http://127.0.0.1:%d\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
      "Sec-WebSocket-Key: Zm9ydW0gaXMgb3BlbiEhIQ==\r\nSec-WebSocket-Version: 13\r\n%s%s%s\r\n",
      path, port, port, cookie_count ? "Cookie: " : "", cookie_count ? cookies[number % cookie_count] : "",
      cookie_count ? "\r\n" : "");
  send_all(p, request, (size_t)size);
}

static void read_cookies(const char *file) {
  FILE *f = fopen(file, "r");
  char *line = NULL;
  size_t room = 0;
  if (!f) fail(file);
  for (ssize_t n; (n = getline(&line, &room, f)) > 0;) {
    line[strcspn(line, "\r\n")] = 0;
    cookies = realloc(cookies, (size_t)(cookie_count + 1) * sizeof *cookies);
    cookies[cookie_count++] = strdup(line);
  }
  fclose(f);
}

static double cpu_seconds(long *kilobytes) {
  double total = 0;
  char *list = strdup(pids), file[64], text[2048];
  *kilobytes = 0;
  for (char *pid = strtok(list, ","); pid; pid = strtok(NULL, ",")) {
    unsigned long user = 0, sys = 0;
    snprintf(file, sizeof file, "/proc/%s/stat", pid);
    FILE *f = fopen(file, "r");
    if (!f) continue;
    text[fread(text, 1, sizeof text - 1, f)] = 0;
    fclose(f);
    char *after = strrchr(text, ')');
    if (after && sscanf(after + 2, "%*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user, &sys) == 2)
      total += (double)(user + sys) / (double)sysconf(_SC_CLK_TCK);
    snprintf(file, sizeof file, "/proc/%s/status", pid);
    if (!(f = fopen(file, "r"))) continue;
    for (long kb; fgets(text, sizeof text, f);)
      if (sscanf(text, "VmRSS: %ld", &kb) == 1) *kilobytes += kb;
    fclose(f);
  }
  free(list);
  return total;
}

static int smaller(const void *a, const void *b) {
  uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
  return x < y ? -1 : x > y;
}

static double age_ms(double share) { return age_count ? ages[(long)((double)(age_count - 1) * share)] / 1e3 : 0; }

static void publish(void) {
  char text[8192];
  long total = (long)(rate * seconds);
  int64_t start = now_ns();
  while (published < total) {
    long due = (long)((double)(now_ns() - start) / 1e9 * rate) + 1;
    for (; published < due && published < total; published++) {
      phone *p = &crowd[published % publishers];
      if (p->dead) continue;
      fill(text, sizeof text, message, (int)(p - crowd), published / publishers + 1);
      send_text(p, text);
    }
    int64_t wait = (start + (int64_t)((double)published / rate * 1e9) - now_ns()) / 1000000;
    turn(wait < 0 ? 0 : wait > 10 ? 10 : (int)wait);
  }
}

int main(int argc, char **argv) {
  for (int o; (o = getopt(argc, argv, "p:n:P:r:d:u:c:i:m:q:s:w:")) > 0;) switch (o) {
    case 'p': port = atoi(optarg); break;
    case 'n': phones = atoi(optarg); break;
    case 'P': publishers = atoi(optarg); break;
    case 'r': rate = atof(optarg); break;
    case 'd': seconds = atof(optarg); break;
    case 'u': path = optarg; break;
    case 'c': read_cookies(optarg); break;
    case 'i': opening = optarg; break;
    case 'm': message = optarg; break;
    case 'q': prefix = strdup(optarg); *strchr(prefix, '=') = 0; reply = prefix + strlen(prefix) + 1; break;
    case 's': pids = optarg; break;
    case 'w': settle_ms = atoi(optarg); break;
    default: return 2;
  }
  struct rlimit files = {65536, 65536};
  setrlimit(RLIMIT_NOFILE, &files);
  poll_fd = epoll_create1(0);
  crowd = calloc((size_t)phones, sizeof *crowd);
  ages = malloc((size_t)age_capacity * sizeof *ages);
  long kb_before, kb_open, kb_after;
  cpu_seconds(&kb_before);
  int64_t began = now_ns();
  for (int next = 0; opened + dead < phones && now_ns() - began < OPEN_SECONDS * 1000000000LL;) {
    while (next < phones && next - opened - dead < CONNECTING_AT_ONCE) dial(next++);
    turn(50);
  }
  double open_s = (double)(now_ns() - began) / 1e9;
  for (int64_t from = now_ns(); now_ns() - from < settle_ms * 1000000LL;) turn(10);
  double cpu_before = cpu_seconds(&kb_open);
  measuring = 1;
  int64_t start = last_delivery = now_ns();
  publish();
  long expected = published * phones;
  for (int64_t from = now_ns(); deliveries < expected && now_ns() - from < LAST_SECONDS * 1000000000LL
       && now_ns() - last_delivery < QUIET_SECONDS * 1000000000LL;) turn(20);
  double cpu = cpu_seconds(&kb_after) - cpu_before;
  qsort(ages, (size_t)age_count, sizeof *ages, smaller);
  printf("{\"phones\": %d, \"opened\": %ld, \"dead\": %ld, \"open_s\": %.2f, \"published\": %ld, \"deliveries\": %ld, "
         "\"expected\": %ld, \"frames\": %ld, \"bytes\": %ld, \"span_s\": %.2f, \"p50_ms\": %.1f, \"p99_ms\": %.1f, "
         "\"max_ms\": %.1f, \"cpu_s\": %.2f, \"cpu_us\": %.3f, \"kb_per_phone\": %.1f}\n",
         phones, opened, dead, open_s, published, deliveries, expected, frames, bytes, (double)(last_delivery - start) / 1e9,
         age_ms(.5), age_ms(.99), age_ms(1), cpu, deliveries ? cpu * 1e6 / (double)deliveries : 0,
         (double)(kb_open - kb_before) / phones);
  return deliveries < expected;
}
