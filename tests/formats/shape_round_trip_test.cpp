// Property: shapes come back as they were written, and onepass reads all that it writes.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "formats/registry.hpp"
#include "onepass/track_files.hpp"
#include "onepass/track_sink.hpp"
#include "support/made_annotations.hpp"
#include "support/temporary_folder.hpp"

namespace onepass::formats {
namespace {

using test::random_annotations;
using test::TemporaryFolder;
using test::with_masks;
using test::write;

TEST(ShapeRoundTrips, KeepTheRotationOfCvat) {
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

TEST(ShapeRoundTrips, KeepTheShapesOfJsonLines) {
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

TEST(ShapeRoundTrips, KeepRotatedBoxesAndVisibleSharesOfMot) {
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

/// A track with a whole shape, and one of whose keypoints and rotated box a number is not finite.
std::vector<Track> sound_and_damaged() {
  const Shape sound{{4, 3, {2, 5, 5}}, {{12.5F, 2, 0.5F}, {3, 4, 1}}, RotatedBox{10, 20.25F, 30, 4, 0.25F}};
  auto damaged = sound;
  damaged.keypoints[0].y = NAN;
  damaged.rotated->angle = INFINITY;
  return {{.id = 1, .box = {1, 2, 3, 4}, .score = 0.5F, .shape = sound},
          {.id = 2, .box = {5, 6, 7, 8}, .score = 0.75F, .shape = damaged}};
}

/// Writes the tracks as a frame, closes the sink, and reads the file.
std::vector<Annotation> through(TrackSink& sink, const std::filesystem::path& path, const char* format) {
  Frame frame;
  frame.size = {640, 480};
  sink.write(frame, sound_and_damaged());
  sink.close();
  return read(path, format_named(format), {}).objects;
}

TEST(ShapeRoundTrips, JsonLinesOfTheSinksAreReadWithoutWhatIsNotFinite) {
  const TemporaryFolder folder;
  const auto tracks = sound_and_damaged();
  const auto live = make_jsonl_sink(folder / "live.jsonl", Overwrite::refuse, {});
  const auto converted = make_tracks_sink(folder / "converted.jsonl", Overwrite::refuse, {}, "jsonl");
  for (const auto& objects :
       {through(*live, folder / "live.jsonl", "jsonl"), through(*converted, folder / "converted.jsonl", "jsonl")}) {
    ASSERT_EQ(objects.size(), 2U);
    EXPECT_EQ(objects[0].shape, tracks[0].shape);
    EXPECT_EQ(objects[1].shape, (Shape{tracks[0].shape.mask, {{0, 0, 0}, {3, 4, 1}}, {}}));
  }
}

TEST(ShapeRoundTrips, OtherFilesOfTheSinksAreReadToo) {
  const TemporaryFolder folder;
  const auto tracks = sound_and_damaged();
  const auto mot = make_mot_sink(folder / "a.txt", Overwrite::refuse);
  const auto rows = through(*mot, folder / "a.txt", "mot");
  EXPECT_EQ(rows.at(0).shape.rotated, tracks[0].shape.rotated);
  EXPECT_FALSE(rows.at(1).shape.rotated);
  const auto coco = make_tracks_sink(folder / "a.json", Overwrite::refuse, {}, "coco");
  const auto points = through(*coco, folder / "a.json", "coco").at(1).shape.keypoints;
  EXPECT_EQ(points, (std::vector<Keypoint>{{0, 0, 0}, {3, 4, 1}}));
  const auto cvat = make_tracks_sink(folder / "a.xml", Overwrite::refuse, {}, "cvat");
  EXPECT_EQ(through(*cvat, folder / "a.xml", "cvat").size(), 2U);
}

}  // namespace
}  // namespace onepass::formats
