#pragma once
#include <ark/usage.hpp>

#include <map>
#include <string>
#include <vector>

#include "cli/cost_card.hpp"
#include "cli/cost_json.hpp"
#include "model/vendor.hpp"

namespace ark::cli::worked {

/// What decides how a usage object is read, besides itself.
struct usage_shape {
  std::string vendor;
  std::string model;
  const ark::vendor* row = nullptr;  ///< the catalogue's row of it; may be null
  const price_card* card = nullptr;  ///< never null
  std::string unit;                  ///< the card's words
};

/// One usage object, read by the dialect whose form it has, and the words its lines are called by.
struct used {
  ark::usage tokens;
  /// Units of which a part was used: 5.5 seconds of sound.
  std::map<std::string, amount> fractions;
  std::string input = "input";    ///< "input_text", "input(billed)", "cache_miss", ...
  std::string output = "output";  ///< "output_text", "output(completion+reasoning)", ...
  std::string cache_read = "cache_read";
  std::string search = "web_search";
  bool cached_within = false;  ///< the vendor counts cached tokens within the prompt
  bool incomplete = false;     ///< a stream that broke off: at least this much is billed
  std::string reason;          ///< why nothing was read
  std::vector<std::string> notes;
};

/// Reads the vendor's object and the facts beside it ("_sse", "_output_items", "_job", ...).
used read_usage(const bj::object& source, const usage_shape& shape);

/// The facts alone, added to `u`: what no usage object has.
void add_facts(const bj::object& source, const usage_shape& shape, used& u);

}  // namespace ark::cli::worked
