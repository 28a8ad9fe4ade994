#include "formats/annotations.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <stdexcept>

#include <fmt/format.h>

namespace onepass::formats {
namespace {

constexpr std::int64_t largest_exact_id = std::int64_t{1} << 53;  // larger ones are not exact as numbers of JSON

void require_unique_ids(const std::vector<Annotation>& objects, const std::string& file) {
  std::vector<std::int64_t> ids;
  for (std::size_t begin = 0; begin < objects.size();) {
    ids.clear();
    std::size_t end = begin;
    for (; end < objects.size() && objects[end].frame == objects[begin].frame; ++end) {
      if (objects[end].id >= 0 && !objects[end].crowd) ids.push_back(objects[end].id);
    }
    std::ranges::sort(ids);
    if (const auto twice = std::ranges::adjacent_find(ids); twice != ids.end())
      throw std::runtime_error(fmt::format("{}: frame {} has id {} twice; ids must be unique within a frame", file,
                                           objects[begin].frame, *twice));
    begin = end;
  }
}

}  // namespace

std::string problem_of(const Annotation& object) {
  if (object.frame < 1 || object.frame > longest_video)
    return fmt::format("frame {}, expected 1 to {} (counted from 1)", object.frame, longest_video);
  if (std::abs(object.id) > largest_exact_id) return fmt::format("id {}, beyond 2^53", object.id);
  for (const double value : {object.left, object.top, object.width, object.height}) {
    if (!(std::abs(value) <= largest_coordinate)) return fmt::format("a box with {}, beyond 1e9 pixels", value);
  }
  if (object.width < 0 || object.height < 0)
    return fmt::format("a box of width {:g} and height {:g}, which must not be negative", object.width, object.height);
  if (object.score && !std::isfinite(*object.score)) return "a score that is not a finite number";
  return "";
}

void finish(Annotations& annotations, const std::string& file) {
  auto& objects = annotations.objects;
  if (!std::ranges::is_sorted(objects, {}, &Annotation::frame))
    std::ranges::stable_sort(objects, {}, &Annotation::frame);
  require_unique_ids(objects, file);
  if (!objects.empty()) annotations.frame_count = std::max(annotations.frame_count, objects.back().frame);
}

bool are_marks(const std::vector<Annotation>& objects) {
  return std::ranges::all_of(objects, [](const auto& o) { return o.score && (*o.score == 0 || *o.score == 1); });
}

void take_marks(std::vector<Annotation>& objects) {
  if (!are_marks(objects)) return;
  for (auto& object : objects) {
    if (object.score != 0) continue;
    object.ignored = true;
    object.score.reset();
  }
}

std::string class_name(const ClassNames& names, int class_id) {
  const auto found = names.find(class_id);
  if (found == names.end() && class_id < 0) return "object";
  return found == names.end() ? fmt::format("class {}", class_id) : found->second;
}

ClassNumbers::ClassNumbers(const std::vector<std::string>& known) {
  for (const auto& name : known) number_of(name);
}

int ClassNumbers::number_of(const std::string& name) {
  return numbers_.try_emplace(name, static_cast<int>(numbers_.size())).first->second;
}

ClassNames ClassNumbers::names() const {
  ClassNames result;
  for (const auto& [name, number] : numbers_) result[number] = name;
  return result;
}

double tidy(double value) { return std::round(value * 1e6) / 1e6; }

double shortest_decimal(float value) {
  const auto digits = fmt::format("{}", value);
  double result = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), result);
  return result + 0.0;  // -0 becomes 0
}

}  // namespace onepass::formats
