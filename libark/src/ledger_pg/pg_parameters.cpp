#include "ledger_pg/pg_parameters.hpp"

namespace ark::pg {
namespace {

template <class Number>
void append_big_endian(std::string& out, Number value) {
  for (int shift = (static_cast<int>(sizeof value) - 1) * 8; shift >= 0; shift -= 8)
    out += static_cast<char>((value >> shift) & 0xff);
}

void put_big_endian(std::string& out, std::size_t at, std::uint32_t value) {
  for (int shift = 24; shift >= 0; shift -= 8)
    out[at++] = static_cast<char>((value >> shift) & 0xff);
}

}  // namespace

void column::add(const detail::cell& value) {
  switch (value.kind) {
    case detail::cell::type::null:
      return add_null();
    case detail::cell::type::integer:
      return add(value.number);
    case detail::cell::type::text:
      return add(value.text);
  }
}

void column::add(std::int64_t value) {
  append_big_endian(bytes_, std::uint32_t{8});
  append_big_endian(bytes_, static_cast<std::uint64_t>(value));
  ++rows_;
}

void column::add(std::string_view value) {
  append_big_endian(bytes_, static_cast<std::uint32_t>(value.size()));
  bytes_ += value;
  ++rows_;
}

void column::add_null() {
  append_big_endian(bytes_, ~std::uint32_t{0});
  nulls_ = true;
  ++rows_;
}

void column::clear() noexcept {
  bytes_.resize(head_bytes);
  rows_ = 0;
  nulls_ = false;
}

std::string_view column::bytes() {
  // Dimensions, whether there are NULLs, the elements' type, length, first index (array_send()).
  put_big_endian(bytes_, 0, 1);
  put_big_endian(bytes_, 4, nulls_ ? 1 : 0);
  put_big_endian(bytes_, 8, static_cast<std::uint32_t>(element_));
  put_big_endian(bytes_, 12, static_cast<std::uint32_t>(rows_));
  put_big_endian(bytes_, 16, 1);
  return bytes_;
}

void parameters::add(type of, std::string_view bytes) {
  types_.push_back(static_cast<std::uint32_t>(of));
  lengths_.push_back(static_cast<int>(bytes.size()));
}

parameters& parameters::integer(std::int64_t value) {
  places_.push_back({.at = nullptr, .offset = numbers_.size(), .own = true});
  append_big_endian(numbers_, static_cast<std::uint64_t>(value));
  add(type::int8, std::string_view(numbers_).substr(places_.back().offset));
  return *this;
}

parameters& parameters::text(std::string_view value) {
  // An empty view may have no address, which would mean NULL.
  places_.push_back({.at = value.empty() ? "" : value.data(), .offset = 0, .own = false});
  add(type::text, value);
  return *this;
}

parameters& parameters::bytes(std::string_view value) {
  places_.push_back({.at = value.data(), .offset = 0, .own = false});
  add(type::bytea, value);
  return *this;
}

parameters& parameters::null(type of) {
  places_.push_back({});
  add(of, {});
  return *this;
}

parameters& parameters::array(column& of) {
  const std::string_view bytes = of.bytes();
  places_.push_back({.at = bytes.data(), .offset = 0, .own = false});
  add(of.array_type(), bytes);
  return *this;
}

std::vector<const char*> parameters::values() const {
  std::vector<const char*> all;
  all.reserve(places_.size());
  for (const place& p : places_) all.push_back(p.own ? numbers_.data() + p.offset : p.at);
  return all;
}

}  // namespace ark::pg
