#include "formats/text/columns.hpp"

#include <charconv>
#include <cmath>
#include <stdexcept>

#include <fmt/format.h>

#include "core/printable.hpp"

namespace onepass::formats {

bool Columns::next() {
  for (std::string_view line; lines_.next(line);) {
    line = io::trimmed(line);
    if (line.empty()) continue;
    fields_.clear();
    const auto* separators = separator_ == ' ' ? " \t" : nullptr;
    while (true) {
      const auto end = separators ? line.find_first_of(separators) : line.find(separator_);
      fields_.push_back(io::trimmed(line.substr(0, end)));
      if (end == std::string_view::npos) break;
      line.remove_prefix(end + 1);
      if (separators) line = io::trimmed(line);
    }
    return true;
  }
  return false;
}

std::string_view Columns::text(std::size_t column) const {
  if (column >= fields_.size()) fail(fmt::format("{} columns, expected at least {}", fields_.size(), column + 1));
  return fields_[column];
}

double Columns::number(std::size_t column) const {
  const auto given = text(column);
  auto digits = given;
  if (digits.size() > 1 && digits[0] == '+' && digits[1] != '-') digits.remove_prefix(1);
  double value = 0;
  const auto [rest, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error != std::errc{} || rest != digits.data() + digits.size() || !std::isfinite(value))
    fail(fmt::format("column {}: '{}' is not a finite number", column + 1, given.substr(0, 40)));
  return value;
}

std::int64_t Columns::whole(std::size_t column) const {
  const double value = number(column);
  if (value != std::floor(value) || std::abs(value) > std::ldexp(1.0, 53))
    fail(fmt::format("column {}: '{}' is not a whole number", column + 1, text(column).substr(0, 40)));
  return static_cast<std::int64_t>(value);
}

int Columns::small(std::size_t column) const {
  const auto value = whole(column);
  if (std::abs(value) > 1 << 30) fail(fmt::format("column {}: {} is too large", column + 1, value));
  return static_cast<int>(value);
}

void Columns::require(std::size_t least, std::size_t most) const {
  if (count() >= least && count() <= most) return;
  fail(fmt::format("{} columns, expected {}", count(),
                   least == most ? std::to_string(least) : fmt::format("{} to {}", least, most)));
}

Annotation Columns::checked(Annotation object) const {
  if (const auto problem = problem_of(object); !problem.empty()) fail(problem);
  return object;
}

void Columns::fail(const std::string& what) const {
  throw std::runtime_error(fmt::format("{}:{}: {}", lines_.path().string(), lines_.line_number(), printable(what)));
}

}  // namespace onepass::formats
