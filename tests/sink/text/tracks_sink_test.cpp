#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "formats/registry.hpp"
#include "onepass/track_files.hpp"
#include "support/message_of.hpp"
#include "support/temporary_folder.hpp"

namespace onepass {
namespace {

using test::message_of;
using test::TemporaryFolder;

StreamInfo street(double frame_rate, std::vector<std::string> class_names) {
  StreamInfo info;
  info.source.name = "street";
  info.source.frame_rate = frame_rate;
  info.class_names = std::move(class_names);
  return info;
}

TEST(TracksSink, WritesWhatItsFormatKeeps) {
  const TemporaryFolder folder;
  const auto stream = street(12.5, {"person", "car"});
  const auto sink = make_tracks_sink(folder / "a.json", Overwrite::refuse, stream, "coco");
  Frame frame;
  frame.index = 4;
  frame.size = {640, 480};
  sink->write(frame, std::vector<Track>{{.id = 3, .box = {1.23456F, 2, 30, 40}, .class_id = 1, .score = 0.876543F}});
  sink->close();
  const auto read = formats::read(folder / "a.json", formats::format_named("coco"), {});
  ASSERT_EQ(read.objects.size(), 1U);
  EXPECT_EQ(read.objects[0].frame, 5);
  EXPECT_EQ(read.objects[0].id, 3);
  EXPECT_EQ(read.objects[0].left, 1.23) << "two decimals, as in other files of tracks";
  EXPECT_EQ(read.objects[0].score, 0.8765);
  EXPECT_EQ(formats::class_name(read.class_names, read.objects[0].class_id), "car");
  EXPECT_EQ(read.name, "street");
  EXPECT_EQ(read.size, cv::Size(640, 480));
}

TEST(TracksSink, KeepsItsRowsUntilTheFileIsComplete) {
  const TemporaryFolder folder;
  const auto sink = make_tracks_sink(folder / "a.xml", Overwrite::refuse, street(25, {"person"}), "cvat");
  Frame frame;
  frame.size = {640, 480};
  const std::vector<Track> tracks{{.id = 3, .box = {1, 2, 30, 40}}};
  for (; frame.index < 5; ++frame.index) sink->write(frame, tracks);
  const auto rows = formats::read(folder / "a.xml.part.jsonl", formats::format_named("jsonl"), {});
  EXPECT_EQ(rows.objects.size(), 5U);
  EXPECT_EQ(rows.name, "street");
  sink->close();
  EXPECT_EQ(formats::read(folder / "a.xml", formats::format_named("cvat"), {}).objects.size(), 5U);
  EXPECT_EQ(std::ranges::distance(std::filesystem::directory_iterator(folder.path())), 1) << "nothing else remains";
}

TEST(TracksSink, KeepsItsRowsIfTheFileCannotBeCompleted) {
  const TemporaryFolder folder;
  auto sink = make_tracks_sink(folder / "a.xml", Overwrite::refuse, street(25, {"person"}), "cvat");
  Frame frame;
  frame.size = {640, 480};
  for (; frame.index < 5; ++frame.index) sink->write(frame, std::vector<Track>{{.id = 3, .box = {1, 2, 30, 40}}});
  std::filesystem::create_directory(folder / "a.xml");  // in the way of the file
  EXPECT_THROW(sink->close(), std::runtime_error);
  sink.reset();
  const auto rows = formats::read(folder / "a.xml.part.jsonl", formats::format_named("jsonl"), {});
  EXPECT_EQ(rows.objects.size(), 5U);
}

TEST(TracksSink, ReplacesTheRowsOfAKilledRunOnlyIfAsked) {
  const TemporaryFolder folder;
  folder.write("a.xml.part.jsonl", "of a run that was killed");
  const auto make = [&](Overwrite overwrite) {
    return make_tracks_sink(folder / "a.xml", overwrite, street(25, {"person"}), "cvat");
  };
  EXPECT_EQ(message_of([&] { make(Overwrite::refuse); }),
            (folder / "a.xml.part.jsonl").string() + ": holds the frames of a run that did not complete " +
                (folder / "a.xml").string() + "; convert it to that file, or remove it (setting: overwrite)");
  make(Overwrite::replace)->close();  // a run without a frame
  EXPECT_EQ(test::read_file(folder / "a.xml.part.jsonl"), "of a run that was killed");
  std::filesystem::remove(folder / "a.xml");
  const auto sink = make(Overwrite::replace);
  Frame frame;
  frame.size = {640, 480};
  sink->write(frame, {});
  EXPECT_THAT(test::read_file(folder / "a.xml.part.jsonl"), testing::StartsWith("{"));
  sink->close();
  EXPECT_FALSE(std::filesystem::exists(folder / "a.xml.part.jsonl"));
}

TEST(TracksSink, AFailureOfItsRowsIsReportedAtTheEnd) {
  const TemporaryFolder folder;
  const auto sink = make_tracks_sink(folder / "a.xml", Overwrite::refuse, street(25, {"person"}), "cvat");
  Frame frame;
  frame.size = {640, 480};
  for (; frame.index < 5; ++frame.index) {
    sink->write(frame, std::vector<Track>{{.id = 3, .box = {1, 2, 30, 40}}});
    if (frame.index == 1) std::filesystem::remove(folder / "a.xml.part.jsonl");
  }
  EXPECT_EQ(message_of([&] { sink->close(); }),
            (folder / "a.xml.part.jsonl").string() + ": cannot be written: it has been removed");
  EXPECT_EQ(formats::read(folder / "a.xml", formats::format_named("cvat"), {}).objects.size(), 5U);
}

TEST(TracksSink, AnUnknownFormatListsAll) {
  EXPECT_THAT(message_of([] { make_tracks_sink("a", Overwrite::refuse, {}, "pascal"); }),
              testing::HasSubstr("'pascal' is not a format; expected coco"));
}

TEST(TracksSink, LeavesNoFileWithoutFrames) {
  const TemporaryFolder folder;
  for (const std::string format : {"coco", "cvat", "label-studio", "scalabel", "mot"})
    make_tracks_sink(folder / format, Overwrite::refuse, {}, format);
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

TEST(TracksSink, MasksOfMotsAreDisjointAndHaveItsClasses) {
  const TemporaryFolder folder;
  const auto stream = street(25, {"person", "bicycle", "car"});
  const auto sink = make_tracks_sink(folder / "a.txt", Overwrite::refuse, stream, "mots");
  const auto track = [](std::int64_t id, int class_id, float score, std::vector<std::uint32_t> runs) {
    Track result;
    result.id = id;
    result.class_id = class_id;
    result.score = score;
    result.shape.mask = {4, 2, std::move(runs)};
    return result;
  };
  const std::vector<Track> tracks{track(1, 0, 0.5F, {0, 6, 2}), track(2, 2, 0.9F, {2, 2, 4}), track(3, 1, 0.9F, {6, 2}),
                                  track(4, 0, 0.4F, {2, 2, 4})};
  sink->write({}, tracks);
  sink->close();
  const auto read = formats::read(folder / "a.txt", formats::format_named("mots"), {}).objects;
  ASSERT_EQ(read.size(), 2U) << "no bicycle, and nothing is left of track 4";
  EXPECT_EQ(read[0].id, 1);
  EXPECT_EQ(read[0].class_id, 2);
  EXPECT_EQ(read[0].shape.mask, (Mask{4, 2, {0, 2, 2, 2, 2}})) << "the car has a higher score";
  EXPECT_EQ(read[1].class_id, 1);
  EXPECT_EQ(read[1].shape.mask, (Mask{4, 2, {2, 2, 4}}));
}

}  // namespace
}  // namespace onepass
