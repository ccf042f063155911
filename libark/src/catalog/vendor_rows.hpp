#pragma once
#include "model/vendor.hpp"

#include <ark/result.hpp>

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ark::schema {
class Vendor;
}

namespace ark::catalog {

/// The rows that the build packed (the wire form of ark.schema.VendorRows, checked then).
/// errc::internal when the bytes are not that.
result<std::vector<vendor>> unpack_vendors(std::span<const unsigned char> packed);

/// errc::config; the field that is wrong is the error's `vendor_code`.
result<vendor> make_vendor(const schema::Vendor& row);
/// One row as a person wrote it (text format of ark.schema.Vendor). errc::config with
/// "FILE:LINE: field F: what is wrong"; unknown fields are errors. `file` is only for messages.
result<vendor> parse_vendor(std::string_view text, const std::string& file);

/// Every *.textproto of a directory, in order of their names: one row each. errc::config names the
/// file; errc::not_found when there is no such directory.
result<std::vector<vendor>> read_vendor_directory(const std::string& directory);

}  // namespace ark::catalog
