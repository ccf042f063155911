#include <ark/jobs.hpp>

#include "client/exchange.hpp"
#include "toy.hpp"

#include <gtest/gtest.h>
#include <sstream>

namespace ark::testing {
namespace {

using dialect::job_answer;
using dialect::job_encoded;
using dialect::job_request;
using dialect::job_verb;

/// Answers are words: "file ID", "model ID", "batch ID", "next CURSOR", "result ID STATUS REST",
/// "unread ID", "cache ID TOKENS". A cursor with a slash is where the vendor wants the next
/// request; a batch is sent after the cursor "file" only, if it has a name.
class toy_jobs final : public dialect::job_dialect {
 public:
  std::string_view name() const override { return "toy_jobs"; }
  result<job_encoded> encode(const job_request& r, const vendor& v) const override {
    if (r.verb == job_verb::delete_batch) return dialect::no_such_job(r.verb, v);
    job_encoded out;
    out.request.method = r.file != nullptr || r.batch != nullptr ? "POST" : "GET";
    out.request.target = "/" + std::to_string(static_cast<int>(r.verb)) + "/" + r.id + r.cursor;
    if (r.file != nullptr) out.request.body = r.file->bytes;
    if (r.batch != nullptr)
      for (const auto& line : r.batch->lines)
        out.request.body += line.custom_id + " " + line.request.target + "\n";
    if (r.prompt != nullptr)
      out.request.body = r.prompt->request.body + " for " + std::to_string(r.ttl_s);
    out.before_base = r.file != nullptr ? "/upload" : "";
    out.preparatory = r.batch != nullptr && !r.batch->name.empty() && r.cursor != "file";
    out.from_root = r.cursor.find('/') != r.cursor.npos;
    if (out.from_root) out.request.target = r.cursor;
    return out;
  }
  result<job_answer> decode(const job_request& r, const dialect::answer& a,
                            const vendor&) const override {
    job_answer out;
    std::istringstream lines{std::string(a.body)};
    std::string line;
    while (std::getline(lines, line)) read(line, r, out);
    return out;
  }

 private:
  static void read(const std::string& line, const job_request& r, job_answer& out) {
    std::istringstream in(line);
    std::string word, id;
    in >> word >> id;
    if (word == "model") out.models.push_back({.id = id});
    if (word == "file") out.files.push_back({.id = id});
    if (word == "batch") out.batches.push_back({.id = id});
    if (word == "bytes") out.content += id;
    if (word == "stored") out.content = line.substr(word.size() + 1);
    if (word == "cache") {
      out.caches.push_back({.id = id, .model = "m1"});
      out.usage.reported = static_cast<bool>(in >> out.usage.input);
    }
    if (word == "next") {
      out.next = r;
      out.next->cursor = id;
    }
    if (word == "unread")
      out.results.push_back({.custom_id = id, .body = {}, .unreadable = "line 2"});
    if (word != "result") return;
    dialect::batch_line_result made{.custom_id = id, .body = {}};
    in >> made.status;
    std::getline(in >> std::ws, made.body);
    out.results.push_back(std::move(made));
  }
};

struct job_client : toy_client {
  job_client() {
    book->row.job_dialect = "toy_jobs";
    parts->dialects = std::make_shared<dialect::dialect_list>(
        std::vector<const dialect::dialect*>{&family}, std::vector<const dialect::media_dialect*>{},
        std::vector<const dialect::job_dialect*>{&jobs_family});
  }
  jobs here() { return {make(), "toy"}; }
  toy_jobs jobs_family;
};

batch_call two_calls() {
  batch_call b{.model = "m1", .name = {}, .items = {{"a", hello()}, {"b-2", hello()}}};
  for (auto& item : b.items) {
    item.call.model = "auto";
    item.call.task = "night";
    item.call.max_tokens = 10;
  }
  return b;
}

TEST(jobs, pages_are_added_up_and_nothing_is_on_record) {
  job_client t;
  t.net->answers = {t.whole("model x\nmodel y\nnext 2"), t.whole("model z")};
  const auto got = t.here().models();
  ASSERT_TRUE(got) << to_string(got.error());
  ASSERT_EQ(got->size(), 3U);
  EXPECT_EQ((*got)[2].id, "z");
  ASSERT_EQ(t.net->requests.size(), 2U);
  EXPECT_EQ(t.net->requests[1].request.target, "/v1/0/2");
  EXPECT_TRUE(wire::has_header(t.net->requests[0].request.headers, "authorization"));
  EXPECT_TRUE(t.ledger->all.empty()) << "a list costs nothing";
}

TEST(jobs, an_endless_list_ends) {
  job_client t;
  for (int i = 0; i < 1001; ++i) t.net->answers.push_back(t.whole("model x\nnext 2"));
  const auto got = t.here().models();
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().code, errc::protocol);
  EXPECT_EQ(t.net->requests.size(), 1000U);
}

TEST(jobs, what_only_asks_is_asked_again_when_the_answer_is_lost) {
  job_client t;
  t.net->answers = {t.whole("down", 500), t.whole("file f1")};
  const auto got = t.here().file("f1");
  ASSERT_TRUE(got) << to_string(got.error());
  EXPECT_EQ(got->id, "f1");
  t.net->answers = {t.whole("down", 500), t.whole("file f1")};
  EXPECT_FALSE(t.here().upload({.name = "n", .bytes = "x"})) << "a file may be there twice";
  EXPECT_EQ(t.net->requests.back().request.target, "/upload/v1/2/");
}

TEST(jobs, ids_that_would_name_another_path_are_refused) {
  job_client t;
  for (const char* id : {"", ".", ".."}) {
    EXPECT_FALSE(t.here().file(id));
    EXPECT_FALSE(t.here().content(id));
    EXPECT_FALSE(t.here().remove_file(id));
    EXPECT_FALSE(t.here().batch(id));
    EXPECT_FALSE(t.here().cancel(id));
    EXPECT_FALSE(t.here().results(id));
  }
  EXPECT_TRUE(t.net->requests.empty());
}

TEST(jobs, a_vendor_without_them_says_so) {
  toy_client t;
  const auto got = jobs(t.make(), "toy").models();
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().code, errc::unsupported);
  EXPECT_EQ(jobs(t.make(), "nobody").models().error().code, errc::not_found);
  t.book->row.job_dialect = "unheard";
  EXPECT_EQ(jobs(t.make(), "toy").models().error().code, errc::config);
}

