/* crowd: many phones on one machine, to measure how a WebSocket server serves a room.
 *
 * Opens N sockets, has the first P of them publish R messages a second for D seconds, and counts how often and
 * how late each message reaches every socket. A message carries a stamp, "T" + 19 digits of nanoseconds + "Z";
 * a stamp of this run, seen for the first time in what a socket receives, is one delivery: a server that puts five
 * messages into one frame is counted by messages, and one that says the same twice is counted once. Prints one line
 * of JSON. One thread, epoll; loopback only, bounded in time.
 *
 *   crowd -p PORT[,PORT] -n SOCKETS -P PUBLISHERS -r RATE -d SECONDS
 *         -u PATH  -c FILE (one Cookie header a line)  -i OPENING (sent on open)  -m MESSAGE (template)
 *         -q PREFIX=REPLY (answer a text that begins with PREFIX)  -s PIDS (whose CPU and memory to read)  -w SETTLE_MS
 *         -y PREFIX (a socket is served when it has heard a text that begins so; default: when it is open)
 *         -a PREFIX, -e PREFIX (texts that acknowledge a message, and that refuse one: counted)
 *         -f N -t TOTAL (instead of -r and -d: every publisher keeps N messages unanswered, TOTAL in all)
 *         -z (offer permessage-deflate, as browsers do; what was inflated once is not inflated again for every socket)
 *         -x (first cut every socket off without a word, and let all come back in the same moment)
 * Placeholders in OPENING and MESSAGE: @TS@ stamp, @W@ socket number, @K@ number of this message on its socket, from 1,
 * @PROSE@ 198 bytes of words, other ones in every message, or compression would find what no hall ever says.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <dlfcn.h>
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

enum { CONNECTING_AT_ONCE = 64, START_BUFFER = 4096, MOST_BUFFER = 64 << 20, PER_SOURCE = 20000, STAMP = 21 };
enum { MOST_PORTS = 8, MOST_PIDS = 8 };
enum { PROSE = 198 };
enum { MOST_INFLATED = 4 << 20, KEPT_INFLATED = 8 };
enum { OPEN_SECONDS = 120, LAST_SECONDS = 10, QUIET_SECONDS = 3 };

typedef struct {
  int fd, open, dead, served;
  long sent, answered;
  size_t length, capacity;
  unsigned char *in, *seen; /* seen: one bit for every message of the run */
} phone;

static const char *path = "/", *opening = "", *message = "@TS@", *pids = "", *prefix = NULL, *reply = NULL;
static const char *serving = NULL, *acked = NULL, *refusing = NULL;
static int ports[MOST_PORTS] = {8000}, port_count = 1, phones = 100, publishers = 5, settle_ms = 500, under_way = 0, cut = 0, packs = 0;
static double rate = 100, seconds = 5;
static char **cookies;
static int cookie_count, poll_fd, measuring;
static phone *crowd;
static long opened, served, dead, deliveries, frames, bytes, published, total, acks, nacks;
static int64_t *stamps; /* of the messages published, rising */
static uint32_t *ages; /* microseconds */
static long age_count, age_capacity = 1 << 20;
static int64_t last_delivery, last_ack;

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

