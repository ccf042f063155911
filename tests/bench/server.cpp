#include "bench.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <unistd.h>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <memory>
#include <unordered_map>

// One epoll that answers at once: what nginx cannot do (a chunk for each event, timed events), and
// the same replies as nginx has, for a machine without it.
//   /chat           the completion          /stream         the stream, Content-Length
//   /stream-chunks  the stream, one HTTP chunk for each event
//   /slow           one event a second      /stamps         200 events, 1 ms apart, stamped
// "bench-server --files DIR" writes the replies as files for nginx and ends.
namespace ark::bench {
namespace {

std::string headers(std::string_view type) {
  std::string text = "HTTP/1.1 200 OK\r\nContent-Type: ";
  return text.append(type).append(
      "\r\nDate: Fri, 20 Nov 2026 10:00:00 GMT\r\nServer: bench\r\nx-request-id: req_0123456789\r\n"
      "openai-version: 2020-10-01\r\nopenai-processing-ms: 321\r\n"
      "x-ratelimit-limit-requests: 10000\r\nx-ratelimit-remaining-requests: 9999\r\n"
      "x-ratelimit-limit-tokens: 200000\r\nx-ratelimit-remaining-tokens: 199900\r\n");
}
std::string in_chunk(std::string_view bytes) {
  char size[20];
  std::snprintf(size, sizeof size, "%zx\r\n", bytes.size());
  return std::string(size).append(bytes).append("\r\n");
}
std::string sized(std::string_view type, const std::string& body) {
  return headers(type) + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}
std::string whole_stream() {
  std::string all;
  for (const std::string& e : stream_events()) all += e;
  return all;
}
std::string stream_head() {
  return headers("text/event-stream") + "Transfer-Encoding: chunked\r\n\r\n";
}
std::string chunked_stream() {
  std::string all = stream_head();
  for (const std::string& e : stream_events()) all += in_chunk(e);
  return all + "0\r\n\r\n";
}

struct client {
  int fd = -1;
  std::string in;
  std::string out;
  bool slow = false;
  int stamps_left = 0;
  int ticks = 0;
};

class server {
 public:
  int run() {
    epoll_ = ::epoll_create1(0);
    const int listener = listen_somewhere();
    timer_ = ::timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK);
    const itimerspec tick{{0, 1'000'000}, {0, 1'000'000}};
    ::timerfd_settime(timer_, 0, &tick, nullptr);
    for (const int fd : {listener, timer_}) {
      epoll_event e{EPOLLIN, {}};
      e.data.fd = fd;
      ::epoll_ctl(epoll_, EPOLL_CTL_ADD, fd, &e);
    }
    epoll_event ready[128];
    for (;;) {
      const int n = ::epoll_wait(epoll_, ready, 128, -1);
      for (int i = 0; i < n; ++i) {
        const int fd = ready[i].data.fd;
        if (fd == listener) {
          accept_one(listener);
        } else if (fd == timer_) {
          on_tick();
        } else {
          on_ready(fd, ready[i].events);
        }
      }
    }
  }

 private:
  int listen_somewhere() {
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof at;
    ::bind(fd, reinterpret_cast<sockaddr*>(&at), size);
    ::listen(fd, 1024);
    ::getsockname(fd, reinterpret_cast<sockaddr*>(&at), &size);
    std::printf("%d\n", ntohs(at.sin_port));
    std::fflush(stdout);
    return fd;
  }
  void accept_one(int listener) {
    const int fd = ::accept4(listener, nullptr, nullptr, SOCK_NONBLOCK);
    if (fd < 0) return;
    const int on = 1;
    ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    epoll_event e{EPOLLIN, {}};
    e.data.fd = fd;
    ::epoll_ctl(epoll_, EPOLL_CTL_ADD, fd, &e);
    clients_[fd].fd = fd;
    ++accepted_;
  }
  void on_ready(int fd, std::uint32_t events) {
    client& c = clients_[fd];
    if ((events & EPOLLIN) != 0) {
      char bytes[16384];
      const ssize_t n = ::recv(fd, bytes, sizeof bytes, 0);
      if (n <= 0) {
        ::close(fd);
        clients_.erase(fd);
        return;
      }
      c.in.append(bytes, static_cast<std::size_t>(n));
      while (take_request(c)) {
      }
    }
    flush(c);
  }
  bool take_request(client& c) {
    const auto end = c.in.find("\r\n\r\n");
    if (end == std::string::npos) return false;
    const auto at = c.in.find("Content-Length: ");
    const std::size_t body = at < end ? std::stoul(c.in.substr(at + 16)) : 0;
    if (c.in.size() < end + 4 + body) return false;
    const auto from = c.in.find(' ') + 1;
    answer(c, c.in.substr(from, c.in.find(' ', from) - from));
    c.in.erase(0, end + 4 + body);
    return true;
  }
  void answer(client& c, const std::string& path) {
    if (path == "/status") {  // as nginx's stub_status writes it
      c.out += sized("text/plain",
                     "server accepts handled requests\n " + std::to_string(accepted_) + " ");
    } else if (path.starts_with("/slow")) {
      c.slow = true;
      c.out += stream_head();
    } else if (path.starts_with("/stamps")) {
      c.stamps_left = 200;
      c.out += stream_head();
    } else if (path.starts_with("/stream-chunks")) {
      c.out += chunked_;
    } else {
      c.out += path.starts_with("/stream") ? stream_ : chat_;
    }
  }
  void on_tick() {
    std::uint64_t expired = 0;
    if (::read(timer_, &expired, sizeof expired) <= 0) return;
    for (auto& [fd, c] : clients_) {
      if (c.slow && ++c.ticks % 1000 == fd % 1000) c.out += in_chunk(event_with(" slow"));
      if (c.stamps_left > 0) {
        c.out += in_chunk(event_with("@" + std::to_string(now_ns()) + "@"));
        if (--c.stamps_left == 0) {
          c.out += in_chunk(stream_events()[313]) + in_chunk("data: [DONE]\n\n") + "0\r\n\r\n";
        }
      }
      if (!c.out.empty()) flush(c);
    }
  }
  void flush(client& c) {
    const ssize_t n = ::send(c.fd, c.out.data(), c.out.size(), MSG_NOSIGNAL);
    if (n > 0) c.out.erase(0, static_cast<std::size_t>(n));
    epoll_event e{EPOLLIN | (c.out.empty() ? 0u : static_cast<unsigned>(EPOLLOUT)), {}};
    e.data.fd = c.fd;
    ::epoll_ctl(epoll_, EPOLL_CTL_MOD, c.fd, &e);
  }

  const std::string chat_ = sized("application/json", chat_reply());
  const std::string stream_ = sized("text/event-stream", whole_stream());
  const std::string chunked_ = chunked_stream();
  int epoll_ = -1;
  int timer_ = -1;
  std::size_t accepted_ = 0;
  std::unordered_map<int, client> clients_;
};

int write_files(const std::string& directory) {
  std::ofstream(directory + "/chat") << chat_reply();
  std::ofstream(directory + "/stream") << whole_stream();
  return 0;
}

}  // namespace
}  // namespace ark::bench

int main(int argc, char** argv) {
  if (argc == 3 && std::strcmp(argv[1], "--files") == 0) return ark::bench::write_files(argv[2]);
  return ark::bench::server().run();
}
