// Gives ids from ranges that a counter shared by several processes has reserved.
#pragma once

#include <cstdint>
#include <deque>
#include <random>

namespace onepass::track {

/// The ids from begin up to, but not including, end.
struct IdRange {
  std::int64_t begin = 0;
  std::int64_t end = 0;

  std::int64_t size() const { return end - begin; }
};

/// Without a range left, ids are given from a block of 2^16 that is drawn at random from 2^35 blocks at and above
/// first_drawn. Two of 1,000 blocks are the same with a probability of 1.5e-5, so that processes which never reach the
/// counter still give different ids. All ids are below 2^53, which JSON numbers hold exactly.
class IdSupply {
 public:
  static constexpr std::int64_t first_drawn = std::int64_t{1} << 51;

  /// @param seed different in every process
  explicit IdSupply(std::uint64_t seed) : random_(seed) {}

  /// Adds ids that no other process gives. An empty range is ignored.
  void add(IdRange range) {
    if (range.size() <= 0) return;
    if (!reserved_.empty() && reserved_.back().end == range.begin) {
      reserved_.back().end = range.end;
    } else {
      reserved_.push_back(range);
    }
  }

  std::int64_t next() {
    auto& range = reserved_.empty() ? drawn() : reserved_.front();
    const auto id = range.begin++;
    if (!reserved_.empty() && range.size() == 0) reserved_.pop_front();
    return id;
  }

  /// Number of reserved ids left.
  std::int64_t left() const {
    std::int64_t count = 0;
    for (const auto& range : reserved_) count += range.size();
    return count;
  }

  /// Empties the supply and returns the last of its ranges, as far as it is unused.
  IdRange give_back() {
    const auto last = reserved_.empty() ? IdRange{} : reserved_.back();
    reserved_.clear();
    return last;
  }

 private:
  IdRange& drawn() {
    constexpr int bits = 16;
    if (drawn_.size() == 0) {
      const auto block = static_cast<std::int64_t>(random_() >> (64 - 35));
      drawn_ = {first_drawn + (block << bits), first_drawn + ((block + 1) << bits)};
    }
    return drawn_;
  }

  std::mt19937_64 random_;
  std::deque<IdRange> reserved_;
  IdRange drawn_;
};

}  // namespace onepass::track