TEST(jobs, a_batch_is_on_record_before_it_is_sent_and_settled_by_its_results) {
  job_client t;
  t.net->answers = {t.whole("batch b1")};
  const auto made = t.here().submit(two_calls());
  ASSERT_TRUE(made) << to_string(made.error());
  EXPECT_EQ(made->id, "b1");
  const auto intents = t.ledger->intents();
  ASSERT_EQ(intents.size(), 2U);
  EXPECT_EQ(intents[0].operation, "batch");
  EXPECT_EQ(intents[0].task, "night");
  EXPECT_EQ(intents[0].quote.status, cost_status::interval);
  EXPECT_TRUE(t.ledger->outcomes().empty()) << "nobody knows yet what they cost";
  const std::string& sent = t.net->requests[0].request.body;
  const std::string id = wire_custom_id(intents[1].attempt_id, "b-2");
  EXPECT_NE(sent.find(id + " /v1/chat"), std::string::npos) << sent;

  // Another process, which has the ledger and the batch's id only.
  const std::string first = wire_custom_id(intents[0].attempt_id, "a");
  t.net->answers = {t.whole("result " + id + " 400 bad\nresult " + first +
                            " 200 hi 1000 500\nresult own 200 x 1 1")};
  const auto got = t.here().results("b1");
  ASSERT_TRUE(got) << to_string(got.error());
  ASSERT_EQ(got->size(), 3U);
  EXPECT_EQ((*got)[0].custom_id, "b-2");
  EXPECT_EQ((*got)[0].answer.error().code, errc::invalid_request);
  EXPECT_EQ((*got)[1].custom_id, "a");
  EXPECT_EQ((*got)[1].answer->text(), "hi");
  EXPECT_EQ((*got)[2].custom_id, "own");
  const auto outcomes = t.ledger->outcomes();
  ASSERT_EQ(outcomes.size(), 2U) << "a call that this ledger did not begin is not settled";
  EXPECT_EQ(outcomes[0].attempt_id, intents[1].attempt_id);
  EXPECT_EQ(outcomes[0].state, attempt_state::void_);
  EXPECT_EQ(outcomes[1].attempt_id, intents[0].attempt_id);
  EXPECT_EQ(outcomes[1].state, attempt_state::settled);
  EXPECT_EQ(outcomes[1].usage.input, 1000);
}

