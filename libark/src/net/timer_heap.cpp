#include "net/timer_heap.hpp"

namespace ark::net {

void timer_heap::start(entry& e, time_point due) {
  stop(e);
  e.due = due;
  heap_.push_back(&e);
  e.place = heap_.size() - 1;
  rise(e.place);
}

void timer_heap::stop(entry& e) noexcept {
  if (!e.waiting()) return;
  const std::size_t place = e.place;
  e.place = entry::none;
  entry* const last = heap_.back();
  heap_.pop_back();
  if (last == &e) return;
  put(place, last);
  rise(place);
  sink(last->place);
}

std::optional<timer_heap::time_point> timer_heap::earliest() const noexcept {
  if (heap_.empty()) return std::nullopt;
  return heap_.front()->due;
}

timer_heap::entry* timer_heap::pop_due(time_point now) noexcept {
  if (heap_.empty() || heap_.front()->due > now) return nullptr;
  entry* const first = heap_.front();
  stop(*first);
  return first;
}

void timer_heap::put(std::size_t place, entry* e) noexcept {
  heap_[place] = e;
  e->place = place;
}

void timer_heap::rise(std::size_t place) noexcept {
  entry* const e = heap_[place];
  while (place > 0) {
    const std::size_t parent = (place - 1) / 2;
    if (heap_[parent]->due <= e->due) break;
    put(place, heap_[parent]);
    place = parent;
  }
  put(place, e);
}

void timer_heap::sink(std::size_t place) noexcept {
  entry* const e = heap_[place];
  for (;;) {
    std::size_t child = 2 * place + 1;
    if (child >= heap_.size()) break;
    if (child + 1 < heap_.size() && heap_[child + 1]->due < heap_[child]->due) ++child;
    if (e->due <= heap_[child]->due) break;
    put(place, heap_[child]);
    place = child;
  }
  put(place, e);
}

}  // namespace ark::net
