// What an error means for the bill, vendor by vendor: libark/doc/bills.tsv is made by this test.
#include "adapters/rows.hpp"
#include "adapters/standard.hpp"
#include "catalog/catalog.hpp"
#include "client/account.hpp"
#include "dialect/dialect.hpp"
#include "dialect/error_table.hpp"
#include "policy/retry.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>

namespace ark::testing {
namespace {

constexpr int statuses[] = {301, 400, 401, 402, 403, 404, 408, 409, 413,
                            422, 429, 500, 501, 502, 503, 504, 520, 529};

std::shared_ptr<const catalog::book> rows() {
  return *catalog::load_book({adapters::vendor_rows(), adapters::model_rows()}, {}, {});
}

/// "no", or "perhaps": up to the quote.
std::string bill_of(const error& e) {
  attempt_outcome out;
  account_rejected(out, e, {});
  return out.state == attempt_state::void_ ? "no" : "perhaps";
}

bool is_sent_again(const error& e) {
  const policy::deadline none(policy::time_point{}, std::chrono::milliseconds(0));
  return policy::next_attempt({}, {.error = e}, none, {}, 0).has_value();
}

std::string meaning(const error& e) {
  return std::string(to_string(e.code)) + "\t" + std::string(to_string(e.retry)) + "\t" +
         bill_of(e) + "\t" + (is_sent_again(e) ? "yes" : "no");
}

std::string meaning_of(int status) {
  const auto m = dialect::meaning_of_status(status);
  return meaning({.code = m.code, .retry = m.retry, .http_status = status});
}

std::string table() {
  const dialect::dialect_list families(adapters::built_in_dialects());
  std::string out = "vendor\twhen\terror\tretry\tbilled\tsent again by default\n";
  for (const int status : statuses)
    out += "*\tHTTP " + std::to_string(status) + "\t" + meaning_of(status) + "\n";
  const auto book = rows();
  auto vendors = book->vendors();
  std::sort(vendors.begin(), vendors.end(), [](auto* a, auto* b) { return a->name < b->name; });
  for (const vendor* v : vendors) {
    const auto* family = families.find(v->dialect);
    for (const int status : statuses) {
      const wire::http_head head{.status = status, .headers = {}};
      error e = family->decode_error({head, "{}"}, *v);
      e.http_status = status;
      if (meaning(e) != meaning_of(status))
        out += v->name + "\tHTTP " + std::to_string(status) + "\t" + meaning(e) + "\n";
    }
    for (const quirk_item& q : v->quirks)
      if (const auto* word = std::get_if<quirk::error_code>(&q)) {
        // As the word of a 4xx; inside an accepted request it may be billed in any case.
        const error e{.code = word->code, .retry = word->retry, .http_status = 400};
        out += v->name + "\tword " + word->vendor_code + "\t" + meaning(e) + "\n";
      }
  }
  return out;
}

TEST(bill_table, is_what_the_documentation_has) {
  const std::string path = ARK_SOURCE_ROOT "/libark/doc/bills.tsv";
  const std::string made = table();
  if (std::getenv("ARK_TEST_ACCEPT") != nullptr) {
    std::ofstream(path) << made;
    GTEST_SKIP() << "accepted";
  }
  std::ifstream in(path);
  const std::string kept(std::istreambuf_iterator<char>(in), {});
  EXPECT_EQ(kept, made) << "libark/doc/bills.tsv is old; run with ARK_TEST_ACCEPT=1";
}

// S19
TEST(bill_table, no_vendor_repeats_what_may_be_billed_or_an_account_without_money) {
  const dialect::dialect_list families(adapters::built_in_dialects());
  const auto book = rows();
  for (const vendor* v : book->vendors())
    for (const int status : statuses) {
      const wire::http_head head{.status = status, .headers = {}};
      error e = families.find(v->dialect)->decode_error({head, "{}"}, *v);
      e.http_status = status;
      const bool is_free = bill_of(e) == "no";
      EXPECT_TRUE(is_free || !is_sent_again(e)) << v->name << " " << status;
      EXPECT_FALSE(e.code == errc::quota && is_sent_again(e)) << v->name << " " << status;
      const bool says_so = e.retry == retry_class::safe || e.retry == retry_class::after;
      EXPECT_TRUE(status < 500 || !is_free || says_so) << v->name << " " << status;
    }
}

TEST(bill_table, inside_an_accepted_request_no_word_is_safe) {
  const auto book = rows();
  for (const vendor* v : book->vendors())
    for (const quirk_item& q : v->quirks)
      if (const auto* word = std::get_if<quirk::error_code>(&q)) {
        error e{.http_status = 200};
        dialect::set_meaning(e, {word->code, word->retry});
        EXPECT_NE(e.retry, retry_class::safe) << v->name << " " << word->vendor_code;
        EXPECT_EQ(bill_of(e), e.retry == retry_class::after ? "no" : "perhaps") << v->name;
      }
}

}  // namespace
}  // namespace ark::testing
