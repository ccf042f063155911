#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// What the peers of the bench have in common: the work, and what is measured.
namespace ark::bench {

/// What to do: `count` calls, `concurrency` at a time, against a server on loopback.
struct workload {
  std::string path;  ///< of the server: /chat, /stream, /stream-chunks, /slow, /stamps
  std::uint16_t port = 0;
  bool stream = false;
  std::size_t count = 1;
  std::size_t concurrency = 1;
};

/// What came of it. `checks` must be what the server sent; a peer that skips work is found out.
struct figures {
  std::size_t calls = 0;
  std::size_t events = 0;           ///< of streams
  std::size_t text_bytes = 0;       ///< of the assistant's text; 0 for a peer that does not parse
  std::vector<double> delays_us{};  ///< from the server's stamp to the event in hand
};

figures run_by_hand(const workload& w);
figures run_curl(const workload& w);
figures run_net(const workload& w);
figures run_ark(const workload& w);
/// CPU of a call without and with a ledger at `file`, us: blocks of calls in turn, in one process,
/// so that both meet the same machine.
std::pair<double, double> run_with_and_without_ledger(const workload& w, const char* file);

/// What this process has used, user and system.
double cpu_us();

/// CLOCK_MONOTONIC, the same for server and client.
std::int64_t now_ns();
/// The time since a stamp "@ns@" in an event's text; negative if there is none.
double delay_us(std::string_view text);

/// The request that every peer sends, head and body; `stream` as in the API.
std::string request_body(bool stream);
std::string request_bytes(const workload& w);

/// A chat completion of about 700 bytes, and the events of a stream (316, the last is "[DONE]").
std::string chat_reply();
std::vector<std::string> stream_events();
/// One event with `text`.
std::string event_with(std::string_view text);

}  // namespace ark::bench