/* Words of their own for every message, about as varied as people's are. */
static size_t prose(char *out, int socket, long number) {
  static const char *words[] = {
      "more", "time", "for", "each", "other", "less", "noise", "and", "somebody", "who", "keeps", "the", "promise", "we",
      "made", "in", "spring", "garden", "behind", "school", "children", "could", "plant", "trees", "where", "cars", "stand",
      "now", "every", "street", "needs", "bench", "shade", "water", "open", "kitchen", "once", "month", "with", "people",
      "from", "both", "sides", "of", "river", "library", "late", "evening", "young", "old", "learn", "repair", "bicycles",
      "together", "instead", "buying", "new", "ones", "a", "small", "bus", "between", "villages", "even", "on", "sundays",
      "let", "us", "meet", "market", "share", "tools", "answer", "letters", "within", "week", "say", "what", "was",
      "decided", "why", "by", "whom", "nobody", "eats", "alone", "doctor", "twice", "train", "drivers", "listen", "first",
      "music", "rooms", "without", "rent", "city", "hall", "walls", "paint", "them", "bright", "before", "winter", "comes"};
  static uint64_t chance = 0;
  size_t used = 0;
  chance ^= ((uint64_t)socket << 32 | (uint64_t)number) * 0x9e3779b97f4a7c15ULL + 1;
  while (used < PROSE) {
    chance = chance * 6364136223846793005ULL + 1442695040888963407ULL;
    for (const char *w = words[(chance >> 33) % (sizeof words / sizeof *words)]; *w && used < PROSE; w++) out[used++] = *w;
    if (used < PROSE) out[used++] = ' ';
  }
  out[PROSE - 1] = '.';
  return PROSE;
}

static void fill(char *out, size_t room, const char *template, int socket, long number, int64_t at) {
  char stamp[32];
  size_t used = 0;
  snprintf(stamp, sizeof stamp, "T%019ldZ", (long)at);
  for (const char *s = template; *s && used + PROSE + 1 < room;) {
    if (!strncmp(s, "@TS@", 4)) { used += (size_t)snprintf(out + used, room - used, "%s", stamp); s += 4; }
    else if (!strncmp(s, "@W@", 3)) { used += (size_t)snprintf(out + used, room - used, "%d", socket); s += 3; }
    else if (!strncmp(s, "@K@", 3)) { used += (size_t)snprintf(out + used, room - used, "%ld", number); s += 3; }
    else if (!strncmp(s, "@PROSE@", 7)) { used += prose(out + used, socket, number); s += 7; }
    else out[used++] = *s++;
  }
  out[used] = 0;
}

static int is_new(phone *p, int64_t stamped) {
  long low = 0, high = published;
  while (low < high) {
    long middle = (low + high) / 2;
    if (stamps[middle] < stamped) low = middle + 1; else high = middle;
  }
  if (low == published || stamps[low] != stamped) return 0; /* of another run */
  unsigned char bit = (unsigned char)(1 << (low & 7));
  int fresh = !(p->seen[low >> 3] & bit);
  p->seen[low >> 3] |= bit;
  return fresh;
}

static void note(int64_t at, int64_t stamped) {
  deliveries++;
  last_delivery = at;
  if (age_count == age_capacity) ages = realloc(ages, (size_t)(age_capacity *= 2) * sizeof *ages);
  ages[age_count++] = (uint32_t)((at - stamped) / 1000);
}

static void find_stamps(phone *p, const unsigned char *text, size_t size, int64_t at) {
  const unsigned char *end = text + size;
  while ((size_t)(end - text) >= STAMP && (text = memchr(text, 'T', (size_t)(end - text) - STAMP + 1))) {
    int64_t value = 0;
    int digits = 0;
    while (digits < 19 && text[1 + digits] >= '0' && text[1 + digits] <= '9') value = value * 10 + text[1 + digits++] - '0';
    if (digits == 19 && text[20] == 'Z') {
      if (measuring && is_new(p, value)) note(at, value);
      text += STAMP;
    } else text++;
  }
}

static void pong(phone *p, const unsigned char *payload, size_t size) {
  unsigned char frame[131] = {0x8a, (unsigned char)(0x80 | (size & 127)), 0, 0, 0, 0}; /* a mask of zeros changes nothing */
  if (size > 125) return;
  memcpy(frame + 6, payload, size);
  send_all(p, frame, size + 6);
}

static int begins(const unsigned char *text, size_t size, const char *with) {
  return with && size >= strlen(with) && !memcmp(text, with, strlen(with));
}

