#pragma once
#include <ark/message.hpp>
#include <ark/money.hpp>

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace ark {

/// A function that the model may ask for. `parameters` is a JSON Schema as text ("" means no
/// parameters).
struct tool_definition {
  std::string name{};
  std::string description{};
  std::string parameters{};
  bool strict = false;
  cache_mark cache = cache_mark::none;  ///< behind this tool
};

enum class tool_choice_mode : std::uint8_t { automatic, none, required, named };  ///< who decides
struct tool_choice {  ///< which tool to call, if any
  tool_choice_mode mode = tool_choice_mode::automatic;
  std::string name{};  ///< with `named`
};

enum class response_format_kind : std::uint8_t { text, json_object, json_schema };
/// What the answer's text must be. With `json_schema`, `schema` is a JSON Schema as text.
struct response_format {
  response_format_kind kind = response_format_kind::text;
  std::string name = "answer";
  std::string schema{};
  bool strict = true;  ///< the vendor enforces it, if it can; if not, the reply's notes say so
  std::string description{};  ///< what it is for; told to the model where the vendor has a place
};

/// How hard to think; `unset` leaves it to the vendor.
enum class reasoning_effort : std::uint8_t { unset, none, minimal, low, medium, high, xhigh, max };
ARK_API std::string_view to_string(reasoning_effort value) noexcept;

/// Limits in time. Zero means: no such limit. `total` covers all attempts and waits.
struct timeouts {
  std::chrono::milliseconds connect{10'000};  ///< resolve + TCP, each attempt
  std::chrono::milliseconds tls{10'000};      ///< handshake
  /// Request sent -> first byte of content. Below 0: by the model's class, as the catalogue has it:
  /// 2 minutes for a stream of a model that does not reason, 10 for one that does or that runs on
  /// the user's own machines, 5 for any other.
  std::chrono::milliseconds first_content{-1};
  std::chrono::milliseconds idle{120'000};  ///< between content; pings do not count
  std::chrono::milliseconds total{600'000};
};

/// When to send again. Only what is provably unbilled is sent again, unless the caller allows the
/// cost; all attempts are in the ledger. An account without money is never asked again.
struct retry_policy {
  int max_attempts = 3;       ///< of each model, the first included
  bool allow_billed = false;  ///< also `retry_class::maybe_billed`, within the call's `max_cost`
  /// The same, while what all attempts of the call may cost together is not above this.
  std::optional<amount> max_billed_cost{};
  std::chrono::milliseconds base{500};
  std::chrono::milliseconds cap{20'000};
};

/// May an answer that was kept be given again?
enum class reuse_mode : std::uint8_t {
  unset,    ///< as `client_options::reuse` says; `off` if that says nothing
  off,      ///< the response cache is neither read nor written
  on,       ///< a kept answer is given; a new one is kept
  refresh,  ///< the vendor is asked, and its answer replaces what was kept
  only,     ///< a kept answer, or errc::not_found: nothing is sent, and no key is needed
};
ARK_API std::string_view to_string(reuse_mode value) noexcept;

/// How a call may be answered without paying for it again: libark/doc/reuse.md.
struct reuse_options {
  reuse_mode cache = reuse_mode::unset;
  /// Identical calls that run at the same time in one client share one attempt. Unset: as the
  /// client's options say; false if they say nothing.
  std::optional<bool> single_flight{};
  std::optional<std::chrono::seconds> max_age{};  ///< older answers are not given
};

/// Which of `call::fallbacks` may be taken. libark/doc/retries.md has the classes of failures.
struct fallback_rules {
  /// Also models whose worst case is above the first model's. With `max_cost`, that decides alone.
  bool allow_dearer = false;
  bool on_content_filter = false;  ///< also where the vendor refused the prompt by policy
};

/// A chat call. An aggregate: `client.complete({.model = "auto", .messages = {user("hi")}})`.
/// `model` is "vendor/model", a model id that one vendor of the catalogue has, or "auto": the
/// cheapest one that has a key and can do what this call needs.
struct call {
  std::string model = "auto";
  std::vector<message> messages{};
  std::optional<std::int64_t> max_tokens{};
  std::optional<double> temperature{};
  std::optional<double> top_p{};
  std::vector<std::string> stop{};
  std::optional<std::int64_t> seed{};
  std::vector<tool_definition> tools{};
  ark::tool_choice tool_choice{};
  std::optional<bool> parallel_tool_calls{};
  ark::response_format response_format{};
  ark::reasoning_effort reasoning = ark::reasoning_effort::unset;
  std::optional<std::int64_t> reasoning_budget_tokens{};
  /// Ask for the tokens' log probabilities: of the tokens chosen (0), and of the so many likeliest
  /// at each place (above 0; vendors take up to 5 or 20).
  std::optional<int> top_logprobs{};
  std::string service_tier{};
  std::string end_user{};  ///< the vendor's `user` or `metadata.user_id`: an opaque id, not a name
  /// Vendor parameters by name, each a JSON text. The row's allow-list decides.
  std::map<std::string, std::string> extra{};

  // how it is made
  bool keep_raw = false;  ///< keep the vendor's answer in `reply::raw`
  /// The messages' texts and inline images are sealed for the vendor's enclave, and the answer's
  /// text must come back sealed. What cannot be sealed is refused: errc::unsupported. Parameters
  /// and the model's reasoning are not sealed: libark/doc/encryption.md, `content_encryption`.
  bool end_to_end_encryption = false;
  ark::timeouts timeouts{};
  ark::retry_policy retry{};
  std::optional<amount> max_cost{};  ///< ceiling in the model's currency; a stream stops there
  std::string prompt_id{};           ///< what the messages were made of, for the ledger
  std::string prompt_version{};
  std::string inputs_hash{};   ///< SHA-256 of what the prompt was filled with, in hexadecimal
  ark::reuse_options reuse{};  ///< kept answers, and attempts shared with identical calls
  /// Models that are asked one after the other when the one before has failed for good, for a
  /// reason that may not hold for them; named in the reply's notes. Never after visible content,
  /// nor, unless `retry` allows it, after an attempt that may be billed.
  std::vector<std::string> fallbacks{};
  fallback_rules fallback{};
  /// When the first content is later than 95 of 100 before (of at least 20 that this client has
  /// measured), a second attempt is made beside the first; the one that is later is cancelled and
  /// costs what it may. Only for calls whose answer does nothing by itself: tools that the vendor
  /// runs may run twice.
  bool hedge = false;

  // what the ledger groups by
  std::string tenant{};
  std::string user{};
  std::string task{};
  std::string run{};
  std::map<std::string, std::string> tags{};

  // what telemetry tells
  std::string traceparent{};  ///< the caller's span (W3C Trace Context); "": a trace of its own
  std::string tracestate{};
};

/// An embeddings call; one vector for each input: first those of `input`, then those of `parts`.
struct embed_call {
  std::string model{};
  std::vector<std::string> input{};
  /// Inputs that are more than a text: each is a list of texts, images and other media, and becomes
  /// one vector. errc::unsupported where the vendor embeds texts only.
  std::vector<std::vector<part>> parts{};
  std::optional<std::int64_t> dimensions{};
  std::map<std::string, std::string> extra{};
  ark::timeouts timeouts{};
  ark::retry_policy retry{};
  std::string tenant{};
  std::string user{};
  std::string task{};
  std::string run{};
  std::map<std::string, std::string> tags{};
  std::string traceparent{};  ///< as of `call`
  std::string tracestate{};
};

/// A rerank call: how well does each document answer the query?
struct rerank_call {
  std::string model{};
  std::string query{};
  std::vector<std::string> documents{};
  std::optional<std::int64_t> top_n{};  ///< only the best so many, at least 1; unset: all
  std::map<std::string, std::string> extra{};
  ark::timeouts timeouts{};
  ark::retry_policy retry{};
  std::string tenant{};
  std::string user{};
  std::string task{};
  std::string run{};
  std::map<std::string, std::string> tags{};
  std::string traceparent{};  ///< as of `call`
  std::string tracestate{};
};

}  // namespace ark
