#include "replay/replay.hpp"

#include "dialect/frame_driver.hpp"

#include <algorithm>
#include <numeric>

namespace ark::replay {
namespace {

/// "https://host/a/b?c" -> "/a/b".
std::string_view path_of(std::string_view url) {
  const auto scheme = url.find("://");
  if (scheme != std::string_view::npos) {
    const auto slash = url.find('/', scheme + 3);
    url = slash == std::string_view::npos ? std::string_view{} : url.substr(slash);
  }
  return url.substr(0, url.find_first_of("?#"));
}

struct vendor_search {
  const vendor* found = nullptr;
  std::string problem;
};

vendor_search find_vendor(std::string_view provider, const std::vector<const vendor*>& rows) {
  std::vector<const vendor*> near;
  for (const vendor* row : rows) {
    if (row->name == provider) return {row, {}};
    if (row->name.starts_with(std::string(provider) + "-")) near.push_back(row);
  }
  if (near.size() == 1) return {near.front(), {}};
  return {nullptr, near.empty()
                       ? "no vendor row is called \"" + std::string(provider) + "\""
                       : "several vendor rows begin with \"" + std::string(provider) + "-\""};
}

/// The path of an operation without the base URL's, as the dialect itself writes it for this row;
/// "" when the vendor does not have it.
std::string operation_path(const result<dialect::encoded>& probe, const vendor& v) {
  if (!probe) return {};
  std::string_view target = path_of(probe->request.target);
  std::string_view base = path_of(v.base_url);
  while (base.ends_with('/')) base.remove_suffix(1);
  if (target.starts_with(base)) target.remove_prefix(base.size());
  return std::string(target);
}

enum class operation : std::uint8_t { chat, embeddings, other };

operation operation_of(const recording& r, const dialect::dialect& d, const vendor& v) {
  if (r.method != "POST" && !r.method.empty()) return operation::other;
  const std::string_view path = path_of(r.url);
  call chat;
  chat.messages.push_back(user("?"));
  const std::string chat_path = operation_path(d.encode_chat(chat, "?", v, false), v);
  if (!chat_path.empty() && path.ends_with(chat_path)) return operation::chat;
  embed_call embed;
  embed.input.emplace_back("?");
  const std::string embed_path = operation_path(d.encode_embed(embed, "?", v), v);
  if (!embed_path.empty() && path.ends_with(embed_path)) return operation::embeddings;
  return operation::other;
}

/// By its type; recorders lose the header, and some servers name the wrong one.
bool is_stream(const recording& r) {
  const auto type = wire::find_header(r.head.headers, "content-type");
  if (type.starts_with("text/event-stream")) return true;
  const std::string_view body = r.body;
  return body.starts_with("data:") || body.starts_with("event:") || body.starts_with(": ");
}

result<void> feed(dialect::frame_driver& driver, const recording& r, const feeding& how) {
  std::string_view rest = r.body;
  if (how.keep) rest = rest.substr(0, *how.keep);
  const auto total =
      std::accumulate(r.chunk_lengths.begin(), r.chunk_lengths.end(), std::size_t{0});
  const bool plain = how.piece_bytes == 0 && how.first_bytes == 0 && !how.keep;
  const bool recorded = plain && total == r.body.size();
  std::size_t turn = 0;
  while (!rest.empty()) {
    std::size_t size = rest.size();
    if (recorded && turn < r.chunk_lengths.size()) size = r.chunk_lengths[turn];
    if (how.piece_bytes > 0) size = how.piece_bytes;
    if (how.first_bytes > 0 && turn == 0) size = how.first_bytes;
    ++turn;
    const std::string_view piece = rest.substr(0, size);
    rest.remove_prefix(piece.size());
    if (auto fed = driver.feed(piece); !fed) return fed;
  }
  return driver.finish();
}

void run_stream(const recording& r, const dialect::dialect& d, const vendor& v, const feeding& how,
                replay_result& out) {
  dialect::frame_driver driver(d, v, {});
  const auto fed = feed(driver, r, how);
  out.streamed = true;
  out.events = std::move(driver.events());
  out.reply = std::move(driver.builder().reply());
  out.reply.request_id = d.request_id(r.head);
  out.notes = out.reply.notes;
  out.outcome = fed ? outcome::reply : outcome::error;
  if (fed) return;
  out.error = fed.error();
  if (out.error->http_status == 0) out.error->http_status = r.head.status;
}

void run_whole(const recording& r, const dialect::dialect& d, const vendor& v, operation op,
               replay_result& out) {
  const dialect::answer answer{r.head, r.body};
  out.outcome = outcome::reply;
  if (r.head.status < 200 || r.head.status > 299) {
    out.error = d.decode_error(answer, v);
  } else if (op == operation::embeddings) {
    if (auto decoded = d.decode_embed(answer, v); decoded) {
      out.vectors = std::move(decoded->vectors);
      out.reply.model = decoded->model;
      out.reply.usage = decoded->usage;
      out.notes = decoded->notes;
    } else {
      out.error = decoded.error();
    }
  } else if (auto decoded = d.decode_chat(answer, v); decoded) {
    out.reply = std::move(*decoded);
    out.notes = out.reply.notes;
  } else {
    out.error = decoded.error();
  }
  if (out.error) out.outcome = outcome::error;
}

}  // namespace

std::string_view to_string(outcome value) noexcept {
  switch (value) {
    case outcome::reply:
      return "reply";
    case outcome::error:
      return "error";
    case outcome::unsupported:
      break;
  }
  return "unsupported";
}

replay_result run(const recording& r, const dialect::dialect_list& dialects,
                  const std::vector<const vendor*>& vendors, const feeding& how) {
  const vendor_search search = find_vendor(r.provider, vendors);
  if (search.found != nullptr) return run_as(r, dialects, *search.found, how);
  replay_result out{.file = r.file, .op = r.op};
  out.notes.push_back(search.problem);
  return out;
}

replay_result run_as(const recording& r, const dialect::dialect_list& dialects, const vendor& v,
                     const feeding& how) {
  replay_result out{.file = r.file, .vendor = v.name, .op = r.op};
  const dialect::dialect* d = dialects.find(v.dialect);
  if (d == nullptr) {
    out.notes.push_back("dialect \"" + v.dialect + "\" is not built in");
    return out;
  }
  out.dialect = v.dialect;
  const operation op = operation_of(r, *d, v);
  if (op == operation::other) {
    out.notes.push_back(r.method + " " + std::string(path_of(r.url)) +
                        " is no operation of the dialect \"" + v.dialect + "\"");
    return out;
  }
  out.op = op == operation::chat ? "chat" : "embeddings";
  const bool good = r.head.status >= 200 && r.head.status <= 299;
  if (op == operation::chat && good && is_stream(r))
    run_stream(r, *d, v, how, out);
  else
    run_whole(r, *d, v, op, out);
  return out;
}

std::vector<std::size_t> frame_ends(std::string_view body) {
  std::vector<std::size_t> ends;
  bool at_line_start = false;  // a blank line at the very beginning ends no frame
  for (std::size_t i = 0; i < body.size(); ++i) {
    const bool crlf = body[i] == '\r' && i + 1 < body.size() && body[i + 1] == '\n';
    const bool line_end = body[i] == '\n' || body[i] == '\r';
    if (crlf) ++i;
    if (line_end && at_line_start) ends.push_back(i + 1);
    at_line_start = line_end;
  }
  return ends;
}

}  // namespace ark::replay
