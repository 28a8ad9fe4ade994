// Numbers identities whose ids are texts.
#pragma once

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace onepass::formats {

/// Texts that are numbers keep them; the others get numbers above all of these, in order of appearance.
class TextIds {
 public:
  std::int64_t number_of(std::int64_t number) {
    largest_ = std::max(largest_, number);
    return std::max<std::int64_t>(-1, number);
  }

  /// Returns the number of an id, to be passed to final() when all ids are known.
  std::int64_t number_of(std::string_view text) {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    constexpr std::int64_t largest = std::int64_t{1} << 52;
    if (error == std::errc{} && end == text.data() + text.size() && number >= 0 && number < largest)
      return number_of(number);
    const auto [entry, added] = named_.try_emplace(std::string(text), static_cast<std::int64_t>(named_.size()));
    return -2 - entry->second;
  }

  std::int64_t final(std::int64_t number) const { return number > -2 ? number : largest_ + 1 + (-2 - number); }

 private:
  std::map<std::string, std::int64_t> named_;
  std::int64_t largest_ = 0;
};

}  // namespace onepass::formats
