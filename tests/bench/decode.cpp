// How fast each family reads its streams, beside simdjson's own parse of the same frames: the
// limit of what a decoder that validates JSON can reach. libark/doc/performance.md, "Decoding".
#include "../support/corpus.hpp"
#include "adapters/rows.hpp"
#include "adapters/standard.hpp"
#include "catalog/catalog.hpp"
#include "dialect/frame_driver.hpp"
#include "replay/replay.hpp"

#include <simdjson.h>
#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <map>
#include <memory>
#include <new>
#include <span>

namespace {

std::size_t allocations = 0;  // the program has one thread

}  // namespace

void* operator new(std::size_t size) {
  ++allocations;
  if (void* made = std::malloc(size)) return made;
  throw std::bad_alloc();
}
void operator delete(void* p) noexcept { std::free(p); }
void operator delete(void* p, std::size_t) noexcept { std::free(p); }

namespace ark::bench {
namespace {

constexpr std::size_t piece_bytes = 16u << 10;  // of one TLS record, as reads bring them
constexpr std::size_t row_bytes = 1'000'000;  // of different streams of a vendor, the largest first
constexpr std::size_t round_bytes = 20'000'000;  // read in one round, about
constexpr std::size_t block_bytes = 200'000;     // decoded, then parsed: fits into the cache
constexpr std::size_t usual_rounds = 7;
constexpr std::size_t least_file_bytes = 1500;  // smaller recordings hold no stream of use
constexpr double least_mb_per_second = 150;
constexpr double least_of_limit_openai_chat = 0.5;

struct stream {
  std::string body;
  const dialect::dialect* family = nullptr;
  const vendor* row = nullptr;
  std::vector<simdjson::padded_string> frames;  ///< the JSON of its frames
};

struct family_streams {
  std::vector<stream> streams;
  bool hand_made = false;
  std::size_t bytes() const {
    std::size_t sum = 0;
    for (const stream& s : streams) sum += s.body.size();
    return sum;
  }
};

double cpu_seconds() {
  timespec t{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) * 1e-9;
}

/// The frames of a body, by the reader that its family has.
template <class Reader>
void cut(const std::string& body, std::vector<simdjson::padded_string>& out) {
  simdjson::dom::parser parser;
  const auto take = [&](const wire::sse_event& e) {
    simdjson::padded_string text(e.data);
    if (simdjson::dom::element root; !parser.parse(text).get(root)) out.push_back(std::move(text));
    return true;
  };
  Reader reader(8u << 20);
  (void)reader.feed(body, take);
  (void)reader.finish(take);
}

stream make_stream(std::string body, const dialect::dialect& family, const vendor& row) {
  stream s{.body = std::move(body), .family = &family, .row = &row};
  switch (family.stream_framing()) {
    case dialect::framing::sse:
      cut<wire::sse_reader>(s.body, s.frames);
      break;
    case dialect::framing::ndjson:
      cut<wire::ndjson_reader>(s.body, s.frames);
      break;
    case dialect::framing::event_stream:
      cut<wire::event_stream_reader>(s.body, s.frames);
      break;
  }
  return s;
}

/// Reads one stream as the client does: in pieces, taking the events away after each. The number of
/// events; 0 if the stream was not read to its end.
std::size_t decode(const stream& s) {
  dialect::frame_driver driver(*s.family, *s.row, {});
  std::size_t events = 0;
  for (std::string_view rest = s.body; !rest.empty();) {
    const auto piece = rest.substr(0, piece_bytes);
    rest.remove_prefix(piece.size());
    if (!driver.feed(piece)) return 0;
    events += driver.events().size();
    driver.events().clear();
  }
  if (!driver.finish()) return 0;
  return events + driver.events().size();
}

std::size_t parse(const stream& s, simdjson::dom::parser& parser) {
  std::size_t parsed = 0;
  for (const simdjson::padded_string& frame : s.frames)
    parsed += parser.parse(frame).error() == simdjson::SUCCESS;
  return parsed;
}

using all_streams = std::map<std::string, family_streams, std::less<>>;

/// A stream in the form of the vendors' documents, where nothing was recorded.
std::string hand_made(std::string_view head, std::string_view tail, std::string_view last) {
  std::string body;
  for (int i = 0; i < 200; ++i) {
    body += head;
    body += "word" + std::to_string(i) + ' ';
    body += tail;
  }
  return body.append(last);
}

void add_hand_made(const dialect::dialect_list& dialects, const vendor& row, all_streams& out) {
  constexpr std::string_view dashscope_head =
      "id:1\nevent:result\n:HTTP_STATUS/200\n"
      R"(data:{"output":{"choices":[{"message":{"role":"assistant","content":")";
  constexpr std::string_view dashscope_tail =
      R"("},"finish_reason":"null"}]},"usage":{"total_tokens":34,"input_tokens":14,)"
      R"("output_tokens":20},"request_id":"9d0e746d-6205-9abc-8dc9-1ecf0d2b4a3e"})"
      "\n\n";
  constexpr std::string_view dashscope_last =
      R"(data:{"output":{"choices":[{"message":{"role":"assistant","content":""},)"
      R"("finish_reason":"stop"}]},"request_id":"9d0e746d-6205-9abc-8dc9-1ecf0d2b4a3e"})"
      "\n\n";
  constexpr std::string_view tencent_head =
      R"(data: {"Note":"n","Choices":[{"Index":0,"Delta":{"Role":"assistant","Content":")";
  constexpr std::string_view tencent_tail =
      R"("},"FinishReason":""}],"Created":1760000000,"Id":"9d0e746d-6205","Usage":)"
      R"({"PromptTokens":14,"CompletionTokens":20,"TotalTokens":34}})"
      "\n\n";
  constexpr std::string_view tencent_last =
      R"(data: {"Note":"n","Choices":[{"Index":0,"Delta":{"Role":"assistant","Content":""},)"
      R"("FinishReason":"stop"}],"Created":1760000000,"Id":"9d0e746d-6205","Usage":)"
      R"({"PromptTokens":14,"CompletionTokens":20,"TotalTokens":34}})"
      "\n\n";
  for (const auto& [name, body] :
       {std::pair{"dashscope", hand_made(dashscope_head, dashscope_tail, dashscope_last)},
        std::pair{"tencent", hand_made(tencent_head, tencent_tail, tencent_last)}}) {
    const dialect::dialect* family = dialects.find(name);
    if (family == nullptr || out.contains(name)) continue;
    family_streams& made = out[name];
    made.hand_made = true;
    made.streams.push_back(make_stream(body, *family, row));
  }
}

