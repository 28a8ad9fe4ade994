#include <algorithm>
#include <array>
#include <limits>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "formats/text/columns.hpp"
#include "formats/text/text_formats.hpp"
#include "io/output_file.hpp"

namespace onepass::formats {
namespace {

constexpr std::array<std::string_view, 9> column_names{"frame", "id",    "class",  "class_name", "left",
                                                       "top",   "width", "height", "score"};
enum Column { frame, id, class_number, class_text, left, top, width, height, score };

/// Columns of ground truth with objects that are not evaluated: 0 or 1.
constexpr std::array<std::string_view, 2> mark_names{"crowd", "ignored"};
constexpr auto missing = std::numeric_limits<std::size_t>::max();

/// The column with this name, or `missing`.
std::size_t place_of(const Columns& row, std::string_view name) {
  for (std::size_t column = row.count(); column-- > 0;) {
    if (row.text(column) == name) return column;
  }
  return missing;
}

/// Returns a name without what would end the column or the row.
std::string as_column(std::string name) {
  std::ranges::replace_if(
      name, [](unsigned char letter) { return letter == ',' || letter == '"' || letter < ' '; }, ' ');
  return name;
}

class CsvWriter : public Writer {
 public:
  CsvWriter(const std::filesystem::path& path, Overwrite overwrite, Header header)
      : file_(path, overwrite), header_(std::move(header)) {
    file_.write(fmt::format("{}", fmt::join(column_names, ",")));
    file_.write(header_.has_marks ? fmt::format(",{}\n", fmt::join(mark_names, ",")) : "\n");
  }

  void write(const LabeledFrame& given) override {
    for (const auto& object : given.objects) {
      const auto name = header_.class_names.find(object.class_id);
      file_.write(fmt::format("{},{},{},{},{},{},{},{},{}", given.number, object.id, object.class_id,
                              name == header_.class_names.end() ? "" : as_column(name->second), tidy(object.left),
                              tidy(object.top), tidy(object.width), tidy(object.height),
                              object.score ? fmt::format("{}", tidy(*object.score)) : ""));
      file_.write(header_.has_marks ? fmt::format(",{:d},{:d}\n", object.crowd, object.ignored) : "\n");
    }
    file_.flush();
  }

  void close() override { file_.close(); }

 private:
  io::OutputFile file_;
  Header header_;
};

}  // namespace

Annotations read_csv(const std::filesystem::path& path, const ReadOptions&) {
  Annotations annotations;
  annotations.name = path.stem().string();
  Columns row(path, ',');
  if (!row.next()) return annotations;
  std::array<std::size_t, column_names.size()> places{};
  for (std::size_t i = 0; i < column_names.size(); ++i) {
    places[i] = place_of(row, column_names[i]);
    if (places[i] == missing)
      row.fail(fmt::format("no column '{}'; expected {}", column_names[i], fmt::join(column_names, ",")));
  }
  const std::array marks{place_of(row, mark_names[0]), place_of(row, mark_names[1])};
  const auto marked = [&](std::size_t column) { return column != missing && row.whole(column) != 0; };
  const auto width_of_table = row.count();
  while (row.next()) {
    row.require(width_of_table, width_of_table);
    const auto given_id = row.whole(places[id]);
    Annotation object{.frame = row.whole(places[frame]),
                      .id = given_id < 0 ? -1 : given_id,
                      .left = row.number(places[left]),
                      .top = row.number(places[top]),
                      .width = row.number(places[width]),
                      .height = row.number(places[height]),
                      .class_id = row.small(places[class_number]),
                      .crowd = marked(marks[0]),
                      .ignored = marked(marks[1])};
    if (!row.text(places[score]).empty()) object.score = row.number(places[score]);
    if (const auto name = row.text(places[class_text]); !name.empty())
      annotations.class_names.try_emplace(object.class_id, name);
    annotations.objects.push_back(row.checked(std::move(object)));
  }
  return annotations;
}

std::unique_ptr<Writer> make_csv_writer(const std::filesystem::path& path, Overwrite overwrite, const Header& header) {
  return std::make_unique<CsvWriter>(path, overwrite, header);
}

}  // namespace onepass::formats
