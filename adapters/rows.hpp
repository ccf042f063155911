#pragma once
#include <span>

namespace ark::adapters {

/// The built-in rows, checked and packed when the library was built (libark/schema/embed_rows.py):
/// the wire form of ark.schema.VendorRows and ark.schema.ModelFiles. Static storage; nothing is
/// parsed until catalog::load_book() is asked for something.
std::span<const unsigned char> vendor_rows() noexcept;
std::span<const unsigned char> model_rows() noexcept;

}  // namespace ark::adapters