static void heard(phone *p, int op, const unsigned char *text, size_t size, int64_t at) {
  if (op == 8) {
    if (!dead) fprintf(stderr, "closed: %d\n", size > 1 ? text[0] << 8 | text[1] : 1005);
    drop(p);
    return;
  }
  if (op == 9) { pong(p, text, size); return; }
  if (op > 2) return;
  frames += measuring;
  if (begins(text, size, prefix)) send_text(p, reply);
  if (begins(text, size, serving) && !p->served) served += p->served = 1;
  if (begins(text, size, acked)) { acks += measuring; p->answered++; last_ack = at; }
  if (begins(text, size, refusing)) {
    if (!nacks++) fprintf(stderr, "refused: %.*s\n", (int)(size < 300 ? size : 300), text);
    p->answered++;
  }
  find_stamps(p, text, size, at);
}

/* zlib without its headers: the library is on every Debian, what it takes to compile against it is not. */
typedef struct {
  const unsigned char *next_in; unsigned avail_in; unsigned long total_in;
  unsigned char *next_out; unsigned avail_out; unsigned long total_out;
  const char *msg; void *state, *alloc, *release, *opaque;
  int data_type; unsigned long adler, reserved;
} z_stream;
static int (*inflate_init)(z_stream *, int, const char *, int), (*inflate_go)(z_stream *, int), (*inflate_end)(z_stream *);

static void load_zlib(void) {
  void *zlib = dlopen("libz.so.1", RTLD_NOW);
  if (!zlib) { fprintf(stderr, "%s\n", dlerror()); exit(2); }
  *(void **)&inflate_init = dlsym(zlib, "inflateInit2_");
  *(void **)&inflate_go = dlsym(zlib, "inflate");
  *(void **)&inflate_end = dlsym(zlib, "inflateEnd");
}

