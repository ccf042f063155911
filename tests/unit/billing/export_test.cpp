#include <google/protobuf/util/delimited_message_util.h>
#include <ark/billing.hpp>
#include <boost/json.hpp>

#include <random>
#include <sstream>

#include "files/csv.hpp"
#include "ledger_entry.pb.h"
#include "tests/unit/ledger/ledger_fixture.hpp"

namespace ark::testing {
namespace {

struct figures {
  amount cost, low, high;
  bool operator==(const figures&) const = default;
};
using sums_by_currency = std::map<std::string, figures>;

amount sum(amount a, amount b) { return a.plus(b).value(); }
amount read_amount(const std::string& text) {
  return text.empty() ? amount{} : amount::parse(text).value();
}

class exported : public ledger_fixture {
 protected:
  /// Attempts of every kind, with bills of odd prices.
  void fill(int count) {
    open();
    std::mt19937 random(7);
    const auto any = [&](int most) {
      return static_cast<std::int64_t>(std::uniform_int_distribution<int>(0, most)(random));
    };
    for (int i = 1; i <= count; ++i) {
      auto in = intent(static_cast<std::uint64_t>(i), any(400'000));
      in.model = "gpt-" + std::to_string(any(3));
      in.tags = {{"team", "a,\"b\"\n" + std::to_string(any(2))}};
      in.tenant = any(1) == 0 ? "=acme" : "";
      in.quote.currency = any(3) == 0 ? "CNY" : "USD";
      if (any(9) == 0) {
        ASSERT_TRUE(commit(*to, {in}));
        continue;
      }
      ASSERT_TRUE(commit(*to, {in, any_outcome(i, in.quote.currency, any)}));
    }
  }
  template <class Any>
  attempt_outcome any_outcome(int id, const std::string& currency, Any any) {
    auto o = outcome(static_cast<std::uint64_t>(id), "0");
    amount total;
    for (const char* dimension : {"input", "cache_read", "output"}) {
      const amount price = amount::parse("0." + std::to_string(1000 + any(8999))).value();
      cost_line line{
          .dimension = dimension, .quantity = any(50'000), .unit_price = price, .per = 1'000'000};
      line.value = price.times_ratio(line.quantity, line.per).value();
      total = sum(total, line.value);
      o.lines.push_back(line);
    }
    o.cost = exact(total.to_string(), currency);
    const auto kind = any(9);
    if (kind == 0) {
      o.state = attempt_state::ambiguous;
      o.lines.clear();
      o.cost = interval("0.1", "0.7");
    } else if (kind == 1) {
      o.state = attempt_state::void_;
      o.lines.clear();
      o.cost = {.status = cost_status::void_, .currency = currency};
    } else if (kind == 2) {
      o.lines.clear();
      o.cost = {};
    } else if (kind == 3) {
      o.computed = money{total, currency};
      o.cost = exact("0.123456789", currency);
    }
    return o;
  }
  std::string text_of(export_options options, export_summary* told = nullptr) {
    std::string out;
    const auto done =
        export_entries(book, {}, options, [&](std::string_view bytes) -> result<void> {
          out += bytes;
          return {};
        });
    EXPECT_TRUE(done);
    if (told != nullptr && done) *told = *done;
    return out;
  }
  sums_by_currency reported() {
    sums_by_currency out;
    for (const auto& line : book.report({}, {}).value())
      if (!line.currency.empty()) out[line.currency] = {line.cost, line.low, line.high};
    return out;
  }
};

/// The sums of a CSV by the names of its columns; open attempts by their quote.
sums_by_currency sums_of_csv(const std::string& text, bool focus) {
  sums_by_currency out;
  std::vector<std::string> names;
  (void)files::read_csv(text, [&](files::csv_record r) -> result<void> {
    if (names.empty()) {
      names = r.fields;
      return {};
    }
    std::map<std::string, std::string> row;
    for (std::size_t i = 0; i < names.size(); ++i) row[names[i]] = r.fields.at(i);
    const bool open = !focus && row["state"] == "sending";
    const auto currency = focus                            ? row["BillingCurrency"]
                          : open || row["state"] == "void" ? row["quote_currency"]
                                                           : row["currency"];
    if (currency.empty()) return {};
    auto& of = out[currency];
    of.cost = sum(of.cost, read_amount(row[focus ? "BilledCost" : "cost"]));
    of.low = sum(of.low, read_amount(open ? "" : row[focus ? "x_CostLow" : "low"]));
    of.high = sum(of.high, read_amount(row[focus ? "x_CostHigh" : open ? "quote_high" : "high"]));
    return {};
  });
  return out;
}

// Property: the money of every format is the report's, to the last digit.
TEST_F(exported, every_format_adds_up_to_the_report) {
  fill(300);
  const auto expected = reported();
  ASSERT_EQ(expected.size(), 2u);
  EXPECT_EQ(sums_of_csv(text_of({.format = export_format::csv}), false), expected);
  for (const auto period : {focus_period::day, focus_period::request}) {
    export_summary told;
    const auto text = text_of({.format = export_format::focus, .period = period}, &told);
    EXPECT_EQ(sums_of_csv(text, true), expected);
    EXPECT_EQ(told.entries, 300);
    EXPECT_GT(told.left_out, 0);
  }
}

TEST_F(exported, jsonl_and_protobuf_add_up_to_the_report) {
  fill(200);
  std::map<std::string, amount> costs, json_costs, message_costs;
  for (const auto& [currency, of] : reported()) costs[currency] = of.cost;
  std::istringstream lines(text_of({.format = export_format::jsonl}));
  for (std::string line; std::getline(lines, line);) {
    const auto e = boost::json::parse(line).as_object();
    const auto& c = e.at("cost").as_object();
    if (!c.at("value").is_string() || c.at("currency").as_string().empty()) continue;
    auto& of = json_costs[std::string(c.at("currency").as_string())];
    of = sum(of, amount::parse(c.at("value").as_string()).value());
  }
  EXPECT_EQ(json_costs, costs);
  std::istringstream bytes(text_of({.format = export_format::protobuf}));
  google::protobuf::io::IstreamInputStream stream(&bytes);
  int count = 0;
  for (;; ++count) {
    schema::LedgerEntry m;  // a new one each time: reading adds to what is there
    if (!google::protobuf::util::ParseDelimitedFromZeroCopyStream(&m, &stream, nullptr)) break;
    if (m.cost().value().empty() || m.cost().currency().empty()) continue;
    auto& of = message_costs[m.cost().currency()];
    of = sum(of, amount::parse(m.cost().value()).value());
  }
  EXPECT_EQ(count, 200);
  EXPECT_EQ(message_costs, costs);
}

// Threat L16, through a ledger: the tag that came in comes out.
TEST_F(exported, L16_tags_survive_ledger_and_csv) {
  open();
  auto in = intent(1);
  in.tags = {{"a \"b\"", "c,d\r\ne"}};
  ASSERT_TRUE(commit(*to, {in, outcome(1)}));
  std::vector<std::vector<std::string>> rows;
  ASSERT_TRUE(files::read_csv(text_of({}), [&](files::csv_record r) -> result<void> {
    rows.push_back(std::move(r.fields));
    return {};
  }));
  ASSERT_EQ(rows.size(), 2u);
  const auto column = std::find(rows[0].begin(), rows[0].end(), "tags") - rows[0].begin();
  const auto tags = boost::json::parse(rows[1][static_cast<std::size_t>(column)]).as_object();
  EXPECT_EQ(tags.at("a \"b\""), "c,d\r\ne");
}

TEST_F(exported, a_sink_that_fails_ends_it) {
  fill(3);
  const auto done = export_entries(book, {}, {}, [](std::string_view) -> result<void> {
    return error{.code = errc::config, .message = "full"};
  });
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().message, "full");
}

}  // namespace
}  // namespace ark::testing
