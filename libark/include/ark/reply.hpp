#pragma once
#include <ark/message.hpp>
#include <ark/usage.hpp>

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace ark {
/// Why the model ended its answer.
enum class finish_reason : std::uint8_t {
  stop,            ///< the model ended, or a stop sequence was met
  length,          ///< a token limit was met
  tool_calls,      ///< the model waits for tool results
  content_filter,  ///< the vendor cut the answer by policy
  refusal,         ///< the model declined
  paused,          ///< send the reply back as it is to go on
  other,           ///< a reason unknown to this version: see `vendor_finish_reason`
};
ARK_API std::string_view to_string(finish_reason value) noexcept;

/// Which model was chosen, and why. `considered` names every model that could have been; those of
/// another kind, or not sold any more, are counted in one line each.
struct route {
  std::string vendor{};  ///< vendor row, "openai"
  std::string model{};   ///< the id sent to the vendor
  std::string reason{};  ///< a sentence: "named by the caller" or how `auto` chose
  struct candidate {
    std::string id{};       ///< "vendor/model"
    std::string verdict{};  ///< "chosen", or why not
    bool fits = false;      ///< could do it, and has a known price: only that decided
  };
  std::vector<candidate> considered{};
};

/// How likely a token was: the natural logarithm of its probability.
struct token_probability {
  std::string token{};
  double logprob = 0;
  std::string bytes{};  ///< the token's, where the vendor says them; a character may be cut
  friend bool operator==(const token_probability&, const token_probability&) = default;
};
/// A token of the reply, and the likeliest ones that could have stood there.
struct token_logprob {
  token_probability chosen{};
  std::vector<token_probability> top{};
  friend bool operator==(const token_logprob&, const token_logprob&) = default;
};

/// Where a part of the reply's text comes from.
struct citation {
  std::string url{};
  std::string title{};
  std::string text{};         ///< the source's own words; "" where the vendor does not say them
  std::int64_t start = -1;    ///< of the reply's `text()`, in bytes; -1: not known
  std::int64_t end = -1;      ///< behind the last byte; -1: not known
  int document_index = -1;    ///< among the call's documents, from 0; -1: none of them, or not said
  std::string document_id{};  ///< the vendor's id of the document or file
  friend bool operator==(const citation&, const citation&) = default;
};

/// The answer to a call, the same whether it was streamed or not. A value type.
struct reply {
  ark::message message{};  ///< role assistant; parts in the vendor's order
  ark::finish_reason finish = ark::finish_reason::other;
  std::string vendor_finish_reason{};
  std::string id{};     ///< the vendor's id of the reply
  std::string model{};  ///< as the vendor names it in the reply
  ark::usage usage{};
  ark::cost cost{};  ///< of all attempts of this call together, when one currency
  ark::route route{};
  std::string request_id{};
  int attempts = 1;
  /// "cache": a kept answer; "flight": of an identical call that ran already. Both cost nothing,
  /// and `usage` is zero. "": the vendor answered this call.
  std::string reused{};
  std::chrono::microseconds latency{0};        ///< call begun -> reply whole
  std::chrono::microseconds first_content{0};  ///< call begun -> first content
  /// What the library did that the caller did not ask for (a parameter dropped by the row, ...).
  std::vector<std::string> notes{};
  std::vector<citation> citations{};      ///< in the vendor's order
  std::vector<token_logprob> logprobs{};  ///< of the text; for `call::top_logprobs`
  /// The vendor's answer as it was received, decompressed: a body, or a stream's frames. Only with
  /// `call::keep_raw`.
  std::string raw{};
  /// Of the message.
  std::string text() const { return message.text(); }
  std::string reasoning() const { return message.reasoning(); }
  std::vector<tool_call_part> tool_calls() const { return message.tool_calls(); }
};

/// What every reply that is not chat has besides its content.
struct reply_facts {
  std::string model{};  ///< as the vendor names it in the reply
  ark::usage usage{};
  ark::cost cost{};  ///< of all attempts of this call together, when one currency
  ark::route route{};
  std::string request_id{};
  int attempts = 1;
  std::chrono::microseconds latency{0};
  std::vector<std::string> notes{};  ///< as of `reply`
};

/// Embeddings, in the order of the inputs.
struct embed_reply : reply_facts {
  std::vector<std::vector<float>> vectors{};
};

/// One document of a rerank call.
struct ranked_document {
  std::size_t index = 0;  ///< its place in the call's `documents`
  /// Higher is better; the scale is the model's own: 0 to 1 here, a logit below zero there. Never
  /// compared between models.
  double score = 0;
  friend bool operator==(const ranked_document&, const ranked_document&) = default;
};

/// The documents of a rerank call, best first, each at most once.
struct rerank_reply : reply_facts {
  std::vector<ranked_document> results{};
};

}  // namespace ark
