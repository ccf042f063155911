// Recorded requests, which nobody here wrote, judge the encoders: each is read into a call and
// encoded again by its vendor's row; what comes out must mean the same, or the difference is in
// request_differences.tsv with its reason.
#include "../support/corpus.hpp"
#include "adapters/standard.hpp"
#include "catalog/vendor_rows.hpp"
#include "replay/replay.hpp"
#include "requests/anthropic_messages_request.hpp"
#include "requests/gemini_content_request.hpp"
#include "requests/gemini_interactions_request.hpp"
#include "requests/json_compare.hpp"
#include "requests/openai_chat_request.hpp"
#include "requests/openai_responses_request.hpp"

#include <gtest/gtest.h>
#include <algorithm>
#include <cstdio>
#include <map>

using namespace ark;
using test::requests::read_request;
namespace json = boost::json;

namespace {

/// A family's paths and its reader of requests.
struct family {
  std::string_view dialect;
  std::vector<std::string_view> paths;  ///< how the paths of its URLs end
  std::string_view any_row;             ///< reads providers without a row of their own
  read_request (*read)(const replay::recording& r, const json::object& body, const vendor& row);
  int same_at_least;  ///< floor of the recordings that encode to the same
  int told_at_least;  ///< and of those and the ones that differ as listed, together
};

/// What stands between `mark` and the next slash or colon of a URL's path.
std::string segment_after(std::string_view url, std::string_view mark) {
  const auto at = url.find(mark);
  if (at == std::string_view::npos) return {};
  url.remove_prefix(at + mark.size());
  return std::string(url.substr(0, url.find_first_of("/:?")));
}

const std::vector<family> families = {
    {.dialect = "openai_chat",
     .paths = {"/chat/completions"},
     .any_row = "custom",
     .read =
         [](const replay::recording& r, const json::object& body, const vendor& row) {
           auto read = test::requests::read_openai_chat(body, row);
           if (read.model.empty()) read.model = segment_after(r.url, "/deployments/");
           return read;
         },
     .same_at_least = 1070,
     .told_at_least = 2644},
    {.dialect = "anthropic_messages",
     .paths = {"/messages"},
     .any_row = "anthropic",
     .read = [](const replay::recording&, const json::object& body,
                const vendor&) { return test::requests::read_anthropic_messages(body); },
     .same_at_least = 347,
     .told_at_least = 579},
    {.dialect = "gemini_content",
     .paths = {":generateContent", ":streamGenerateContent"},
     .any_row = "gemini",
     .read =
         [](const replay::recording& r, const json::object& body, const vendor&) {
           auto read = test::requests::read_gemini_content(body);
           read.model = segment_after(r.url, "/models/");
           read.streamed = r.url.find(":stream") != std::string::npos;
           return read;
         },
     .same_at_least = 172,
     .told_at_least = 455},
    {.dialect = "gemini_interactions",
     .paths = {"/interactions"},
     .any_row = "gemini-interactions",
     .read = [](const replay::recording&, const json::object& body,
                const vendor&) { return test::requests::read_gemini_interactions(body); },
     .same_at_least = 1,
     .told_at_least = 18},
    {.dialect = "openai_responses",
     .paths = {"/responses"},
     .any_row = "openai-responses",
     .read = [](const replay::recording&, const json::object& body,
                const vendor&) { return test::requests::read_openai_responses(body); },
     .same_at_least = 55,
     .told_at_least = 509},
};

/// A difference that is meant: of a row ("*": of all of the family's) or of a recording's file.
struct listed {
  std::string of, change, reason;
  int seen = 0;
};

struct tally {
  int same = 0, listed = 0, beyond = 0, refused = 0, differ = 0;
};

std::vector<listed> read_list() {
  std::vector<listed> list;
  std::istringstream lines(
      test::read_file(std::string(ARK_SOURCE_ROOT) + "/tests/replay/request_differences.tsv"));
  for (std::string line; std::getline(lines, line);) {
    if (line.empty() || line.starts_with('#')) continue;
    const auto first = line.find('\t'), second = line.find('\t', first + 1);
    if (second == std::string::npos || second + 1 == line.size())
      ADD_FAILURE() << "not three columns: " << line;
    else
      list.push_back({line.substr(0, first), line.substr(first + 1, second - first - 1),
                      line.substr(second + 1)});
  }
  return list;
}

/// A listed change that ends in " *" covers all values.
bool covers(const std::string& listed, const std::string& change) {
  if (!listed.ends_with(" *")) return listed == change;
  return change.starts_with(std::string_view(listed).substr(0, listed.size() - 1));
}

/// The parameter that a refusal names, if the row's allow-list made it.
std::string refused_parameter(const std::string& message) {
  constexpr std::string_view words = "does not take the parameter \"";
  const auto at = message.find(words);
  if (at == std::string::npos) return {};
  const auto begin = at + words.size();
  return message.substr(begin, message.find('"', begin) - begin);
}

class judge {
 public:
  judge() : list_(read_list()) {
    auto rows = catalog::read_vendor_directory(std::string(ARK_SOURCE_ROOT) + "/adapters/vendor");
    if (rows)
      rows_ = std::move(*rows);
    else
      ADD_FAILURE() << rows.error().message;
  }

