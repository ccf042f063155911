#pragma once
#include "dialect/quirks.hpp"

#include <ark/call.hpp>
#include <ark/result.hpp>

#include <string>
#include <string_view>
#include <vector>

/// What the interfaces have in common that take text only: most continue one text, without messages
/// and tools. Pure.
namespace ark::dialect {

/// A call's one text: exactly one user message of text parts, as it is, without any template.
/// errc::unsupported for a call that says more (other messages, pictures), errc::invalid_request
/// for one that says nothing.
result<std::string> prompt_of(const call& c, const vendor& v);

/// errc::unsupported for what a call can ask of chat models only: tools, a form of the answer,
/// reasoning, a service tier. Reasoning "none" asks for nothing.
result<void> check_plain(const call& c, const vendor& v);

/// A message of a conversation that is text only. Reasoning and the speaker's name are left out,
/// and `notes` says so; errc::unsupported for anything else (pictures, calls, their results).
result<std::string> plain_text_of(const message& m, const vendor& v,
                                  std::vector<std::string>& notes);

/// The wire's names of what every such interface takes.
struct plain_names {
  std::string_view max_tokens = "max_tokens", temperature = "temperature", top_p = "top_p",
                   stop = "stop", seed = "seed";
};
/// Limits and sampling of a call. `out` is the gate's writer.
void write_sampling(const call& c, const plain_names& names, parameter_gate& gate,
                    json::writer& out);

}  // namespace ark::dialect