TEST(jobs, an_answer_of_a_batch_that_cannot_be_read_is_not_free) {
  job_client t;
  t.net->answers = {t.whole("batch b1")};
  ASSERT_TRUE(t.here().submit(two_calls()));
  const auto intents = t.ledger->intents();
  t.net->answers = {t.whole("result " + wire_custom_id(intents[0].attempt_id, "a") + " 200 ?")};
  const auto got = t.here().results("b1");
  ASSERT_TRUE(got) << to_string(got.error());
  EXPECT_EQ(got->at(0).answer.error().code, errc::protocol);
  EXPECT_TRUE(t.ledger->outcomes().empty()) << "it stays open with its quote";
}

TEST(jobs, a_batch_has_the_prices_of_batches) {
  job_client t;
  for (const char* dimension : {"input", "output"})
    t.book->priced.prices.push_back({.dimension = dimension,
                                     .value = *amount::parse("0.5"),
                                     .unit = "Mtok",
                                     .when = {.service_tier = "batch"}});
  t.net->answers = {t.whole("batch b1")};
  ASSERT_TRUE(t.here().submit(two_calls()));
  const auto intent = t.ledger->intents()[0];
  t.net->answers = {
      t.whole("result " + wire_custom_id(intent.attempt_id, "a") + " 200 hi 1000 500")};
  const auto got = t.here().results("b1");
  ASSERT_TRUE(got && got->at(0).answer);
  EXPECT_EQ(got->at(0).answer->cost.value.to_string(), "0.00075");
  EXPECT_GE(intent.quote.high, amount{});
}

TEST(jobs, a_refused_batch_is_void_and_a_lost_one_stays_open) {
  job_client t;
  t.net->answers = {t.whole("bad", 400)};
  EXPECT_FALSE(t.here().submit(two_calls()));
  ASSERT_EQ(t.ledger->outcomes().size(), 2U);
  EXPECT_EQ(t.ledger->outcomes()[0].state, attempt_state::void_);
  t.net->answers = {t.whole("down", 500)};
  EXPECT_FALSE(t.here().submit(two_calls()));
  EXPECT_EQ(t.ledger->intents().size(), 4U);
  EXPECT_EQ(t.ledger->outcomes().size(), 2U) << "it may have been accepted";
  EXPECT_EQ(t.net->requests.size(), 2U) << "and is not sent twice";
}

TEST(jobs, a_result_that_cannot_be_read_leaves_its_own_call_open_and_no_other) {
  job_client t;
  t.net->answers = {t.whole("batch b1")};
  ASSERT_TRUE(t.here().submit(two_calls()));
  const auto intents = t.ledger->intents();
  t.net->answers = {t.whole("result " + wire_custom_id(intents[0].attempt_id, "a") +
                            " 200 hi 1 1\nunread " + wire_custom_id(intents[1].attempt_id, "b-2"))};
  const auto got = t.here().results("b1");
  ASSERT_TRUE(got) << to_string(got.error());
  ASSERT_EQ(got->size(), 2U);
  EXPECT_TRUE(got->at(0).answer);
  EXPECT_EQ(got->at(1).custom_id, "b-2");
  EXPECT_EQ(got->at(1).answer.error().code, errc::protocol);
  EXPECT_EQ(got->at(1).answer.error().message, "line 2: what it cost is not known");
  ASSERT_EQ(t.ledger->outcomes().size(), 1U);
  EXPECT_EQ(t.ledger->outcomes()[0].attempt_id, intents[0].attempt_id);
}

TEST(jobs, a_batch_whose_file_was_lost_is_void_and_one_lost_after_it_stays_open) {
  job_client t;
  auto b = two_calls();
  b.name = "in two steps";
  t.net->answers = {t.whole("down", 500)};
  EXPECT_FALSE(t.here().submit(b));
  ASSERT_EQ(t.ledger->outcomes().size(), 2U) << "a file makes no calls";
  EXPECT_EQ(t.ledger->outcomes()[1].state, attempt_state::void_);
  EXPECT_EQ(t.ledger->outcomes()[1].http_status, 500);
  t.net->answers = {t.whole("next file"), t.whole("down", 500)};
  EXPECT_FALSE(t.here().submit(b));
  EXPECT_EQ(t.ledger->intents().size(), 4U);
  EXPECT_EQ(t.ledger->outcomes().size(), 2U) << "the batch may be there";
  t.net->answers = {t.whole("next file"), t.whole("bad", 400)};
  EXPECT_FALSE(t.here().submit(b));
  EXPECT_EQ(t.ledger->outcomes().size(), 4U) << "refused";
  t.net->answers = {t.whole("next file"), t.whole("nothing that is known")};
  EXPECT_FALSE(t.here().submit(b));
  EXPECT_EQ(t.ledger->outcomes().size(), 4U) << "accepted, as far as one can tell";
}

