#include "core/natural_order.hpp"

#include <algorithm>
#include <cctype>
#include <compare>
#include <cstddef>

namespace onepass {
namespace {

bool is_digit(char letter) { return std::isdigit(static_cast<unsigned char>(letter)) != 0; }

unsigned char folded(char letter) {
  return static_cast<unsigned char>(std::tolower(static_cast<unsigned char>(letter)));
}

/// Removes the run of digits at the front of `text` and returns it without leading zeros.
std::string_view take_number(std::string_view& text) {
  const auto end = std::find_if_not(text.begin(), text.end(), is_digit);
  auto number = text.substr(0, static_cast<std::size_t>(end - text.begin()));
  text.remove_prefix(number.size());
  number.remove_prefix(std::min(number.find_first_not_of('0'), number.size()));
  return number;
}

/// Compares numbers of any length as text: without leading zeros, the longer number is the larger.
std::strong_ordering compare_numbers(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return a.size() <=> b.size();
  return a <=> b;
}

std::strong_ordering compare_naturally(std::string_view a, std::string_view b) {
  while (!a.empty() && !b.empty()) {
    auto order = std::strong_ordering::equal;
    if (is_digit(a.front()) && is_digit(b.front())) {
      order = compare_numbers(take_number(a), take_number(b));
    } else {
      order = folded(a.front()) <=> folded(b.front());
      a.remove_prefix(1);
      b.remove_prefix(1);
    }
    if (order != std::strong_ordering::equal) return order;
  }
  return a.size() <=> b.size();
}

}  // namespace

bool natural_less(std::string_view a, std::string_view b) {
  const auto order = compare_naturally(a, b);
  return order == std::strong_ordering::equal ? a < b : order < 0;
}

}  // namespace onepass
