// Every recording that a row can read through its dialect: laws, splits, cuts. What the
// replies should say is judged elsewhere (compare_test.py); here they must agree with themselves.
#include "../support/corpus.hpp"
#include "../support/stream_laws.hpp"
#include "adapters/standard.hpp"
#include "catalog/vendor_rows.hpp"
#include "replay/replay.hpp"

#include <gtest/gtest.h>
#include <algorithm>
#include <map>
#include <random>

using namespace ark;

namespace {

struct corpus {
  std::vector<vendor> rows;
  std::vector<const vendor*> vendors;
  dialect::dialect_list dialects = adapters::built_in_dialects();
  std::vector<replay::recording> recordings;  ///< all that a row can read
  std::map<std::string, int> foreign;         ///< how many of providers without a row, by row
  std::vector<replay::recording> streams;     ///< of those that are a 200 stream, small ones first

  replay::replay_result run(const replay::recording& r, replay::feeding how = {}) const {
    return replay::run(r, dialects, vendors, how);
  }
};

bool path_ends_with(const replay::recording& r, std::string_view end) {
  const std::string_view url(r.url);
  return url.substr(0, url.find('?')).ends_with(end);
}

/// Two rows of a provider's with the same path below their base URLs: the recording's says which.
void name_row(replay::recording& r) {
  if (!path_ends_with(r, "/chat/completions") && !path_ends_with(r, "/embeddings")) return;
  if (r.url.find("azure.com/openai/v1/") != std::string::npos) r.provider = "azure-v1";
}

/// What no row of a provider's name reads is read by the row for any server of the family whose
/// path it has.
void give_row(replay::recording& r) {
  if (path_ends_with(r, "/messages")) r.provider = "anthropic";
  if (path_ends_with(r, "/responses")) r.provider = "custom-responses";
  // Not those of a vendor, which may be of another shape.
  if (path_ends_with(r, "/v1/completions") && r.provider == "local-openai-compatible")
    r.provider = "custom-completions";
  if (path_ends_with(r, "/chat/completions") || path_ends_with(r, "/embeddings"))
    r.provider = "custom";
}

corpus* load() {
  const auto folder = test::shared_path("recordings");
  auto rows = catalog::read_vendor_directory(std::string(ARK_SOURCE_ROOT) + "/adapters/vendor");
  if (!folder || !rows) return nullptr;
  auto* c = new corpus;
  c->rows = std::move(*rows);
  for (const vendor& v : c->rows) c->vendors.push_back(&v);
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(*folder))
    if (entry.path().extension() == ".json") files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  for (const auto& file : files) {
    auto r = replay::read_recording(test::read_file(file),
                                    std::filesystem::relative(file, *folder).string());
    if (!r) {
      ADD_FAILURE() << r.error().message;
      continue;
    }
    name_row(*r);
    auto result = c->run(*r);
    if (result.outcome == replay::outcome::unsupported) {
      give_row(*r);
      result = c->run(*r);
      if (result.outcome != replay::outcome::unsupported) ++c->foreign[r->provider];
    }
    if (result.outcome == replay::outcome::unsupported) continue;
    if (result.streamed) c->streams.push_back(*r);
    c->recordings.push_back(std::move(*r));
  }
  std::stable_sort(c->streams.begin(), c->streams.end(),
                   [](const auto& a, const auto& b) { return a.body.size() < b.body.size(); });
  return c;
}

/// Read once for all tests; null without the shared corpus.
const corpus* the_corpus() {
  static const corpus* const loaded = load();
  return loaded;
}