TEST(jobs, a_batch_that_was_never_sent_is_void) {
  job_client t;
  t.parts->options.keys = {};
  EXPECT_EQ(t.here().submit(two_calls()).error().code, errc::auth);
  EXPECT_EQ(t.ledger->intents().size(), 2U);
  ASSERT_EQ(t.ledger->outcomes().size(), 2U) << "there is no key";
  EXPECT_EQ(t.ledger->outcomes()[0].finish, "auth");
  EXPECT_TRUE(t.net->requests.empty());

  job_client u;
  fake_transport::answer refused;
  refused.failure = net::exchange_failure{
      {.code = errc::tls, .retry = retry_class::never, .message = "a wrong certificate"}};
  u.net->answers = {refused};
  EXPECT_EQ(u.here().submit(two_calls()).error().code, errc::tls);
  EXPECT_EQ(u.ledger->outcomes().size(), 2U) << "the handshake failed";
  refused.failure->request_begun = true;
  u.net->answers = {refused};
  EXPECT_EQ(u.here().submit(two_calls()).error().code, errc::tls);
  EXPECT_EQ(u.ledger->outcomes().size(), 2U) << "it broke on the way";
}

TEST(jobs, a_batch_is_not_sent_when_the_ledger_cannot_record_it) {
  job_client t;
  t.ledger->refusal = error{.code = errc::internal, .message = "disk full"};
  const auto made = t.here().submit(two_calls());
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code, errc::ledger);
  EXPECT_TRUE(t.net->requests.empty());
}

/// Has room for one call of a batch.
class small_budget final : public journal {
 public:
  void commit(std::vector<journal_record> records,
              std::function<void(commit_result)> done) override {
    commit_result answer;
    for (std::size_t i = 0; i < records.size(); ++i) {
      if (std::holds_alternative<attempt_outcome>(records[i]))
        outcomes.push_back(std::get<attempt_outcome>(records[i]));
      else if (begun++ > 0)
        answer.refused.push_back({i, error{.code = errc::budget, .message = "used up"}});
      else
        first = std::get<attempt_intent>(records[i]).attempt_id;
    }
    done(std::move(answer));
  }
  int begun = 0;
  std::uint64_t first = 0;
  std::vector<attempt_outcome> outcomes;
};

TEST(jobs, a_batch_that_a_budget_has_no_room_for_is_not_sent_and_holds_nothing) {
  job_client t;
  const auto kept = std::make_shared<small_budget>();
  t.parts->recorder = std::make_shared<recorder>(t.loop, kept);
  const auto made = t.here().submit(two_calls());
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code, errc::budget);
  EXPECT_EQ(made.error().message, "used up");
  EXPECT_TRUE(t.net->requests.empty());
  ASSERT_EQ(kept->outcomes.size(), 1U) << "of the call that was recorded";
  EXPECT_EQ(kept->outcomes[0].attempt_id, kept->first);
  EXPECT_EQ(kept->outcomes[0].state, attempt_state::void_);
  EXPECT_EQ(kept->outcomes[0].finish, "budget");
}

TEST(jobs, the_next_request_goes_where_the_vendor_says_but_never_to_another_host) {
  job_client t;
  const char* kept[] = {"/there?x=1", "https://toy.example/there?x=1"};
  for (const char* place : kept) {
    t.net->answers = {t.whole("next " + std::string(place)), t.whole("file f1")};
    const auto got = t.here().upload({.name = "n", .bytes = "x"});
    ASSERT_TRUE(got) << to_string(got.error());
    EXPECT_EQ(t.net->requests.back().request.target, "/there?x=1");
    EXPECT_EQ(t.net->requests.back().origin.host, "toy.example");
  }
  for (const char* place : {"https://evil.example/there", "http://toy.example/there",
                            "https://toy.example@evil.example/x", "https://toy.example:8443/x",
                            "ftp/x", "https:///x"}) {
    const auto before = t.net->requests.size();
    t.net->answers = {t.whole("next " + std::string(place))};
    const auto got = t.here().upload({.name = "n", .bytes = "x"});
    ASSERT_FALSE(got) << place;
    EXPECT_EQ(got.error().code, errc::protocol) << place;
    EXPECT_EQ(t.net->requests.size(), before + 1) << place;
  }
}

