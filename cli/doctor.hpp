#pragma once
#include <ark/client.hpp>

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/catalog.hpp"
#include "cli/context.hpp"
#include "cli/settings.hpp"

/// The parts of `ark doctor`: each looks at one thing and adds what it found.
namespace ark::cli {

struct finding {
  enum class state { good, warning, bad };
  state how = state::good;
  std::string what;    ///< "key file"
  std::string detail;  ///< one sentence; what to do if it is not good
};
using findings = std::vector<finding>;

/// What is asked of `ark doctor VENDOR`.
struct vendor_check {
  std::string vendor;
  std::string model;  ///< "": one is chosen
  bool yes = false;   ///< make the calls without asking
  bool deep = false;  ///< one more call, with a tool
};

/// One vendor's row, without network: its address, where its key would come from, prices, and what
/// it was verified against. `c` has the settings' keys and addresses.
void check_row(context& ctx, const client& c, const vendor& row, findings& out);
/// The same in one finding for each row. A key that is not set is nothing wrong here.
void check_all_rows(context& ctx, const client& c, findings& out);

/// The key, and an answer of the vendor's server to a request that costs nothing: TLS, and its
/// clock against ours. False if no call can succeed.
bool check_access(context& ctx, const client& c, const vendor& row, findings& out);

/// Two or three short calls, for at most the price that is said before: asked for on a terminal,
/// made with `yes`, else not made. False if Ctrl-C ended them.
bool check_calls(context& ctx, const client& c, const vendor& row, const vendor_check& o,
                 findings& out);
/// The cheapest chat model of the row's price list whose price is known at `at`; "" if none is.
std::string cheapest_model(const catalog::book& b, const vendor& row,
                           std::chrono::system_clock::time_point at);

/// What a reply should have had: usage that adds up, the model's name, a request id, a price.
/// `how` stands before what was looked at: "whole". `asked` was sent as the model's id.
void check_reply(const catalog::book& b, std::string_view how, const reply& r,
                 const std::string& asked, std::int64_t max_tokens, findings& out);

}  // namespace ark::cli
