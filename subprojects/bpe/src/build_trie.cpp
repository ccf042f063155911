#include <algorithm>

#include "source.hpp"

namespace bpe {
namespace {

using keys = std::vector<std::pair<std::string_view, std::uint32_t>>;

/// Lists the nodes of a trie, then gives each a place for its children, to those with most children
/// first.
class trie_builder {
 public:
  explicit trie_builder(const keys& sorted) : keys_(sorted) {}

  std::vector<std::uint64_t> run() {
    list_nodes();
    std::vector<std::uint32_t> order;
    for (std::uint32_t i = 0; i < nodes_.size(); ++i) {
      if (nodes_[i].child_count > 0) order.push_back(i);
    }
    // Among equals, nodes of one key follow each other: a walk down finds them near.
    std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
      const node& x = nodes_[a];
      const node& y = nodes_[b];
      if (x.child_count != y.child_count) return x.child_count > y.child_count;
      return x.last != y.last ? x.last < y.last : x.depth < y.depth;
    });
    grow(1024);
    take(0);
    for (const std::uint32_t i : order) place(nodes_[i]);
    return units();
  }

 private:
  struct node {
    std::uint32_t first;  ///< Range of keys that begin with the node's path.
    std::uint32_t last;
    std::uint32_t depth;
    std::uint32_t value;
    std::uint32_t first_child = 0;
    std::uint32_t child_count = 0;
    std::uint32_t base = 0;
    unsigned char label = 0;
  };

  /// Level by level; the children of a node follow each other.
  void list_nodes() {
    nodes_.push_back({0, static_cast<std::uint32_t>(keys_.size()), 0, trie_view::no_value});
    for (std::uint32_t i = 0; i < nodes_.size(); ++i) {
      node n = nodes_[i];
      n.first_child = static_cast<std::uint32_t>(nodes_.size());
      while (n.first < n.last && keys_[n.first].first.size() == n.depth) {
        n.value = keys_[n.first++].second;
      }
      for (std::uint32_t from = n.first; from < n.last;) {
        const char byte = keys_[from].first[n.depth];
        std::uint32_t to = from + 1;
        while (to < n.last && keys_[to].first[n.depth] == byte) ++to;
        nodes_.push_back({from, to, n.depth + 1, trie_view::no_value, 0, 0, 0,
                          static_cast<unsigned char>(byte)});
        ++n.child_count;
        from = to;
      }
      nodes_[i] = n;
    }
  }

  /// Appends free slots to the list of free ones.
  void grow(std::size_t count) {
    const std::size_t from = next_.size();
    next_.resize(from + count);
    previous_.resize(from + count);
    taken_.resize(from + count);
    base_taken_.resize(from + count);
    for (std::size_t i = from; i < from + count; ++i) {
      previous_[i] = tail_;
      next_[i] = none;
      (tail_ == none ? head_ : next_[tail_]) = i;
      tail_ = i;
    }
  }

  void take(std::size_t slot) {
    (previous_[slot] == none ? head_ : next_[previous_[slot]]) = next_[slot];
    (next_[slot] == none ? tail_ : previous_[next_[slot]]) = previous_[slot];
    taken_[slot] = true;
    end_ = std::max(end_, slot + 1);
  }

  bool fits(std::size_t base, const node& n) const {
    if (base_taken_[base]) return false;
    for (std::uint32_t i = 0; i < n.child_count; ++i) {
      if (taken_[base + nodes_[n.first_child + i].label]) return false;
    }
    return true;
  }

  std::size_t find_base(const node& n) {
    constexpr int tries = 400;
    const std::size_t lowest = nodes_[n.first_child].label;
    while (end_ + 512 > next_.size()) grow(next_.size());
    // Where the last search ended, the next one begins: in front, what is free fits few.
    while (cursor_ < end_ && taken_[cursor_]) cursor_ = next_[cursor_];
    if (cursor_ >= end_) cursor_ = head_;
    for (int left = tries; left > 0; --left) {
      const std::size_t slot = cursor_;
      if (slot > lowest && fits(slot - lowest, n)) return slot - lowest;
      cursor_ = next_[slot] < end_ ? next_[slot] : head_;
    }
    // Behind all that is taken everything fits.
    const std::size_t base = std::max(end_, lowest + 1) - lowest;
    return base_taken_[base] ? end_ : base;
  }

  void place(node& n) {
    const std::size_t base = find_base(n);
    base_taken_[base] = true;
    n.base = static_cast<std::uint32_t>(base);
    for (std::uint32_t i = 0; i < n.child_count; ++i) take(base + nodes_[n.first_child + i].label);
  }

  static std::uint64_t unit_of(const node& n, unsigned char label) {
    return static_cast<std::uint64_t>(n.base) << 32 | trie_view::used |
           static_cast<std::uint64_t>(n.value) << 8 | label;
  }

  std::vector<std::uint64_t> units() const {
    std::vector<std::uint64_t> out(end_, static_cast<std::uint64_t>(trie_view::no_value) << 8);
    // A leaf's base is 0: the label of the root must not be the 0 that leads there.
    out[0] = unit_of(nodes_[0], 0xFF);
    for (const node& n : nodes_) {
      for (std::uint32_t i = 0; i < n.child_count; ++i) {
        const node& child = nodes_[n.first_child + i];
        out[n.base + child.label] = unit_of(child, child.label);
      }
    }
    return out;
  }

  static constexpr std::size_t none = static_cast<std::size_t>(-1);
  const keys& keys_;
  std::vector<node> nodes_;
  std::vector<std::size_t> next_;
  std::vector<std::size_t> previous_;
  std::vector<bool> taken_;
  std::vector<bool> base_taken_;
  std::size_t head_ = none;
  std::size_t tail_ = none;
  std::size_t cursor_ = none;
  std::size_t end_ = 0;  ///< One past the last slot taken.
};

}  // namespace

std::vector<std::uint64_t> build_trie(const keys& sorted) {
  if (sorted.empty()) return {};
  return trie_builder(sorted).run();
}

}  // namespace bpe
