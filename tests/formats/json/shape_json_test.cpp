#include "formats/json/shape_json.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/message_of.hpp"

namespace onepass::formats {
namespace {

using Json = nlohmann::ordered_json;
using test::message_of;

Shape read_text(const std::string& text) {
  const auto document = nlohmann::json::parse(text);
  const std::string file = "a.jsonl:3";
  return read_shape(JsonNode(document, file));
}

std::string refusal(const std::string& text) {
  return message_of([&] { read_text(text); });
}

/// The run lengths of pycocotools for the lower right 2 x 2 pixels of an image of 3 x 3.
const Mask corner{3, 3, {4, 2, 1, 2}};

TEST(ShapeJson, MasksAreThoseOfPycocotools) {
  EXPECT_EQ(mask_json(corner).dump(), R"({"size":[3,3],"counts":"4210"})");
  EXPECT_EQ(read_text(R"({"mask": {"size": [3, 3], "counts": "4210"}})").mask, corner);
  EXPECT_EQ(read_text(R"({"mask": {"size": [3, 3], "counts": [4, 2, 1, 2]}})").mask, corner);
}

TEST(ShapeJson, HasOnlyThePartsOfTheShape) {
  Json empty = Json::object();
  put_shape(empty, {});
  EXPECT_EQ(empty.dump(), "{}");
  const Shape shape{{4, 3, {2, 5, 5}}, {{1.234F, 2, 0.5F}, {3, 4, 1}}, RotatedBox{10, 20.126F, 30, -0.0F, 0.33333F}};
  Json written = Json::object();
  put_shape(written, shape);
  EXPECT_EQ(written.dump(), R"({"mask":{"size":[3,4],"counts":"255"},"keypoints":[[1.234,2.0,0.5],[3.0,4.0,1.0]],)"
                            R"("rotated_box":[10.0,20.126,30.0,0.0,0.33333]})");
}

/// As floats, most of these numbers are not decimals: 1234.57 is 1234.5699462890625.
TEST(ShapeJson, NumbersAreWrittenAsTheyWereRead) {
  const std::string text =
      R"({"keypoints":[[1234.57,0.01,0.9999],[1919.99,1079.98,0.1]],"rotated_box":[987.65,4321.09,0.3,12.34,-3.1415]})";
  Json written = Json::object();
  put_shape(written, read_text(text));
  EXPECT_EQ(written.dump(), text);
}

TEST(ShapeJson, NumbersOutsideTheirRangeNameTheirPlace) {
  EXPECT_EQ(refusal(R"({"rotated_box": [1e300, 0, 5, 2, 0]})"), "a.jsonl:3: rotated_box[0]: is beyond 1e9");
  EXPECT_EQ(refusal(R"({"rotated_box": [1, 0, -5, 2, 0]})"), "a.jsonl:3: rotated_box[2]: is negative");
  EXPECT_EQ(refusal(R"({"rotated_box": [1, 0, 5, -2, 0]})"), "a.jsonl:3: rotated_box[3]: is negative");
  EXPECT_EQ(refusal(R"({"rotated_box": [1, 0, 5, 2, -1e39]})"), "a.jsonl:3: rotated_box[4]: is beyond 1e9");
  EXPECT_EQ(refusal(R"({"rotated_box": [1, 0, 5, 2]})"),
            "a.jsonl:3: rotated_box: is not [center x, center y, width, height, angle]");
  EXPECT_EQ(refusal(R"({"keypoints": [[1, 2, 1], [1, -1e10, 1]]})"), "a.jsonl:3: keypoints[1][1]: is beyond 1e9");
  EXPECT_EQ(refusal(R"({"keypoints": [[1, 2, null]]})"), "a.jsonl:3: keypoints[0][2]: is not a number");
  EXPECT_EQ(read_text(R"({"rotated_box": [-1e9, 1e9, 0, 2, -7]})").rotated, (RotatedBox{-1e9F, 1e9F, 0, 2, -7}));
}

}  // namespace
}  // namespace onepass::formats
