// Property: what a format keeps comes back as it was written, within the precision of the format.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <set>

#include "formats/registry.hpp"
#include "onepass/shape_geometry.hpp"
#include "support/temporary_folder.hpp"

namespace onepass::formats {
namespace {

using test::TemporaryFolder;

const cv::Size frame_size(1280, 720);

/// A filled rectangle as COCO's run lengths.
Mask mask_of(const Annotation& object) {
  const auto inside = [](double value, int size) { return static_cast<int>(std::clamp<double>(value, 0, size - 1)); };
  const int left = inside(object.left, frame_size.width), top = inside(object.top, frame_size.height);
  const int right = std::max(left + 1, inside(object.left + object.width, frame_size.width));
  const int bottom = std::max(top + 1, inside(object.top + object.height, frame_size.height));
  cv::Mat picture = cv::Mat::zeros(frame_size, CV_8U);
  picture(cv::Rect(cv::Point(left, top), cv::Point(right, bottom))) = 255;
  return to_mask(picture);
}

/// Tracks with gaps, boxes that leave the frame, empty frames and several classes; pixels with two decimals.
Annotations random_annotations(unsigned seed) {
  std::mt19937 random(seed);
  const auto below = [&](int count) { return static_cast<int>(random() % static_cast<unsigned>(count)); };
  const auto pixels = [&](int limit) { return below(limit * 100) / 100.0; };
  Annotations result{
      .name = "street", .size = frame_size, .frame_rate = 25, .class_names = {{1, "person"}, {2, "car"}}};
  const int frames = 5 + below(30);
  const int identities = 1 + below(8);
  for (int frame = 1; frame <= frames; ++frame) {
    if (below(8) == 0) continue;
    for (int id = 0; id < identities; ++id) {
      if (below(5) == 0) continue;
      result.objects.push_back({.frame = frame,
                                .id = id,
                                .left = pixels(1300) - 50,
                                .top = pixels(700) - 20,
                                .width = pixels(200) + 1,
                                .height = pixels(300) + 1,
                                .score = below(10001) / 10000.0,
                                .class_id = 1 + id % 2});
    }
  }
  result.frame_count = frames;
  finish(result, "made here");
  return result;
}

void write(const Annotations& annotations, const Format& format, const std::filesystem::path& path) {
  const auto writer =
      format.make_writer(path, Overwrite::refuse,
                         {annotations.name, annotations.frame_rate, annotations.class_names, has_marks(annotations)});
  std::size_t begin = 0;
  for (std::int64_t number = 1; number <= annotations.frame_count; ++number) {
    auto end = begin;
    while (end < annotations.objects.size() && annotations.objects[end].frame == number) ++end;
    writer->write({number, annotations.size, std::span(annotations.objects).subspan(begin, end - begin)});
    begin = end;
  }
  writer->close();
}

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

/// Formats of masks have no boxes, and COCO's have both.
Annotations with_masks(Annotations annotations, const Format& format) {
  if (!format.keeps_part(Part::masks)) return annotations;
  for (auto& object : annotations.objects) {
    object.shape.mask = mask_of(object);
    if (format.name != "mots") continue;
    const auto box = bounding_box(object.shape.mask);
    object.left = box.left;
    object.top = box.top;
    object.width = box.width;
    object.height = box.height;
  }
  return annotations;
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

TEST(RoundTrips, KeepTheRotationOfCvat) {
  const TemporaryFolder folder;
  auto given = random_annotations(3);
  for (auto& object : given.objects)
    object.shape.rotated = RotatedBox{static_cast<float>(object.left + object.width / 2),
                                      static_cast<float>(object.top + object.height / 2),
                                      static_cast<float>(object.width), static_cast<float>(object.height), 0.5F};
  write(given, format_named("cvat"), folder / "a.xml");
  const auto back = read(folder / "a.xml", format_named("cvat"), {});
  ASSERT_EQ(back.objects.size(), given.objects.size());
  for (const auto& object : back.objects) EXPECT_NEAR(object.shape.rotated.value().angle, 0.5, 1e-5);
}

TEST(RoundTrips, KeepTheShapesOfJsonLines) {
  const TemporaryFolder folder;
  auto given = with_masks(random_annotations(4), format_named("jsonl"));
  for (auto& object : given.objects) {
    object.shape.keypoints = {{12.5F, 80.25F, 0.75F}, {13, 90, 0}};
    object.shape.rotated = RotatedBox{320.5F, 212, 84.25F, 31.5F, 0.5F};
  }
  write(given, format_named("jsonl"), folder / "a.jsonl");
  const auto back = read(folder / "a.jsonl", format_named("jsonl"), {});
  ASSERT_EQ(back.objects.size(), given.objects.size());
  for (std::size_t i = 0; i < given.objects.size(); ++i) EXPECT_EQ(back.objects[i].shape, given.objects[i].shape);
}

TEST(RoundTrips, KeepRotatedBoxesAndVisibleSharesOfMot) {
  const TemporaryFolder folder;
  auto given = random_annotations(4);
  double share = 0;
  for (auto& object : given.objects) {
    object.visible_share = share = share < 0.9 ? share + 0.125 : 0;
    if (object.id == 1) object.shape.rotated = RotatedBox{320.5F, 212, 84.25F, 31.5F, 0.5F};
  }
  write(given, format_named("mot"), folder / "a.txt");
  const auto back = read(folder / "a.txt", format_named("mot"), {});
  ASSERT_EQ(back.objects.size(), given.objects.size());
  for (std::size_t i = 0; i < given.objects.size(); ++i) {
    EXPECT_EQ(back.objects[i].visible_share, given.objects[i].visible_share);
    EXPECT_EQ(back.objects[i].shape, given.objects[i].shape);
  }
  EXPECT_THAT(losses(given, format_named("csv")),
              testing::Contains("csv keeps no visible shares (the visibility of MOTChallenge)"));
  EXPECT_THAT(losses(given, format_named("csv")),
              testing::Contains("csv keeps no rotated boxes (their upright bounds stay)"));
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
