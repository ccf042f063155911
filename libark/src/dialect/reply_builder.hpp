#pragma once
#include <ark/event.hpp>
#include <ark/reply.hpp>
#include <ark/result.hpp>

#include <string_view>
#include <vector>

namespace ark::dialect {

/// Where decoders put what they read: builds the reply, makes the stream's events and holds the
/// laws (event.hpp). Streaming and whole replies go through the same calls, so both give the same
/// reply. The first law broken or limit reached is kept as the error; later calls do nothing.
class reply_builder {
 public:
  struct limits {
    std::size_t text_bytes = 64u << 20;      ///< of text and reasoning together
    std::size_t arguments_bytes = 8u << 20;  ///< of one tool call
    std::size_t tool_calls = 1024;
  };
  /// `events`: where events go, or null when nobody wants them. Must outlive the builder.
  explicit reply_builder(std::vector<event>* events, limits l) : events_(events), limits_(l) {}
  explicit reply_builder(std::vector<event>* events = nullptr) : reply_builder(events, limits{}) {}

  void started(std::string_view id, std::string_view model);  ///< first non-empty values stay
  void text(std::string_view delta);
  void reasoning(std::string_view delta);
  void reasoning_signature(std::string_view delta);
  void reasoning_opaque(std::string_view json);  ///< a block kept byte for byte
  void refusal(std::string_view delta);
  /// Ends the current text/reasoning part: the next delta begins a new one.
  void break_part();
  /// `index` is the vendor's; the event's index counts from 0 in order of begin.
  void tool_begin(int index, std::string_view id, std::string_view name);
  void tool_arguments(int index, std::string_view delta);
  void tool_end(int index);  ///< checks that the arguments are JSON; "" becomes "{}"
  bool tool_is_open(int index) const;
  void usage(const ark::usage& now);  ///< replaces what was known
  void finish(finish_reason reason, std::string_view vendor_word);
  bool finish_seen() const noexcept;
  void note(std::string text);
  void unknown(std::string_view type);
  /// The terminal: closes open tool calls, sets `done`. Exactly once, last.
  void done();
  bool is_done() const noexcept { return done_; }
  void fail(error e);

  const std::optional<error>& failure() const noexcept { return failure_; }
  ark::reply& reply() noexcept { return reply_; }
  const ark::reply& reply() const noexcept { return reply_; }

 private:
  struct open_call {
    int vendor_index = 0;
    std::size_t part = 0;  ///< in reply_.message.parts
    bool open = true;
  };
  event* emit(event_kind kind);

  std::vector<event>* events_;
  limits limits_;
  ark::reply reply_;
  std::vector<open_call> calls_;
  std::size_t text_bytes_ = 0;
  std::optional<error> failure_;
  bool started_ = false, finish_seen_ = false, done_ = false, part_broken_ = false;
};

}  // namespace ark::dialect
