// Other programs' readers find in our files what we wrote. Skipped without their packages, which tools/setup.sh
// installs.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <cstdlib>
#include <optional>

#include "formats/registry.hpp"
#include "onepass/shape_geometry.hpp"
#include "support/temporary_folder.hpp"

namespace onepass::formats {
namespace {

using nlohmann::json;
using test::read_file;
using test::TemporaryFolder;

/// The first interpreter that has these modules, of those that tools/setup.sh makes and the one on the PATH.
std::optional<std::string> python_with(const std::string& modules) {
  for (const std::string python :
       {ONEPASS_SOURCE_DIR "/build/oracles/bin/python3", ONEPASS_SOURCE_DIR "/build/wheel/bin/python3", "python3"}) {
    const auto command = "'" + python + "' -c 'import " + modules + "' >/dev/null 2>&1";
    if (std::system(command.c_str()) == 0) return python;
  }
  return std::nullopt;
}

#define REQUIRE_PYTHON(python, modules)                                                    \
  const auto python##_found = python_with(modules);                                        \
  if (!python##_found) GTEST_SKIP() << "no " << modules << ": tools/setup.sh installs it"; \
  const std::string python = *python##_found

/// What tools/bench/read_annotations.py prints.
json rows_of(const std::string& python, const TemporaryFolder& folder, const std::string& arguments) {
  const auto answer = folder / "answer.json";
  const auto command = "'" + python + "' '" ONEPASS_SOURCE_DIR "/tools/bench/read_annotations.py' " + arguments +
                       " >'" + answer.string() + "' 2>'" + (folder / "error").string() + "'";
  if (std::system(command.c_str()) != 0) return {{"error", read_file(folder / "error")}};
  return json::parse(read_file(answer));
}

/// A square of this side in an image of 64 x 48 pixels.
Annotation square(std::int64_t frame, std::int64_t id, int class_id, int left, int side) {
  cv::Mat picture = cv::Mat::zeros(48, 64, CV_8U);
  picture(cv::Rect(left, 5, side, side)) = 255;
  Annotation object{.frame = frame, .id = id, .left = static_cast<double>(left), .top = 5, .score = 0.5};
  object.width = object.height = side;
  object.class_id = class_id;
  object.shape.mask = to_mask(picture);
  return object;
}

/// Writes three boxes in two of three frames.
void write(const std::string& format, const std::filesystem::path& path) {
  const std::vector<Annotation> first{square(1, 4, 1, 10, 8), square(1, 5, 2, 30, 9)};
  const std::vector<Annotation> third{square(3, 4, 1, 12, 8)};
  const auto writer =
      format_named(format).make_writer(path, Overwrite::refuse, {"clip", 25, {{1, "person"}, {2, "car"}}});
  writer->write({1, {64, 48}, first});
  writer->write({2, {64, 48}, {}});
  writer->write({3, {64, 48}, third});
  writer->close();
}

TEST(FormatOracles, CocoWithMasksInPycocotools) {
  REQUIRE_PYTHON(python, "pycocotools");
  const TemporaryFolder folder;
  write("coco", folder / "a.json");
  EXPECT_EQ(rows_of(python, folder, "coco '" + (folder / "a.json").string() + "'"),
            json::parse(R"([[1, 4, "person", 10, 5, 8, 8, 64], [1, 5, "car", 30, 5, 9, 9, 81],
                            [3, 4, "person", 12, 5, 8, 8, 64]])"));
}

TEST(FormatOracles, MotsInPycocotools) {
  REQUIRE_PYTHON(python, "pycocotools");
  const TemporaryFolder folder;
  write("mots", folder / "a.txt");
  EXPECT_EQ(rows_of(python, folder, "mots '" + (folder / "a.txt").string() + "'"),
            json::parse("[[1, 4, 1, 10, 5, 8, 8, 64], [1, 5, 2, 30, 5, 9, 9, 81], [3, 4, 1, 12, 5, 8, 8, 64]]"));
}

TEST(FormatOracles, YoloInSupervision) {
  REQUIRE_PYTHON(python, "supervision");
  const TemporaryFolder folder;
  write("yolo", folder / "labels");
  const auto rows = rows_of(python, folder, "yolo '" + (folder / "labels").string() + "' 64 48");
  const auto wanted = json::parse("[[1, 10, 5, 18, 13, 1], [1, 30, 5, 39, 14, 2], [3, 12, 5, 20, 13, 1]]");
  ASSERT_EQ(rows.size(), wanted.size()) << rows.dump();
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    for (std::size_t j = 0; j < 6; ++j) EXPECT_NEAR(rows[i][j].get<double>(), wanted[i][j].get<double>(), 1e-4);
  }
}

TEST(FormatOracles, CsvBecomesParquetInPandas) {
  REQUIRE_PYTHON(python, "pandas, pyarrow");
  const TemporaryFolder folder;
  write("csv", folder / "a.csv");
  EXPECT_EQ(
      rows_of(python, folder, "csv '" + (folder / "a.csv").string() + "'"),
      json::parse(R"([[1, 4, "person", 10, 5, 8, 8], [1, 5, "car", 30, 5, 9, 9], [3, 4, "person", 12, 5, 8, 8]])"));
}

}  // namespace
}  // namespace onepass::formats
