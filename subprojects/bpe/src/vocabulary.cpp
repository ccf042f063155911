#include "bpe/vocabulary.hpp"

#include <optional>

#include "files.hpp"
#include "image.hpp"
#include "unicode_data.hpp"

namespace bpe {

struct vocabulary::storage {
  std::string bytes;
  std::optional<mapped_file> file;
  image_view view;
};

vocabulary::vocabulary(std::shared_ptr<const storage> stored)
    : storage_(std::move(stored)), image_(&storage_->view) {}

result<vocabulary> vocabulary::from_compiled(std::string bytes) {
  auto stored = std::make_shared<storage>();
  stored->bytes = std::move(bytes);
  auto view = view_image(stored->bytes);
  if (!view) return view.failure();
  stored->view = *view;
  return vocabulary(std::move(stored));
}

result<vocabulary> vocabulary::open(const std::string& path) {
  auto file = mapped_file::open(path);
  if (!file) return file.failure();
  auto view = view_image(file->bytes());
  if (!view) return error{view.failure().code, path + ": " + view.failure().message};
  auto stored = std::make_shared<storage>();
  stored->file.emplace(std::move(file).value());
  stored->view = *view;
  return vocabulary(std::move(stored));
}

std::string_view vocabulary::compiled() const noexcept { return image_->bytes; }

std::string_view vocabulary::name() const noexcept { return image_->name(); }

std::size_t vocabulary::size() const noexcept { return image_->header->id_count; }

std::string_view vocabulary::bytes_of(token_id id) const noexcept {
  return id < size() ? image_->token_bytes(id) : std::string_view();
}

std::vector<added_token> vocabulary::added_tokens() const {
  std::vector<added_token> out;
  for (const special_row& row : image_->specials) {
    out.push_back({image_->special_text(row), row.id, (row.flags & special_control) != 0});
  }
  return out;
}

std::string_view unicode_version_used() noexcept { return unicode_version; }

result<vocabulary> read_vocabulary(const std::string& path, const tiktoken_options& options) {
  auto text = read_file(path);
  if (!text) return text.failure();
  if (text->starts_with(std::string_view(image_magic.data(), 7))) return vocabulary::open(path);
  const std::size_t first = text->find_first_not_of(" \t\r\n");
  const bool json = first != std::string::npos && (*text)[first] == '{';
  auto out = json ? vocabulary::from_tokenizer_json(*text, options.name)
                  : vocabulary::from_tiktoken(*text, options);
  if (out) return out;
  return error{out.failure().code, path + ": " + out.failure().message};
}

}  // namespace bpe
