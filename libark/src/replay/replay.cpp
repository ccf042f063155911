#include "replay/replay.hpp"

#include "dialect/frame_driver.hpp"
#include "replay/operation.hpp"

#include <algorithm>
#include <numeric>

namespace ark::replay {
namespace {

/// The rows that a provider's recordings may be of: its own, then those whose names begin with it
/// and a dash (another of its wire families), in the order of the names.
std::vector<const vendor*> rows_of(std::string_view provider,
                                   const std::vector<const vendor*>& rows) {
  std::vector<const vendor*> out;
  for (const vendor* row : rows)
    if (row->name == provider || row->name.starts_with(std::string(provider) + "-"))
      out.push_back(row);
  std::sort(out.begin(), out.end(), [](auto* a, auto* b) { return a->name < b->name; });
  return out;
}

/// By its type; recorders lose the header, and some servers name the wrong one.
bool is_stream(const recording& r, dialect::framing framing) {
  const auto type = wire::find_header(r.head.headers, "content-type");
  const std::string_view body = r.body;
  switch (framing) {
    case dialect::framing::event_stream:
      return type.starts_with("application/vnd.amazon.eventstream") ||
             wire::event_message_size(body.substr(0, wire::event_prelude_bytes)).has_value();
    case dialect::framing::ndjson:
      return type.starts_with("application/x-ndjson") || body.find("}\n{") != body.npos;
    case dialect::framing::messages:
      return false;  // recordings are of HTTP
    case dialect::framing::sse:
      break;
  }
  return type.starts_with("text/event-stream") || body.starts_with("data:") ||
         body.starts_with("event:") || body.starts_with(": ");
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

void run_whole(const recording& r, const dialect::dialect& d, const vendor& v,
               const recorded_operation& op, replay_result& out) {
  out.outcome = outcome::reply;
  if (r.head.status < 200 || r.head.status > 299)
    out.error = d.decode_error(dialect::answer{r.head, r.body}, v);
  else
    read_whole(r, d, v, op, out);
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
  const auto rows = rows_of(r.provider, vendors);
  std::optional<replay_result> first;
  for (const vendor* row : rows) {
    replay_result out = run_as(r, dialects, *row, how);
    if (out.outcome != outcome::unsupported) return out;
    if (!first) first = std::move(out);
  }
  if (first) return std::move(*first);
  replay_result out{.file = r.file, .op = r.op};
  out.notes.push_back("no vendor row is called \"" + r.provider + "\"");
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
  const recorded_operation op = operation_of(r, dialects, *d, v);
  if (op.kind == operation_kind::other) {
    out.notes.push_back(r.method + " " + std::string(path_of(r.url)) +
                        " is no operation of the dialect \"" + v.dialect + "\"");
    return out;
  }
  out.op = word_of(op);
  const bool good = r.head.status >= 200 && r.head.status <= 299;
  if (op.kind == operation_kind::chat && good && is_stream(r, d->stream_framing()))
    run_stream(r, *d, v, how, out);
  else
    run_whole(r, *d, v, op, out);
  // Of a path that several families share: the family says that this is not its own.
  if (good && out.error && out.error->code == errc::unsupported) {
    out.notes.push_back(out.error->message);
    out.error.reset();
    out.outcome = outcome::unsupported;
  }
  return out;
}

namespace {

/// Behind each blank line.
std::vector<std::size_t> event_ends(std::string_view body) {
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

std::vector<std::size_t> line_ends(std::string_view body) {
  std::vector<std::size_t> ends;
  for (std::size_t i = 0; i < body.size(); ++i)
    if (body[i] == '\n') ends.push_back(i + 1);
  return ends;
}

std::vector<std::size_t> message_ends(std::string_view body) {
  std::vector<std::size_t> ends;
  for (std::size_t at = 0; at < body.size(); ends.push_back(at)) {
    const auto size = wire::event_message_size(body.substr(at, wire::event_prelude_bytes));
    if (!size || *size > body.size() - at) break;
    at += *size;
  }
  return ends;
}

}  // namespace

std::vector<std::size_t> frame_ends(std::string_view body, dialect::framing framing) {
  switch (framing) {
    case dialect::framing::ndjson:
      return line_ends(body);
    case dialect::framing::event_stream:
      return message_ends(body);
    case dialect::framing::messages:
      return {};
    case dialect::framing::sse:
      break;
  }
  return event_ends(body);
}

}  // namespace ark::replay
