#pragma once
#include "base/json.hpp"
#include "cli/commands.hpp"
#include "cli/key_store.hpp"
#include "cli/named_call.hpp"
#include "cli/whole_reply.hpp"
#include "wire/base64.hpp"

/// What commands that make files (images, videos) have in common.
namespace ark::cli {

/// Where each went: a file, a URL, or "" if it stays in the reply.
template <class Made>
result<std::vector<std::string>> put_files(context& ctx, const std::vector<Made>& all,
                                           const std::string& output) {
  std::vector<std::string> out;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (all[i].bytes.empty() || output.empty()) {
      out.push_back(all[i].url);
      continue;
    }
    out.push_back(numbered_file(output, i, all.size()));
    if (auto ok = write_bytes(ctx, out.back(), all[i].bytes); !ok) return ok.error();
  }
  return out;
}

/// The members that say where one is, of an object that is open.
template <class Made>
void write_place(json::writer& w, const Made& made, const std::string& place) {
  if (!made.url.empty()) w.key("url").string(made.url);
  if (made.url.empty() && !place.empty()) w.key("file").string(place);
  if (place.empty()) w.key("base64").string(wire::base64_encode(made.bytes));
  w.key("media_type").string(made.media_type);
}

/// Calls, writes the files, tells where they are. `made_of(reply)` has them, `json_of(reply,
/// places)` is the reply.
template <class Call, class Start, class MadeOf, class JsonOf>
exit_code make_files(context& ctx, result<Call> asked, Start start, const std::string& output,
                     MadeOf made_of, JsonOf json_of) {
  if (!asked) return ctx.fail(asked.error());
  const auto client = ctx.make_client();
  if (!client) return ctx.fail(client.error());
  const auto answer = whole_reply(ctx, *client, std::move(*asked), start);
  if (!answer) return fail_call(ctx, answer.error());
  const auto places = put_files(ctx, made_of(*answer), output);
  if (!places) return ctx.fail(places.error());
  if (ctx.json()) {
    ctx.out.line(json_of(*answer, *places));
  } else {
    for (const auto& place : *places)
      if (place != "-") ctx.out.line(printable(place));
  }
  return tell_rest(ctx, *answer);
}

}  // namespace ark::cli
