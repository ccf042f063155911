#pragma once
#include "catalog/catalog.hpp"

#include <boost/json.hpp>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Worked cost cases: a price card, a vendor's usage, the expected bill, as JSON. The vocabulary
/// is the cases' own; here it becomes catalogue rows, ark::usage and price_usage().
namespace ark::test {

namespace json = boost::json;

/// The price card as a model's price rows. `applies`: what the case says of region and speed.
struct card_facts {
  std::string unit;        ///< the card's words, "USD/Mtok; USD/1k calls"
  bool multiplied = true;  ///< the card's `multiplier` is in force
};
catalog::model model_of_card(const json::object& card, std::string_view currency,
                             const card_facts& facts);

/// One attempt's usage: the vendor's object through the real decoders where the shape is theirs.
struct usage_shape {
  std::string vendor;
  std::string model;
  bool has_text_output = true;  ///< the card prices output text
  std::string other_output;     ///< "output_image" or "output_audio" if the card has one
  bool input_image = false;     ///< the card prices image tokens of the prompt
  bool search_per_prompt = false;
};
usage usage_of(const json::object& source, const usage_shape& shape);

/// What a case says, and what came out.
struct case_outcome {
  std::string id;
  std::string expected;  ///< "0.006 USD"
  std::string got;       ///< likewise, or "unknown: why"
  bool total_matches = false;
  bool lines_match = false;
  std::string lines;  ///< what differs, for people
};
/// `b`: the built-in catalogue, for fees that a card leaves out.
case_outcome run_case(const json::object& c, const catalog::book& b);
/// All cases of a file. Throws std::runtime_error when it is not such a file.
std::vector<case_outcome> run_cost_cases(const std::string& path, const catalog::book& b);

}  // namespace ark::test