/// The largest recorded streams of each family that its decoder reads to the end.
all_streams recorded(const std::filesystem::path& folder, const dialect::dialect_list& dialects,
                     const catalog::book& book) {
  all_streams all;
  const auto rows = book.vendors();
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.path().extension() != ".json" || entry.file_size() < least_file_bytes) continue;
    auto recording =
        replay::read_recording(test::read_file(entry.path()), entry.path().filename().string());
    if (!recording || recording->body.size() < least_file_bytes) continue;
    const auto found = replay::run(*recording, dialects, rows);
    if (!found.streamed || found.outcome != replay::outcome::reply) continue;
    const auto row = std::find_if(rows.begin(), rows.end(),
                                  [&](const vendor* v) { return v->name == found.vendor; });
    stream s{
        .body = std::move(recording->body), .family = dialects.find(found.dialect), .row = *row};
    all[found.dialect].streams.push_back(std::move(s));
  }
  for (auto& [name, family] : all) {
    auto& streams = family.streams;
    std::stable_sort(streams.begin(), streams.end(), [](const stream& a, const stream& b) {
      return std::pair(b.body.size(), b.body) < std::pair(a.body.size(), a.body);
    });
    std::vector<stream> kept;
    std::map<const vendor*, std::size_t> bytes_of;
    for (stream& s : streams) {
      std::size_t& bytes = bytes_of[s.row];
      if (bytes >= row_bytes) continue;
      bytes += s.body.size();
      kept.push_back(make_stream(std::move(s.body), *s.family, *s.row));
    }
    streams = std::move(kept);
  }
  return all;
}

/// Medians over the rounds; a ratio is of one round.
struct measured {
  std::vector<double> decoder_s, parser_s, ratio;
  std::size_t events = 0, frames = 0, allocations = 0;
};

/// Brings bytes into the cache, where those of a vendor are when they were just received.
std::size_t touch(std::string_view bytes) {
  std::size_t sum = 0;
  for (std::size_t i = 0; i < bytes.size(); i += 64) sum += static_cast<unsigned char>(bytes[i]);
  return sum;
}

