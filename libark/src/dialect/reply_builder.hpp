#pragma once
#include <ark/event.hpp>
#include <ark/reply.hpp>
#include <ark/result.hpp>

#include <functional>
#include <optional>
#include <string>
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

  /// The vendor's texts come sealed: each delta is opened before it is kept or told. One that
  /// cannot be opened is the error. Set before the first delta.
  void open_text_with(std::function<result<std::string>(std::string_view)> open) {
    open_ = std::move(open);
  }
  void started(std::string_view id, std::string_view model);  ///< first non-empty values stay
  void text(std::string_view delta);
  void reasoning(std::string_view delta);
  void reasoning_signature(std::string_view delta);
  /// A block kept byte for byte: of the current reasoning part if that has none, else a part of
  /// its own.
  void reasoning_opaque(std::string_view json);
  void refusal(std::string_view delta);
  /// Ends the current text/reasoning part: the next delta begins a new one.
  void break_part();
  /// `index` is the vendor's; the event's index counts from 0 in order of begin. An open call with
  /// the same vendor index is ended first.
  void tool_begin(int index, std::string_view id, std::string_view name);
  void tool_arguments(int index, std::string_view delta);
  /// Ends it: to "" or white space "{}" is added. Arguments that are not JSON (cut by a token
  /// limit, or the model's mistake) stay as they came, get no `tool_call_end` event, and `done`
  /// notes it.
  void tool_end(int index);
  void end_tools();  ///< `tool_end` for each open call, in order
  bool tool_is_open(int index) const;
  /// The id that the open call `index` began with; "" if it has none or is not open.
  std::string_view tool_id(int index) const;
  void usage(const ark::usage& now);                                ///< replaces what was known
  void finish(finish_reason reason, std::string_view vendor_word);  ///< the last one counts
  bool finish_seen() const noexcept { return finish_seen_; }
  void citation(ark::citation c);
  void logprob(token_logprob token);
  /// How long the reply's text is, in bytes.
  std::size_t text_size() const noexcept;
  void note(std::string text);  ///< once each, however often it is said
  void unknown(std::string_view type);
  /// The terminal: closes open tool calls, sets `done`. Exactly once, last.
  void done();
  bool is_done() const noexcept { return done_; }
  void fail(error e);

  const std::optional<error>& failure() const noexcept { return failure_; }
  /// What was read so far; stays readable after an error, for settlement.
  ark::reply& reply() noexcept { return reply_; }
  const ark::reply& reply() const noexcept { return reply_; }

 private:
  struct open_call {
    int vendor_index = 0;
    std::size_t part = 0;  ///< in reply_.message.parts
    bool open = true;
    bool whole = false;  ///< ended with arguments that are JSON
  };
  bool closed() const noexcept { return done_ || failure_.has_value(); }
  bool charge(std::size_t bytes);
  event* emit(event_kind kind);
  open_call* find_open(int index);
  const open_call* find_open(int index) const;
  void end_call(open_call& call);
  void add_text(std::string_view delta);
  template <class Part>
  Part& current();

  std::vector<event>* events_;
  limits limits_;
  std::function<result<std::string>(std::string_view)> open_;
  ark::reply reply_;
  std::vector<open_call> calls_;
  std::size_t text_bytes_ = 0;
  std::optional<error> failure_;
  bool started_ = false, finish_seen_ = false, done_ = false, part_broken_ = false;
};

}  // namespace ark::dialect