TEST(jobs, behind_another_base_url_the_rows_own_host_means_that_one) {
  job_client t;
  t.parts->options.vendors["toy"].base_url = "http://127.0.0.1:8080/v9";
  t.parts->options.vendors["toy"].key = secret("its-own");
  t.net->answers = {t.whole("next https://toy.example/there"), t.whole("file f1")};
  const auto got = t.here().upload({.name = "n", .bytes = "x"});
  ASSERT_TRUE(got) << to_string(got.error());
  EXPECT_EQ(t.net->requests.back().origin.host, "127.0.0.1");
  EXPECT_EQ(t.net->requests.back().request.target, "/there");
}

struct cache_client : job_client {
  cache_client() {
    book->priced.prices.push_back(
        {.dimension = "cache_storage", .value = *amount::parse("2"), .unit = "Mtok_hour"});
  }
  result<cache_info> create(call c = hello()) {
    c.model = "m1";
    return here().create_cache(std::move(c), std::chrono::minutes(90));
  }
};

TEST(jobs, a_new_cache_is_an_attempt_that_costs_its_prompt_and_its_storage) {
  cache_client t;
  t.net->answers = {t.whole("cache c1 1000")};
  call prompt = hello();
  prompt.task = "night";
  const auto made = t.create(prompt);
  ASSERT_TRUE(made) << to_string(made.error());
  EXPECT_EQ(made->id, "c1");
  EXPECT_EQ(t.net->requests[0].request.body, "m1 " + prompt.messages[0].text() + " for 5400");
  const auto intents = t.ledger->intents();
  ASSERT_EQ(intents.size(), 1U);
  EXPECT_EQ(intents[0].operation, "cache");
  EXPECT_EQ(intents[0].model, "m1");
  EXPECT_EQ(intents[0].task, "night");
  EXPECT_EQ(intents[0].quote.status, cost_status::interval);
  const auto outcomes = t.ledger->outcomes();
  ASSERT_EQ(outcomes.size(), 1U);
  EXPECT_EQ(outcomes[0].state, attempt_state::settled);
  EXPECT_EQ(outcomes[0].usage.input, 1000);
  EXPECT_EQ(outcomes[0].usage.units.at("cache_storage"), 1500) << "tokens times hours";
  EXPECT_EQ(outcomes[0].cost.value.to_string(), "0.004");
  EXPECT_EQ(made->cost, outcomes[0].cost);
}

TEST(jobs, without_a_price_of_storage_the_cost_of_a_cache_is_unknown) {
  job_client t;
  t.net->answers = {t.whole("cache c1 1000")};
  call prompt = hello();
  prompt.model = "toy/m1";
  const auto made = t.here().create_cache(prompt, std::chrono::seconds(1));
  ASSERT_TRUE(made) << to_string(made.error());
  EXPECT_EQ(made->cost.status, cost_status::unknown);
  prompt.max_cost = amount::parse("100").value();
  EXPECT_EQ(t.here().create_cache(prompt, std::chrono::seconds(1)).error().code, errc::budget);
  EXPECT_EQ(t.net->requests.size(), 1U);
}

TEST(jobs, a_cache_keeps_to_max_cost) {
  cache_client t;
  call prompt = hello();
  prompt.max_cost = amount::parse("0.00001").value();
  const auto refused = t.create(prompt);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, errc::budget);
  prompt.max_cost = amount::parse("1").value();
  t.net->answers = {t.whole("cache c1 10")};
  EXPECT_TRUE(t.create(prompt));
  EXPECT_EQ(t.ledger->intents().size(), 1U);
}