/* The same bytes reach every socket: the last few different ones are kept with what is in them. */
static const unsigned char *inflated(const unsigned char *text, size_t size, size_t *out) {
  static struct { unsigned char *packed, *plain; size_t size, length; } kept[KEPT_INFLATED];
  static int next;
  for (int i = 0; i < KEPT_INFLATED; i++)
    if (kept[i].size == size && kept[i].packed && !memcmp(kept[i].packed, text, size)) { *out = kept[i].length; return kept[i].plain; }
  int n = next++ % KEPT_INFLATED;
  kept[n].packed = realloc(kept[n].packed, size + 4);
  memcpy(kept[n].packed, text, size);
  memcpy(kept[n].packed + size, "\0\0\xff\xff", 4);
  if (!kept[n].plain) kept[n].plain = malloc(MOST_INFLATED);
  z_stream z = {.next_in = kept[n].packed, .avail_in = (unsigned)size + 4, .next_out = kept[n].plain, .avail_out = MOST_INFLATED};
  if (inflate_init(&z, -15, "1", sizeof z)) { fprintf(stderr, "zlib\n"); exit(2); }
  inflate_go(&z, 2);
  inflate_end(&z);
  kept[n].size = size;
  *out = kept[n].length = MOST_INFLATED - z.avail_out;
  return kept[n].plain;
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
    const unsigned char *text = f + head;
    size_t text_size = length;
    if (f[0] & 0x40) text = inflated(text, length, &text_size);
    heard(p, f[0] & 15, text, text_size, at);
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
      if (!serving) served += p->served = 1;
      if (*opening) { char text[4096]; fill(text, sizeof text, opening, (int)(p - crowd), 0, now_ns()); send_text(p, text); }
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
  int port = ports[number % port_count];
  struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)}, from = {.sin_family = AF_INET};
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  from.sin_addr.s_addr = htonl(INADDR_LOOPBACK + 1 + (uint32_t)(number / PER_SOURCE)); /* ports run out at 28,000 */
  p->fd = socket(AF_INET, SOCK_STREAM, 0);
  p->open = p->dead = p->served = 0;
  p->length = 0;
  if (!p->in) p->in = malloc(p->capacity = START_BUFFER);
  int one = 1;
  if (bind(p->fd, (void *)&from, sizeof from) || connect(p->fd, (void *)&to, sizeof to)) fail("connect");
  setsockopt(p->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  fcntl(p->fd, F_SETFL, O_NONBLOCK);
  struct epoll_event e = {.events = EPOLLIN, .data.ptr = p};
  epoll_ctl(poll_fd, EPOLL_CTL_ADD, p->fd, &e);
  char request[4096];
  int size = snprintf(request, sizeof request,
      "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nOrigin: http://127.0.0.1:%d\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
      "Sec-WebSocket-Key: Zm9ydW0gaXMgb3BlbiEhIQ==\r\nSec-WebSocket-Version: 13\r\n%s%s%s%s\r\n",
      path, port, port, packs ? "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n" : "", cookie_count ? "Cookie: " : "", cookie_count ? cookies[number % cookie_count] : "",
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

typedef struct { int count; double cpu[MOST_PIDS]; long kb[MOST_PIDS]; } usage;

static usage used(void) {
  usage all = {0};
  char *list = strdup(pids), file[64], text[2048];
  for (char *pid = strtok(list, ","); pid && all.count < MOST_PIDS; pid = strtok(NULL, ","), all.count++) {
    unsigned long user = 0, sys = 0;
    snprintf(file, sizeof file, "/proc/%s/stat", pid);
    FILE *f = fopen(file, "r");
    if (!f) continue;
    text[fread(text, 1, sizeof text - 1, f)] = 0;
    fclose(f);
    char *after = strrchr(text, ')');
    if (after && sscanf(after + 2, "%*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user, &sys) == 2)
      all.cpu[all.count] = (double)(user + sys) / (double)sysconf(_SC_CLK_TCK);
    snprintf(file, sizeof file, "/proc/%s/status", pid);
    if (!(f = fopen(file, "r"))) continue;
    for (long kb; fgets(text, sizeof text, f);)
      if (sscanf(text, "VmRSS: %ld", &kb) == 1) all.kb[all.count] = kb;
    fclose(f);
  }
  free(list);
  return all;
}

static double own_cpu(void) {
  struct rusage u;
  getrusage(RUSAGE_SELF, &u);
  return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) + (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6;
}

static int smaller(const void *a, const void *b) {
  uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
  return x < y ? -1 : x > y;
}

static double age_ms(double share) { return age_count ? ages[(long)((double)(age_count - 1) * share)] / 1e3 : 0; }

static void publish_one(phone *p) {
  char text[8192];
  stamps[published] = now_ns();
  fill(text, sizeof text, message, (int)(p - crowd), ++p->sent, stamps[published]);
  published++;
  send_text(p, text);
}

static void publish_at_rate(void) {
  int64_t start = now_ns();
  for (long turns = 0; turns < total;) {
    long due = (long)((double)(now_ns() - start) / 1e9 * rate) + 1;
    for (; turns < due && turns < total; turns++)
      if (!crowd[turns % publishers].dead) publish_one(&crowd[turns % publishers]);
    int64_t wait = (start + (int64_t)((double)turns / rate * 1e9) - now_ns()) / 1000000;
    turn(wait < 0 ? 0 : wait > 10 ? 10 : (int)wait);
  }
}

static void publish_on_answers(void) {
  for (int64_t start = now_ns(); acks + nacks < total && now_ns() - start < LAST_SECONDS * 1000000000LL;) {
    for (int n = 0; n < publishers; n++)
      while (published < total && !crowd[n].dead && crowd[n].sent - crowd[n].answered < under_way) publish_one(&crowd[n]);
    turn(10);
  }
}

static double open_all(int at_once) {
  int64_t began = now_ns();
  opened = served = dead = 0;
  for (int next = 0; served + dead < phones && now_ns() - began < OPEN_SECONDS * 1000000000LL;) {
    while (next < phones && next - served - dead < at_once) dial(next++);
    turn(50);
  }
  return (double)(now_ns() - began) / 1e9;
}

static void settle(void) {
  for (int64_t from = now_ns(); now_ns() - from < settle_ms * 1000000LL;) turn(10);
}

static void cut_all(void) {
  struct linger at_once = {1, 0}; /* a reset: what a phone that loses the network is, when the server writes to it */
  for (int n = 0; n < phones; n++) {
    setsockopt(crowd[n].fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    if (!crowd[n].dead) close(crowd[n].fd);
  }
}

static void read_ports(char *list) {
  port_count = 0;
  for (char *one = strtok(list, ","); one && port_count < MOST_PORTS; one = strtok(NULL, ",")) ports[port_count++] = atoi(one);
}

static void print_each(const char *name, const usage *from, const usage *to, int memory) {
  printf(", \"%s\": [", name);
  for (int n = 0; n < to->count; n++)
    if (memory) printf("%s%ld", n ? ", " : "", to->kb[n] - from->kb[n]);
    else printf("%s%.2f", n ? ", " : "", to->cpu[n] - from->cpu[n]);
  printf("]");
}

int main(int argc, char **argv) {
  for (int o; (o = getopt(argc, argv, "p:n:P:r:d:u:c:i:m:q:s:w:y:a:e:f:t:xz")) > 0;) switch (o) {
    case 'p': read_ports(optarg); break;
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
    case 'y': serving = optarg; break;
    case 'a': acked = optarg; break;
    case 'e': refusing = optarg; break;
    case 'f': under_way = atoi(optarg); break;
    case 't': total = atol(optarg); break;
    case 'x': cut = 1; break;
    case 'z': packs = 1; load_zlib(); break;
    default: return 2;
  }
  struct rlimit files;
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
  if (!under_way) total = (long)(rate * seconds);
  if (publishers > phones) publishers = phones;
  poll_fd = epoll_create1(0);
  crowd = calloc((size_t)phones, sizeof *crowd);
  stamps = calloc((size_t)total + 1, sizeof *stamps);
  for (int n = 0; n < phones; n++) crowd[n].seen = calloc((size_t)total / 8 + 1, 1);
  ages = malloc((size_t)age_capacity * sizeof *ages);
  usage at_first = used();
  double open_s = open_all(CONNECTING_AT_ONCE), back_s = 0;
  settle();
  usage when_open = used();
  if (cut) { cut_all(); back_s = open_all(phones); settle(); }
  usage before = used();
  double own_before = own_cpu();
  measuring = 1;
  int64_t start = last_delivery = last_ack = now_ns();
  if (under_way) publish_on_answers(); else if (total) publish_at_rate();
  long expected = published * phones;
  for (int64_t from = now_ns(); deliveries < expected && now_ns() - from < LAST_SECONDS * 1000000000LL
       && now_ns() - last_delivery < QUIET_SECONDS * 1000000000LL;) turn(20);
  usage after = used();
  double own = own_cpu() - own_before;
  qsort(ages, (size_t)age_count, sizeof *ages, smaller);
  printf("{\"phones\": %d, \"opened\": %ld, \"served\": %ld, \"dead\": %ld, \"open_s\": %.2f, \"back_s\": %.2f, "
         "\"published\": %ld, \"acks\": %ld, \"nacks\": %ld, \"ack_s\": %.3f, \"deliveries\": %ld, \"expected\": %ld, "
         "\"frames\": %ld, \"bytes\": %ld, \"span_s\": %.2f, \"p50_ms\": %.1f, \"p99_ms\": %.1f, \"max_ms\": %.1f, \"own_cpu_s\": %.2f",
         phones, opened, served, dead, open_s, back_s, published, acks, nacks, (double)(last_ack - start) / 1e9, deliveries,
         expected, frames, bytes, (double)(last_delivery - start) / 1e9, age_ms(.5), age_ms(.99), age_ms(1), own);
  print_each("cpu_s", &before, &after, 0);
  print_each("kb_to_open", &at_first, &when_open, 1);
  print_each("kb", &(usage){0}, &after, 1);
  printf("}\n");
  return 0;
}
