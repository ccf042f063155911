#include "bench.hpp"

#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string_view>

// bench-client PEER PATH PORT COUNT CONCURRENCY: one measurement, as "name=value" on one line.
namespace ark::bench {

double cpu_us() {
  rusage used{};
  ::getrusage(RUSAGE_SELF, &used);
  const auto us = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) * 1e6 + static_cast<double>(t.tv_usec);
  };
  return us(used.ru_utime) + us(used.ru_stime);
}

namespace {

figures run(std::string_view peer, const workload& w) {
  if (peer == "hand") return run_by_hand(w);
  if (peer == "curl") return run_curl(w);
  if (peer == "net") return run_net(w);
  return run_ark(w);
}

/// How many connections the server has accepted, this one included.
std::size_t accepted(std::uint16_t port) {
  const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(port);
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  std::string text;
  if (::connect(fd, reinterpret_cast<sockaddr*>(&to), sizeof to) == 0) {
    constexpr std::string_view ask = "GET /status HTTP/1.1\r\nHost: h\r\n\r\n";
    (void)::send(fd, ask.data(), ask.size(), MSG_NOSIGNAL);
    char bytes[4096];
    while (text.find("requests\n ") == std::string::npos) {
      const ssize_t n = ::recv(fd, bytes, sizeof bytes, 0);
      if (n <= 0) break;
      text.append(bytes, static_cast<std::size_t>(n));
    }
  }
  ::close(fd);
  const auto at = text.find("requests\n ");
  return at == std::string::npos ? 0 : std::strtoul(text.c_str() + at + 10, nullptr, 10);
}

double middle(std::vector<double> values) {
  if (values.empty()) return 0;
  std::nth_element(values.begin(), values.begin() + static_cast<long>(values.size() / 2),
                   values.end());
  return values[values.size() / 2];
}

void measure_ledger(const workload& w, const char* file) {
  const auto [without, with] = run_with_and_without_ledger(w, file);
  std::printf("without_us=%.3f with_us=%.3f\n", without, with);
}

void measure(std::string_view peer, const workload& w) {
  const std::size_t before = accepted(w.port);
  const double cpu = cpu_us();
  const std::int64_t wall = now_ns();
  const figures f = run(peer, w);
  const double wall_us = static_cast<double>(now_ns() - wall) / 1000;
  const double used = cpu_us() - cpu;
  const std::size_t opened = accepted(w.port) - before - 1;
  const double calls = static_cast<double>(f.calls);
  std::printf(
      "calls=%zu cpu_us=%.3f wall_us=%.3f connections=%zu events=%zu text=%zu delay_us=%.2f\n",
      f.calls, used / calls, wall_us / calls, opened, f.events, f.text_bytes, middle(f.delays_us));
}

}  // namespace
}  // namespace ark::bench

int main(int argc, char** argv) {
  if (argc < 6) {
    std::fprintf(stderr,
                 "usage: bench-client hand|curl|net|ark PATH PORT COUNT CONCURRENCY\n"
                 "       bench-client ledger PATH PORT COUNT CONCURRENCY FILE\n");
    return 2;
  }
  ark::bench::workload w;
  w.path = argv[2];
  w.port = static_cast<std::uint16_t>(std::atoi(argv[3]));
  w.count = std::strtoul(argv[4], nullptr, 10);
  w.concurrency = std::strtoul(argv[5], nullptr, 10);
  w.stream = w.path.find("/s") == 0;
  if (argc == 7)
    ark::bench::measure_ledger(w, argv[6]);
  else
    ark::bench::measure(argv[1], w);
  return 0;
}