/// In blocks that fit into the cache, decoder and parser in turn.
void measure(const family_streams& family, measured& out) {
  simdjson::dom::parser parser;
  double decoder_s = 0, parser_s = 0;
  std::size_t touched = 0;
  for (std::size_t i = 0; i < family.streams.size();) {
    const std::size_t first = i;
    for (std::size_t bytes = 0; i < family.streams.size() && bytes < block_bytes; ++i)
      bytes += family.streams[i].body.size();
    const std::span block(family.streams.begin() + static_cast<std::ptrdiff_t>(first), i - first);
    for (const stream& s : block) touched += touch(s.body);
    const std::size_t allocations_before = allocations;
    const double begin = cpu_seconds();
    for (const stream& s : block) out.events += decode(s);
    decoder_s += cpu_seconds() - begin;
    out.allocations += allocations - allocations_before;
    for (const stream& s : block)
      for (const auto& frame : s.frames) touched += touch({frame.data(), frame.size()});
    const double parse_begin = cpu_seconds();
    for (const stream& s : block) out.frames += parse(s, parser);
    parser_s += cpu_seconds() - parse_begin;
  }
  out.decoder_s.push_back(decoder_s);
  out.parser_s.push_back(touched > 0 ? parser_s : 0);
  out.ratio.push_back(parser_s / decoder_s);
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

/// Prints the family's row. False if it misses a limit.
bool report(const std::string& name, const family_streams& family, const measured& m) {
  const double bytes = static_cast<double>(family.bytes());
  const double mb_per_second = bytes / median(m.decoder_s) / 1e6;
  const double ratio = median(m.ratio);
  const double least_ratio = name == "openai_chat" ? least_of_limit_openai_chat : 0;
  const bool good = mb_per_second >= least_mb_per_second && ratio >= least_ratio;
  std::printf(
      "| %s%s | %zu | %.0f | %.0f | %.0f | %.2fx | %s | %.2f | %.2f | %s |\n", name.c_str(),
      family.hand_made ? " (hand-made)" : "", family.streams.size(), bytes / 1000, mb_per_second,
      bytes / median(m.parser_s) / 1e6, ratio, least_ratio > 0 ? ">= 0.5x" : "",
      static_cast<double>(m.events) / static_cast<double>(m.frames),
      static_cast<double>(m.allocations) / static_cast<double>(m.events), good ? "ok" : "NOT MET");
  return good;
}

/// `only`, `row`: null for all of them.
int run(const char* only, std::size_t rounds, const char* row) {
  const auto folder = test::shared_path("recordings");
  const auto book = catalog::load_book({adapters::vendor_rows(), adapters::model_rows()}, {}, {});
  if (!folder || !book) {
    std::fputs("bench-decode needs the recordings: set ARK_SHARED\n", stderr);
    return 1;
  }
  const auto dialects = adapters::built_in_dialects();
  all_streams all = recorded(*folder, dialects, **book);
  add_hand_made(dialects, *(*book)->find_vendor("custom"), all);
  if (only != nullptr) std::erase_if(all, [only](const auto& f) { return f.first != only; });
  if (row != nullptr)
    for (auto& [name, family] : all)
      std::erase_if(family.streams, [row](const stream& s) { return s.row->name != row; });
  std::erase_if(all, [](const auto& f) { return f.second.streams.empty(); });
  std::map<std::string, measured, std::less<>> figures;
  for (std::size_t round = 0; round < rounds; ++round)
    for (const auto& [name, family] : all) {
      const std::size_t times = std::max<std::size_t>(1, round_bytes / family.bytes());
      measured& m = figures[name];
      for (std::size_t i = 0; i < times; ++i) measure(family, m);
    }
  std::printf(
      "| family | streams | KB | MB/s (>= %.0f) | simdjson MB/s | of simdjson | must reach | "
      "events a frame | allocations an event | |\n|---|---|---|---|---|---|---|---|---|---|\n",
      least_mb_per_second);
  bool good = true;
  for (const auto& [name, family] : all) good = report(name, family, figures[name]) && good;
  return good ? 0 : 1;
}

}  // namespace
}  // namespace ark::bench

/// bench-decode [FAMILY [ROUNDS [ROW]]]: all families; one, with more rounds for a profile; only
/// the streams of one vendor's row.
int main(int argc, char** argv) {
  const std::size_t rounds =
      argc > 2 ? std::strtoull(argv[2], nullptr, 10) : ark::bench::usual_rounds;
  return ark::bench::run(argc > 1 ? argv[1] : nullptr, rounds, argc > 3 ? argv[3] : nullptr);
}
