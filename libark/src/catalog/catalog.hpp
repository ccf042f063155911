#pragma once
#include "catalog/price.hpp"
#include "model/vendor.hpp"

#include <ark/call.hpp>
#include <ark/catalog.hpp>
#include <ark/client.hpp>
#include <ark/reply.hpp>
#include <ark/usage.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ark::catalog {

/// Vendors, models and prices. Immutable for its users, and thread safe; models are decoded from
/// the rows' bytes when a vendor's are first asked for. Pointers live as long as the book.
class book {
 public:
  virtual ~book() = default;
  virtual const vendor* find_vendor(std::string_view name) const = 0;
  virtual std::vector<const vendor*> vendors() const = 0;
  /// Of all vendors; ids in alphabetical order.
  virtual const std::vector<const model*>& models() const = 0;
  /// Of one vendor row, in order of id; none of an unknown one. Decodes no others.
  virtual std::vector<const model*> models_of(std::string_view vendor) const;
  /// By vendor row and model id or alias, exactly; or null: unknown to the catalogue is not an
  /// error, its price is just unknown.
  virtual const model* find_model(std::string_view vendor, std::string_view model) const = 0;
  /// "vendor/model" or a model id -> vendor row and wire model id. An id alone that several rows
  /// sell by one price list is the list's owner's; a vendor without a base URL of its own has it
  /// only if no other has. errc::not_found says what is near.
  struct resolved {
    const vendor* v = nullptr;
    std::string model;                      ///< sent on the wire
    const catalog::model* known = nullptr;  ///< null: not in the catalogue, price unknown
  };
  virtual result<resolved> resolve(std::string_view name) const = 0;
};

/// The model whose prices a reply is billed at: the one that answered if the catalogue knows it;
/// else the asked one if the reply is that model or a dated snapshot of it ("x" -> "x-20250929",
/// "x-2025-09-29"); else null. A moving name ("x-latest") is never a price by itself.
const model* billed_model(const book& b, std::string_view vendor, std::string_view asked,
                          std::string_view replied);

/// Rows packed into the program by libark/schema/embed_rows.py; static storage, not parsed yet.
struct built_in_rows {
  std::span<const unsigned char> vendors;  ///< ark.schema.VendorRows
  std::span<const unsigned char> models;   ///< ark.schema.ModelFiles
};

/// The built-in rows plus the *.textproto of the directories and, of the vendor directories, the
/// services (*.yaml); later ones over earlier ones (whole rows, by vendor name and model id).
/// errc::config with file, line and field for a wrong row.
result<std::shared_ptr<const book>> load_book(built_in_rows built_in,
                                              const std::vector<std::string>& vendor_directories,
                                              const std::vector<std::string>& model_directories);

/// What a call needs from a model.
struct requirements {
  std::string mode = "chat";
  /// "tools", "vision", "audio_in", "pdf_in", "video_in", "structured_output", "reasoning"
  std::vector<std::string> capabilities;
  std::int64_t input_tokens = 0;   ///< estimate
  std::int64_t output_tokens = 0;  ///< estimate for comparing prices
};

struct choice_options {
  std::vector<std::string> only;  ///< "vendor/model" ids; empty = all
  std::string currency = "USD";
  std::vector<exchange_rate> rates;
  std::chrono::system_clock::time_point at;  ///< for prices by the hour; the caller's clock
};

/// The cheapest model that is `usable` (has a key) and meets `needs`; the route says why, and why
/// the others were not taken. Candidates without a known price are never chosen.
/// Prices are compared in `currency`; others are converted by `rates` or left out, and the route
/// says so. Ties: the first id in alphabetical order. errc::no_candidate when none fits.
result<route> choose_cheapest(const book& b, const requirements& needs,
                              const std::function<bool(const vendor&)>& usable,
                              const choice_options& options);

}  // namespace ark::catalog