TEST(jobs, a_refused_cache_is_void_and_one_without_usage_lies_in_its_quote) {
  cache_client t;
  t.net->answers = {t.whole("bad", 400)};
  EXPECT_FALSE(t.create());
  EXPECT_EQ(t.ledger->outcomes().back().state, attempt_state::void_);
  t.net->answers = {t.whole("cache c1")};
  const auto made = t.create();
  ASSERT_TRUE(made);
  EXPECT_EQ(made->cost.status, cost_status::interval);
  EXPECT_EQ(made->cost.high, t.ledger->intents().back().quote.high);
}

TEST(jobs, what_is_kept_in_caches_is_free_to_ask_for) {
  job_client t;
  t.net->answers = {t.whole("cache a 1\nnext 2"), t.whole("cache b 2")};
  const auto all = t.here().caches();
  ASSERT_TRUE(all) << to_string(all.error());
  EXPECT_EQ(all->size(), 2U);
  t.net->answers = {t.whole("cache a 1"), t.whole("cache a 1"), t.whole("")};
  EXPECT_EQ(t.here().cache("a")->id, "a");
  EXPECT_TRUE(t.here().extend_cache("a", std::chrono::seconds(60)));
  EXPECT_TRUE(t.here().remove_cache("a"));
  EXPECT_TRUE(t.ledger->all.empty());
  const auto sent = t.net->requests.size();
  for (const auto ttl : {std::chrono::seconds(0), std::chrono::seconds(-1)}) {
    EXPECT_EQ(t.here().extend_cache("a", ttl).error().code, errc::invalid_request);
    call prompt = hello();
    prompt.model = "m1";
    EXPECT_EQ(t.here().create_cache(prompt, ttl).error().code, errc::invalid_request);
  }
  call prompt = hello();
  prompt.model = "auto";
  EXPECT_EQ(t.here().create_cache(prompt, std::chrono::seconds(9)).error().code,
            errc::invalid_request);
  EXPECT_FALSE(t.here().cache(""));
  EXPECT_FALSE(t.here().remove_cache(".."));
  EXPECT_EQ(t.net->requests.size(), sent);
}

TEST(jobs, a_reply_that_is_kept_is_free_to_ask_for) {
  job_client t;
  t.net->answers = {t.whole("stored hi 1000 500"), t.whole("stored ?"), t.whole("")};
  const auto got = t.here().reply("r1");
  ASSERT_TRUE(got) << to_string(got.error());
  EXPECT_EQ(got->text(), "hi");
  EXPECT_EQ(got->usage.input, 1000);
  EXPECT_EQ(got->cost.status, cost_status::void_);
  EXPECT_EQ(t.here().reply("r1").error().code, errc::protocol);
  EXPECT_TRUE(t.here().remove_reply("r1"));
  EXPECT_TRUE(t.ledger->all.empty());
  EXPECT_FALSE(t.here().reply(""));
  EXPECT_FALSE(t.here().remove_reply(".."));
  EXPECT_EQ(t.net->requests.size(), 3U);
}

TEST(jobs, custom_ids_must_be_sendable_and_unlike) {
  job_client t;
  for (const char* id : {"", "a b", "ä", "12345678901234567890123456789012345678901"}) {
    auto b = two_calls();
    b.items[0].custom_id = id;
    EXPECT_EQ(t.here().submit(b).error().code, errc::invalid_request) << id;
  }
  auto b = two_calls();
  b.items[0].custom_id = b.items[1].custom_id;
  EXPECT_EQ(t.here().submit(b).error().code, errc::invalid_request);
  b.items.clear();
  EXPECT_EQ(t.here().submit(b).error().code, errc::invalid_request);
  b = two_calls();
  b.items[1].call.temperature = 1;
  const auto refused = t.here().submit(b);
  EXPECT_NE(refused.error().message.find("call \"b-2\""), std::string::npos);
  EXPECT_TRUE(t.ledger->all.empty());
}

TEST(jobs, custom_ids_survive_the_journey) {
  std::string_view id;
  const std::string wire = wire_custom_id(0x12ab, "x_1");
  id = wire;
  EXPECT_EQ(wire, "ark00000000000012ab_x_1");
  EXPECT_EQ(split_custom_id(id), 0x12abU);
  EXPECT_EQ(id, "x_1");
  for (const char* other : {"", "ark", "ark00000000000012ab", "arkzz000000000012ab_x", "mine_1"}) {
    id = other;
    EXPECT_EQ(split_custom_id(id), 0U) << other;
    EXPECT_EQ(id, other);
  }
}

}  // namespace
}  // namespace ark::testing
