#include "bench.hpp"

#include <ark/ark.hpp>
#include <cstdio>
#include <cstdlib>
#include <fstream>

// bench-slow PORT STREAMS: memory and threads with so many open slow streams, after each
// has told three events.
namespace ark::bench {
namespace {

long status_of_this_process(const std::string& name) {
  std::ifstream in("/proc/self/status");
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with(name + ":"))
      return std::strtol(line.c_str() + name.size() + 1, nullptr, 10);
  }
  return -1;
}

struct slow_stream {
  std::shared_ptr<stream> s;
  int events = 0;
};

std::size_t run_streams(std::uint16_t port, std::size_t count) {
  client_options options;
  options.vendors["openai"] = {.base_url = "http://127.0.0.1:" + std::to_string(port) + "/slow",
                               .key = secret("sk-bench")};
  const client c = make_client(std::move(options)).value();
  std::vector<slow_stream> all(count);
  std::size_t told = 0;
  std::function<void(slow_stream&)> next = [&](slow_stream& one) {
    one.s->next_async([&](result<std::optional<event>> e) {
      if (!e) return;  // cancelled below
      if (++one.events == 3 && ++told == count) {
        std::printf("memory_kb=%ld threads=%ld\n", status_of_this_process("VmRSS"),
                    status_of_this_process("Threads"));
        std::fflush(stdout);
        std::_Exit(0);
      }
      next(one);
    });
  };
  for (slow_stream& one : all) {
    call what;
    what.model = "openai/gpt-4o-mini";
    what.messages = {user("Write slowly.")};
    c.stream_async(what, [&](result<stream> s) {
      one.s = std::make_shared<stream>(std::move(s.value()));
      next(one);
    });
  }
  c.run();
  return told;
}

}  // namespace
}  // namespace ark::bench

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fprintf(stderr, "usage: bench-slow PORT STREAMS\n");
    return 2;
  }
  const auto port = static_cast<std::uint16_t>(std::atoi(argv[1]));
  ark::bench::run_streams(port, std::strtoul(argv[2], nullptr, 10));
  std::fprintf(stderr, "bench-slow: the streams ended too early\n");
  return 1;
}
