// Property: what a format keeps comes back as it was written, within the precision of the format.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "formats/registry.hpp"
#include "support/made_annotations.hpp"
#include "support/temporary_folder.hpp"

namespace onepass::formats {
namespace {

using test::frame_size;
using test::random_annotations;
using test::TemporaryFolder;
using test::with_masks;
using test::write;

std::vector<Annotation> sorted(std::vector<Annotation> objects) {
  std::ranges::sort(objects, [](const auto& a, const auto& b) {
    return std::tie(a.frame, a.left, a.top, a.id) < std::tie(b.frame, b.left, b.top, b.id);
  });
  return objects;
}

/// The name that a class has after the round trip.
std::string expected_name(const Format& format, const std::string& name) {
  if (format.name == "kitti") return name == "person" ? "Pedestrian" : "Car";
  if (format.name == "visdrone" && name == "person") return "pedestrian";
  return name;
}

class RoundTrip : public testing::TestWithParam<std::string> {};

TEST_P(RoundTrip, GivesBackWhatTheFormatKeeps) {
  const auto& format = format_named(GetParam());
  const double precision = format.name == "yolo" ? 1e-4 : 2e-5;
  for (unsigned seed = 1; seed <= 10; ++seed) {
    const TemporaryFolder folder;
    const auto given = with_masks(random_annotations(seed), format);
    const auto path = folder / ("written" + std::string(format.extension));
    write(given, format, path);
    EXPECT_TRUE(recognized(path).name == format.name || format.name == "uavdt" || format.name == "visdrone")
        << recognized(path).name;
    const auto back = read(path, format, {.size = frame_size, .frame_rate = 25});
    ASSERT_EQ(back.objects.size(), given.objects.size()) << "seed " << seed;
    const auto wanted = sorted(given.objects);
    const auto found = sorted(back.objects);
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      SCOPED_TRACE(testing::Message() << "seed " << seed << ", object " << i);
      EXPECT_EQ(found[i].frame, wanted[i].frame);
      EXPECT_NEAR(found[i].left, wanted[i].left, precision);
      EXPECT_NEAR(found[i].top, wanted[i].top, precision);
      EXPECT_NEAR(found[i].width, wanted[i].width, precision);
      EXPECT_NEAR(found[i].height, wanted[i].height, precision);
      if (format.keeps_part(Part::masks)) {
        EXPECT_EQ(found[i].shape.mask, wanted[i].shape.mask);
      }
      EXPECT_EQ(found[i].id, wanted[i].id);
      if (format.keeps_part(Part::scores)) {
        EXPECT_NEAR(found[i].score.value(), *wanted[i].score, 1e-6);
      }
      if (format.keeps_part(Part::class_numbers)) {
        EXPECT_EQ(found[i].class_id, wanted[i].class_id);
      }
      if (format.keeps_part(Part::class_names) && format.name != "mots") {
        EXPECT_EQ(class_name(back.class_names, found[i].class_id),
                  expected_name(format, class_name(given.class_names, wanted[i].class_id)));
      }
    }
    if (format.keeps_part(Part::sizes)) {
      EXPECT_EQ(back.size, frame_size);
    }
  }
}

std::vector<std::string> all_formats() {
  std::vector<std::string> names;
  for (const auto& format : formats()) names.emplace_back(format.name);
  return names;
}

INSTANTIATE_TEST_SUITE_P(Formats, RoundTrip, testing::ValuesIn(all_formats()), [](const auto& given) {
  auto name = given.param;
  std::ranges::replace(name, '-', '_');
  return name;
});

/// Ground truth of which every third box has the mark 0: such objects must not count after a conversion, or the
/// conversion must say that they do.
TEST_P(RoundTrip, ObjectsThatAreNotEvaluatedStaySoOrItIsSaid) {
  const auto& format = format_named(GetParam());
  auto given = with_masks(random_annotations(5), format);
  std::size_t number = 0;
  for (auto& object : given.objects) {
    object.score.reset();
    object.ignored = number++ % 3 == 0;
  }
  const TemporaryFolder folder;
  const auto path = folder / ("written" + std::string(format.extension));
  write(given, format, path);
  const auto back = read(path, format, {.size = frame_size, .frame_rate = 25});
  ASSERT_EQ(back.objects.size(), given.objects.size());
  const auto lost = losses(given, format);
  const auto is_mark = [](const std::string& line) { return line.find("marks of objects") != std::string::npos; };
  EXPECT_EQ(std::ranges::any_of(lost, is_mark), !format.keeps_part(Part::ignored));
  const bool as_regions = format.name == "kitti" || format.name == "mots";
  const auto left_and_frame = [](const Annotation& object) {
    return std::pair(object.frame, std::lround(object.left));
  };
  std::set<std::pair<std::int64_t, long>> wanted, found;
  for (const auto& object : given.objects)
    if (object.ignored) wanted.insert(left_and_frame(object));
  for (const auto& object : back.objects)
    if (as_regions ? object.crowd : object.ignored) found.insert(left_and_frame(object));
  if (format.keeps_part(Part::ignored)) {
    EXPECT_EQ(found, wanted);
    EXPECT_EQ(std::ranges::count_if(back.objects, [](const auto& object) { return object.crowd; }), 0);
    for (const auto& object : back.objects) EXPECT_GE(object.id, 0);
  } else if (as_regions) {
    EXPECT_EQ(found, wanted);
  } else {
    EXPECT_TRUE(found.empty());
    EXPECT_THAT(lost, testing::Contains(testing::HasSubstr("they count in an evaluation")));
  }
}

TEST_P(RoundTrip, RegionsThatAreNotEvaluatedStaySoOrItIsSaid) {
  const auto& format = format_named(GetParam());
  auto given = with_masks(random_annotations(6), format);
  for (auto& object : given.objects) object.crowd = object.id == 0;
  const auto regions = [](const Annotations& annotations) {
    return std::ranges::count_if(annotations.objects, [](const auto& object) { return object.crowd; });
  };
  const TemporaryFolder folder;
  const auto path = folder / ("written" + std::string(format.extension));
  write(given, format, path);
  const auto back = read(path, format, {.size = frame_size, .frame_rate = 25});
  EXPECT_EQ(regions(back), format.keeps_part(Part::crowds) ? regions(given) : 0);
  EXPECT_EQ(back.objects.size(), given.objects.size() - (format.name == "mot" ? regions(given) : 0));
  const auto lost = losses(given, format);
  EXPECT_EQ(testing::Value(lost, testing::Contains(testing::HasSubstr("marks of regions"))),
            !format.keeps_part(Part::crowds));
}

TEST(RoundTrips, ClassZeroOfCocoMovesToOne) {
  const TemporaryFolder folder;
  Annotations given{.frame_count = 1, .class_names = {{0, "person"}}, .objects = {{.width = 5, .height = 6}}};
  write(given, format_named("coco"), folder / "a.json");
  const auto back = read(folder / "a.json", format_named("coco"), {});
  EXPECT_EQ(back.objects.at(0).class_id, 1);
  EXPECT_EQ(back.class_names, (ClassNames{{1, "person"}}));
}

}  // namespace
}  // namespace onepass::formats