#define CORPUS_OR_SKIP(name)                                                \
  const corpus* const name##_found = the_corpus();                          \
  if (name##_found == nullptr) GTEST_SKIP() << "skipped: no shared corpus"; \
  const corpus& name = *name##_found

/// All that a caller can see of it, in one text.
std::string seen(const replay::replay_result& r) {
  std::string all = replay::to_json(r);
  for (const event& e : r.events)
    all += '\n' + std::string(to_string(e.kind)) + ' ' + std::to_string(e.index) + ' ' + e.id +
           ' ' + e.name + ' ' + e.text;
  for (const part& p : r.reply.message.parts)
    if (const auto* reasoning = std::get_if<reasoning_part>(&p))
      all += '\n' + reasoning->signature + ' ' + reasoning->opaque;
  for (const citation& each : r.reply.citations)
    all += '\n' + each.url + ' ' + each.title + ' ' + each.text + ' ' + each.document_id + ' ' +
           std::to_string(each.start) + ' ' + std::to_string(each.end);
  for (const token_logprob& each : r.reply.logprobs)
    all += '\n' + each.chosen.token + ' ' + std::to_string(each.chosen.logprob) + ' ' +
           std::to_string(each.top.size());
  return all;
}

void expect_laws(const replay::replay_result& r) {
  const bool failed = r.outcome == replay::outcome::error;
  for (const std::string& broken : test::stream_laws::broken(r.events, failed, &r.reply))
    ADD_FAILURE() << r.file << ": " << broken;
}

/// Neither end of a citation cuts a character.
void expect_places(const replay::replay_result& r) {
  const std::string text = r.reply.text();
  const auto begins = [&text](std::int64_t at) {
    const auto byte = static_cast<std::size_t>(at);
    return byte == text.size() || (static_cast<unsigned char>(text[byte]) & 0xc0) != 0x80;
  };
  for (const citation& each : r.reply.citations) {
    if (each.start == -1 && each.end == -1) continue;
    const bool inside = each.start >= 0 && each.start <= each.end &&
                        each.end <= static_cast<std::int64_t>(text.size());
    EXPECT_TRUE(inside && begins(each.start) && begins(each.end))
        << r.file << ' ' << each.start << ' ' << each.end;
  }
}

TEST(replay_corpus, citations_and_log_probabilities_are_read) {
  CORPUS_OR_SKIP(c);
  std::map<std::string, int> citing, probable;
  for (const auto& recording : c.recordings) {
    const auto r = c.run(recording);
    if (r.outcome != replay::outcome::reply) continue;
    expect_places(r);
    if (!r.reply.citations.empty()) ++citing[r.dialect];
    if (!r.reply.logprobs.empty()) ++probable[r.dialect];
  }
  for (const auto& [dialect, count] : citing)
    std::printf("%-20s %d replies with citations, %d with log probabilities\n", dialect.c_str(),
                count, probable[dialect]);
  for (const char* const family : {"anthropic_messages", "bedrock_converse", "cohere_chat",
                                   "gemini_content", "openai_chat", "openai_responses"})
    EXPECT_GT(citing[family], 0) << family;
  for (const char* const family :
       {"cohere_chat", "gemini_content", "ollama_chat", "openai_chat", "openai_responses"})
    EXPECT_GT(probable[family], 0) << family;
}

TEST(replay_corpus, every_stream_keeps_the_laws) {
  CORPUS_OR_SKIP(c);
  std::map<std::string, int> streams, whole, rows;
  for (const auto& recording : c.recordings) {
    const auto r = c.run(recording);
    ++rows[r.vendor];
    ++(r.streamed ? streams : whole)[r.dialect];
    if (r.streamed) expect_laws(r);
    for (const auto& call : r.reply.tool_calls()) EXPECT_FALSE(call.name.empty()) << r.file;
    EXPECT_TRUE(!r.error || !r.error->message.empty()) << r.file;
  }
  for (const auto& [dialect, count] : streams)
    std::printf("%-20s %d streams, %d whole answers\n", dialect.c_str(), count, whole[dialect]);
  for (const auto& [row, count] : c.foreign)
    std::printf("%d through the row for their path, %s\n", count, row.c_str());
  EXPECT_GE(c.foreign.at("custom"), 15);
  EXPECT_GE(rows["azure-v1"], 11);
  EXPECT_GE(rows["azure-foundry"], 12);
  EXPECT_GE(rows["azure-anthropic"], 33);
  EXPECT_GE(rows["cloudflare-run"], 29);
  EXPECT_GE(rows["vertex-anthropic"], 23);
  EXPECT_GE(streams["anthropic_messages"], 150);
  EXPECT_GE(streams["openai_chat"], 1000);
  EXPECT_GE(streams["gemini_content"], 150);
  EXPECT_GE(rows["gemini-interactions"], 29);
}

TEST(replay_corpus, a_stream_reads_the_same_byte_by_byte) {
  CORPUS_OR_SKIP(c);
  for (const auto& recording : c.streams)
    EXPECT_EQ(seen(c.run(recording, {.piece_bytes = 1})), seen(c.run(recording))) << recording.file;
}

TEST(replay_corpus, a_stream_reads_the_same_in_random_pieces) {
  CORPUS_OR_SKIP(c);
  std::mt19937 random(20261121);
  for (const auto& recording : c.streams) {
    const std::string expected = seen(c.run(recording));
    for (int round = 0; round < 4; ++round) {
      const std::size_t first = 1 + random() % recording.body.size(), piece = 1 + random() % 97;
      EXPECT_EQ(seen(c.run(recording, {.piece_bytes = piece, .first_bytes = first})), expected)
          << recording.file << " first " << first << " then " << piece;
    }
  }
}

/// The stream with a blank in the JSON of every other frame: none is the one before.
std::string with_blanks(const std::string& body) {
  std::string made;
  bool blank = false;
  for (std::size_t at = 0; at < body.size();) {
    const std::size_t end = std::min(body.find('\n', at), body.size() - 1) + 1;
    const std::string_view line(body.data() + at, end - at);
    const std::size_t brace = line.starts_with("data:") ? line.find('{') : line.npos;
    if (brace != line.npos && brace <= 6 && (blank = !blank))
      made.append(line.substr(0, brace + 1)).append(" ").append(line.substr(brace + 1));
    else
      made.append(line);
    at = end;
  }
  return made;
}

TEST(replay_corpus, a_stream_reads_the_same_when_no_frame_repeats_the_one_before) {
  CORPUS_OR_SKIP(c);
  int compared = 0;
  for (replay::recording recording : c.streams) {
    const auto expected = c.run(recording);
    if (expected.dialect != "openai_chat") continue;
    recording.body = with_blanks(recording.body);
    EXPECT_EQ(seen(c.run(recording)), seen(expected)) << recording.file;
    ++compared;
  }
  EXPECT_GE(compared, 1000);
}

// A tenth of the speed: a quarter of the work is done then.
#if defined(__SANITIZE_ADDRESS__)
constexpr bool is_sanitized = true;
#elif defined(__has_feature)
constexpr bool is_sanitized = __has_feature(address_sanitizer);
#else
constexpr bool is_sanitized = false;
#endif

TEST(replay_corpus, a_stream_reads_the_same_split_at_every_byte) {
  CORPUS_OR_SKIP(c);
  // The cost is the square of the size, so small ones first, as many as the work allows.
  constexpr int most = 150;
  constexpr double most_work = is_sanitized ? 1e8 : 4e8;
  std::map<std::string, int> done;
  std::map<std::string, double> work;
  int all = 0;
  for (const auto& recording : c.streams) {
    const auto whole = c.run(recording);
    const double cost = static_cast<double>(recording.body.size() * recording.body.size());
    if (done[whole.dialect] == most || (work[whole.dialect] += cost) > most_work) continue;
    ++done[whole.dialect];
    ++all;
    const std::string expected = seen(whole);
    for (std::size_t at = 1; at < recording.body.size(); ++at)
      ASSERT_EQ(seen(c.run(recording, {.first_bytes = at})), expected)
          << recording.file << " " << at;
  }
  for (const auto& [dialect, count] : done) {
    std::printf("%-20s %d streams split at every byte\n", dialect.c_str(), count);
    EXPECT_GE(count, is_sanitized ? 2 : 4) << dialect;
  }
  EXPECT_GE(all, 200);
}

TEST(replay_corpus, a_stream_cut_before_its_terminal_is_truncated) {
  CORPUS_OR_SKIP(c);
  std::size_t cuts = 0;
  for (const auto& recording : c.streams) {
    if (c.run(recording).outcome != replay::outcome::reply) continue;
    const auto* const family = c.dialects.find(c.run(recording).dialect);
    auto ends = replay::frame_ends(recording.body, family->stream_framing());
    // The last frame needs no blank line: some servers, and some recorders, leave it out.
    ends.push_back(recording.body.size());
    bool complete = false;  // from here on, the terminal is in what is kept
    for (const std::size_t end : ends) {
      const auto r = c.run(recording, {.keep = end});
      complete = complete || r.outcome == replay::outcome::reply;
      expect_laws(r);
      ++cuts;
      const bool truncated = r.error && r.error->code == errc::truncated;
      EXPECT_NE(complete, truncated) << recording.file << " " << end;
    }
    EXPECT_TRUE(complete) << recording.file;
  }
  std::printf("%zu cuts\n", cuts);
}

}  // namespace
