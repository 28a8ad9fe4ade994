#include <algorithm>
#include <stdexcept>

#include <fmt/format.h>

#include "formats/json/json_node.hpp"
#include "formats/text/row_writer.hpp"
#include "formats/text/text_formats.hpp"
#include "onepass/shape_geometry.hpp"

namespace onepass::formats {
namespace {

constexpr int ignored_class = 10;
constexpr int largest_side = 1 << 16;  // pixels

/// One row, whose mask may be longer than the lines of other text formats.
class Row {
 public:
  Row(std::string_view line, const std::string& place) : line_(line), place_(place) {}

  std::string_view next() {
    const auto first = line_.find_first_not_of(" \t\r");
    if (first == std::string_view::npos) fail("expected frame, id, class, height, width and a mask");
    line_.remove_prefix(first);
    const auto text = line_.substr(0, line_.find_first_of(" \t\r"));
    line_.remove_prefix(text.size());
    return text;
  }

  std::int64_t whole(std::int64_t most) {
    const auto text = next();
    const bool digits = text.size() <= 15 && text.find_first_not_of("0123456789") == std::string_view::npos;
    const auto value = digits ? std::stoll(std::string(text)) : -1;
    if (value < 0 || value > most) fail(fmt::format("'{}' is not a whole number up to {}", text.substr(0, 40), most));
    return value;
  }

  [[noreturn]] void fail(const std::string& what) const { throw std::runtime_error(place_ + ": " + what); }

 private:
  std::string_view line_;
  const std::string& place_;
};

Annotation read_row(std::string_view line, const std::string& place) {
  Row row(line, place);
  Annotation object{.frame = row.whole(longest_video), .id = row.whole(std::int64_t{1} << 53)};
  object.class_id = static_cast<int>(row.whole(1 << 30));
  object.crowd = object.class_id == ignored_class;
  const auto height = static_cast<int>(row.whole(largest_side));
  const auto width = static_cast<int>(row.whole(largest_side));
  try {
    object.shape.mask = from_coco_text(row.next(), width, height);
  } catch (const std::invalid_argument& error) {
    row.fail(error.what());
  }
  const auto box = bounding_box(object.shape.mask);
  object.left = box.left;
  object.top = box.top;
  object.width = box.width;
  object.height = box.height;
  return object;
}

std::string rows(const LabeledFrame& frame, const Header&) {
  std::string text;
  for (const auto& object : frame.objects) {
    const auto& mask = object.shape.mask;
    if (mask.empty()) continue;
    const int class_id = object.crowd || object.ignored ? ignored_class : std::max(0, object.class_id);
    fmt::format_to(std::back_inserter(text), "{} {} {} {} {} {}\n", frame.number, std::max<std::int64_t>(0, object.id),
                   class_id, mask.height, mask.width, to_coco_text(mask));
  }
  return text;
}

}  // namespace

Annotations read_mots(const std::filesystem::path& path, const ReadOptions&) {
  Annotations annotations{.name = path.stem().string(),
                          .class_names = {{1, "car"}, {2, "pedestrian"}, {ignored_class, "ignored"}}};
  const auto text = read_text(path);
  std::int64_t line_number = 0;
  for (std::size_t begin = 0; begin < text.size();) {
    const auto end = std::min(text.find('\n', begin), text.size());
    const auto line = std::string_view(text).substr(begin, end - begin);
    begin = end + 1;
    ++line_number;
    if (line.find_first_not_of(" \t\r") == std::string_view::npos) continue;
    auto object = read_row(line, fmt::format("{}:{}", path.string(), line_number));
    if (annotations.size.empty()) annotations.size = {object.shape.mask.width, object.shape.mask.height};
    annotations.objects.push_back(std::move(object));
  }
  // Sequences of KITTI count frames from 0, those of MOTSChallenge from 1.
  const bool from_zero = std::ranges::any_of(annotations.objects, [](const auto& o) { return o.frame == 0; });
  for (auto& object : annotations.objects) object.frame += from_zero ? 1 : 0;
  return annotations;
}

std::unique_ptr<Writer> make_mots_writer(const std::filesystem::path& path, Overwrite overwrite, const Header& header) {
  return std::make_unique<RowWriter>(path, overwrite, header, rows);
}

}  // namespace onepass::formats
