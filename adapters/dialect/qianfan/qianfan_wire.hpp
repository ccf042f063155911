#pragma once
#include "base/json_reader.hpp"
#include "dialect/dialect.hpp"
#include "dialect/quirks.hpp"

#include <string>
#include <string_view>
#include <vector>

/// The pieces of the qianfan_v1 family. All pure.
namespace ark::adapters::qianfan {

/// One message as this wire has it.
struct turn {
  std::string_view role;  ///< "user", "assistant", "function"
  std::string name{}, text{}, thoughts{};
  const tool_call_part* call = nullptr;  ///< points into the call
};
/// Turns that take turns: of the user (or a function) first and last, of the assistant between.
struct dialogue {
  std::string system;
  std::vector<turn> turns;
};
/// errc::unsupported for what cannot be said so; what is changed is a note.
result<dialogue> dialogue_of(const call& c, std::vector<std::string>& notes);

result<dialect::encoded> encode_chat(const call& c, std::string_view model, const vendor& v,
                                     bool stream);
result<dialect::encoded> encode_embed(const embed_call& c, std::string_view model, const vendor& v);
result<embed_reply> decode_embed(const dialect::answer& a, const vendor& v);

/// Where a request goes: the row's path, else below `kind` ("/chat/") the path of a model that is
/// known, else the model's id itself: services are named by the last part of their address.
result<std::string> target_of(const dialect::quirk_view& quirks, const std::string& own,
                              std::string_view kind, std::string_view model);
error unsayable(const std::string& what);

/// Answers with status 200 may be errors: {error_code, error_msg}.
bool is_error(json::element root);
error read_error(int status, json::element root, const dialect::quirk_view& quirks);
/// An answer that is not 2xx, or an error inside one that is.
error decode_failure(const dialect::answer& a, const vendor& v);
error not_ours(const dialect::answer& a);

}  // namespace ark::adapters::qianfan