  void one(const family& f, const replay::recording& r);
  void report(const family& f) const;
  void finish() const;

 private:
  const vendor* row_of(const family& f, const std::string& provider) const;
  bool is_listed(const family& f, const std::string& row, const std::string& file,
                 const std::string& change);
  void refused(const replay::recording& r, const std::string& row, tally& count,
               const std::string& message, const family& f);
  void compare(const replay::recording& r, const std::string& row, tally& count,
               std::vector<std::string> changes, const family& f);

  std::vector<listed> list_;
  std::vector<vendor> rows_;
  dialect::dialect_list dialects_ = adapters::built_in_dialects();
  std::map<std::string_view, std::map<std::string, tally>> counts_;  ///< by family and row
  std::map<std::string, int> beyond_;   ///< recordings by the member that no call can say
  std::map<std::string, int> refused_;  ///< by row and parameter; the vendor took it
  std::map<std::string, std::pair<int, std::string>> differ_;  ///< by row and change: one file
};

const vendor* judge::row_of(const family& f, const std::string& provider) const {
  const vendor *own = nullptr, *any = nullptr;
  for (const vendor& v : rows_) {
    if (v.dialect != f.dialect) continue;
    if (v.name == provider || (own == nullptr && v.name.starts_with(provider + '-'))) own = &v;
    if (v.name == f.any_row) any = &v;
  }
  return own != nullptr ? own : any;
}

bool judge::is_listed(const family& f, const std::string& row, const std::string& file,
                      const std::string& change) {
  bool found = false;
  for (listed& l : list_) {
    if (!covers(l.change, change)) continue;
    if (l.of != row && l.of != file && l.of != f.dialect) continue;
    ++l.seen;
    found = true;
  }
  return found;
}

void judge::one(const family& f, const replay::recording& r) {
  boost::system::error_code failed;
  const auto body = json::parse(r.request_body, failed);
  if (failed || !body.is_object()) return;
  const vendor* row = row_of(f, r.provider);
  if (row == nullptr) return;
  tally& count = counts_[f.dialect][row->name];
  const read_request read = f.read(r, body.get_object(), *row);
  if (!read.beyond.empty()) {
    ++count.beyond;
    for (const std::string& what : read.beyond) ++beyond_[std::string(f.dialect) + ' ' + what];
    return;
  }
  const auto* family_code = dialects_.find(f.dialect);
  const auto sent = family_code->encode_chat(read.asked, read.model, *row, read.streamed);
  if (!sent) return refused(r, row->name, count, sent.error().message, f);
  const auto encoded = json::parse(sent->request.body, failed);
  if (failed) {
    ADD_FAILURE() << r.file << ": the request is not JSON";
    return;
  }
  const json::value& recorded = read.spelled.is_null() ? body : read.spelled;
  compare(r, row->name, count, test::requests::differences(recorded, encoded), f);
}

/// What the row's allow-list refuses cannot be said; any other refusal is a difference.
void judge::refused(const replay::recording& r, const std::string& row, tally& count,
                    const std::string& message, const family& f) {
  const std::string parameter = refused_parameter(message);
  if (parameter.empty()) return compare(r, row, count, {"! " + message}, f);
  ++count.refused;
  if (r.head.status < 300) ++refused_[row + ' ' + parameter];
}

void judge::compare(const replay::recording& r, const std::string& row, tally& count,
                    std::vector<std::string> changes, const family& f) {
  if (changes.empty()) {
    ++count.same;
    return;
  }
  std::erase_if(changes,
                [&](const std::string& change) { return is_listed(f, row, r.file, change); });
  ++(changes.empty() ? count.listed : count.differ);
  for (const std::string& change : changes) {
    auto& [times, file] = differ_[row + '\t' + change];
    ++times;
    file = r.file;
  }
}

void judge::report(const family& f) const {
  tally all;
  std::printf("%-22s %6s %6s %6s %7s %6s\n", std::string(f.dialect).c_str(), "same", "listed",
              "beyond", "refused", "differ");
  const auto line = [](const std::string& name, const tally& t) {
    std::printf("  %-20s %6d %6d %6d %7d %6d\n", name.c_str(), t.same, t.listed, t.beyond,
                t.refused, t.differ);
  };
  const auto found = counts_.find(f.dialect);
  if (found == counts_.end()) return;
  for (const auto& [row, t] : found->second) {
    line(row, t);
    all.same += t.same;
    all.listed += t.listed;
    all.beyond += t.beyond;
    all.refused += t.refused;
    all.differ += t.differ;
  }
  line("all", all);
  EXPECT_GE(all.same, f.same_at_least) << f.dialect;
  EXPECT_GE(all.same + all.listed, f.told_at_least) << f.dialect;
}

void print_most(const char* title, const std::map<std::string, int>& counts, std::size_t most) {
  std::vector<std::pair<int, std::string>> sorted;
  for (const auto& [name, count] : counts) sorted.emplace_back(-count, name);
  std::sort(sorted.begin(), sorted.end());
  std::printf("%s\n", title);
  for (std::size_t i = 0; i < std::min(most, sorted.size()); ++i)
    std::printf("  %5d %s\n", -sorted[i].first, sorted[i].second.c_str());
}

void judge::finish() const {
  print_most("what no call can say, by recordings:", beyond_, 10);
  print_most("what the vendor took and its row refuses:", refused_, 10);
  for (const auto& [change, where] : differ_)
    ADD_FAILURE() << change << "\t" << where.first << " times, as in " << where.second;
  for (const listed& l : list_)
    EXPECT_GT(l.seen, 0) << "listed, but does not occur: " << l.of << '\t' << l.change;
}

const family* family_of(const replay::recording& r) {
  const std::string_view url(r.url);
  const auto path = url.substr(0, url.find('?'));
  for (const family& f : families)
    for (const auto end : f.paths)
      if (path.ends_with(end)) return &f;
  return nullptr;
}

std::vector<std::string> changes(const char* recorded, const char* sent) {
  return test::requests::differences(json::parse(recorded), json::parse(sent));
}

TEST(replay_requests, the_comparison_takes_what_means_the_same) {
  EXPECT_TRUE(changes(R"({"a":1,"b":[2,{"c":null}]})", R"({"b":[2.0,{}],"a":1})").empty());
  EXPECT_TRUE(changes(R"({"content":"x"})", R"({"content":[{"type":"text","text":"x"}]})").empty());
  EXPECT_TRUE(changes(R"({"arguments":"{\"a\": 1}"})", R"({"arguments":"{\"a\":1}"})").empty());
}

TEST(replay_requests, the_comparison_tells_every_change) {
  using told = std::vector<std::string>;
  EXPECT_EQ(changes(R"({"a":"x"})", R"({})"), told{"- a \"x\""});
  EXPECT_EQ(changes(R"({})", R"({"a":[1]})"), told{"+ a [1]"});
  EXPECT_EQ(changes(R"({"l":[{"a":true}]})", R"({"l":[{"a":false}]})"),
            told{"~ l[].a true > false"});
  EXPECT_EQ(changes(R"({"a":7})", R"({"b":7})"), told{"> a b"});
  EXPECT_EQ(changes(R"({"a":7})", R"({"b":8})"), (told{"- a number", "+ b number"}));
  EXPECT_EQ(changes(R"({"a":[1,2]})", R"({"a":[1]})"), told{"~ a of another length"});
  EXPECT_EQ(changes(R"({"a":[1,2]})", R"({"a":[2,1]})"), told{"~ a[] number > number"});
}

TEST(replay_requests, encode_to_what_was_recorded) {
  ARK_SHARED_OR_SKIP(folder, "recordings");
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder))
    if (entry.path().extension() == ".json") files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  judge j;
  for (const auto& file : files) {
    const auto r = replay::read_recording(test::read_file(file),
                                          std::filesystem::relative(file, folder).string());
    if (!r) continue;  // corpus_test.cpp says so
    const bool asks =
        r->method == "POST" && (r->op == "chat" || r->op == "responses" || r->op == "interactions");
    const family* f = asks ? family_of(*r) : nullptr;
    if (f != nullptr) j.one(*f, *r);
  }
  for (const family& f : families) j.report(f);
  j.finish();
}

}  // namespace
