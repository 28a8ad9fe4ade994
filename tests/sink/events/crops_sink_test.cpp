#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <opencv2/imgcodecs.hpp>

#include "onepass/track_files.hpp"
#include "support/message_of.hpp"
#include "support/temporary_folder.hpp"

namespace onepass {
namespace {

using test::message_of;
using test::read_file;
using test::TemporaryFolder;
using testing::ElementsAre;
using testing::HasSubstr;

std::vector<std::string> pictures(const std::filesystem::path& folder) {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() == ".jpg") names.push_back(entry.path().filename().string());
  }
  std::ranges::sort(names);
  return names;
}

Frame frame_of(std::int64_t index) {
  Frame frame;
  frame.index = index;
  frame.image = cv::Mat(200, 300, CV_8UC3, cv::Scalar(10, 200, 90));
  frame.size = frame.image.size();
  return frame;
}

Track track_of(std::int64_t id, float height, float score, BoxOrigin origin = BoxOrigin::detected) {
  return {.id = id, .box = {50, 20, 40, height}, .score = score, .origin = origin};
}

StreamInfo stream_info() {
  StreamInfo info;
  info.source.name = "s";
  info.class_names = {"person"};
  return info;
}

const StreamInfo stream = stream_info();

/// Identity 1 is seen best in frame 2; a picture of a predicted box would show something else.
void write_scene(TrackSink& sink) {
  sink.write(frame_of(0), std::vector<Track>{track_of(1, 50, 0.5F), track_of(7, 80, 0.9F)});
  sink.write(frame_of(1), std::vector<Track>{track_of(1, 100, 0.9F)});
  sink.write(frame_of(2), std::vector<Track>{track_of(1, 100, 0.92F)});
  sink.write(frame_of(3), std::vector<Track>{track_of(1, 170, 1, BoxOrigin::predicted)});
  sink.close();
}

TEST(CropsSink, KeepsTheBestViewOfEveryIdentity) {
  const TemporaryFolder folder;
  write_scene(*make_crops_sink(folder / "crops", Overwrite::refuse, stream, CropChoice::best));
  EXPECT_THAT(pictures(folder / "crops"), ElementsAre("id000001_frame000002.jpg", "id000007_frame000001.jpg"));
  EXPECT_EQ(read_file(folder / "crops" / "crops.csv"),
            "file,frame,id,class,class_name,left,top,width,height,score,quality\n"
            "id000001_frame000002.jpg,2,1,0,person,50.00,20.00,40.00,100.00,0.9000,90.00\n"
            "id000007_frame000001.jpg,1,7,0,person,50.00,20.00,40.00,80.00,0.9000,72.00\n");
  const auto picture = cv::imread((folder / "crops" / "id000001_frame000002.jpg").string());
  EXPECT_EQ(picture.size(), cv::Size(52, 112)) << "the box with a margin of 6 pixels";
  EXPECT_LT(cv::norm(picture.at<cv::Vec3b>(50, 20), cv::Vec3b(10, 200, 90)), 12);
}

TEST(CropsSink, KeepsAllDetectedBoxes) {
  const TemporaryFolder folder;
  write_scene(*make_crops_sink(folder / "crops", Overwrite::refuse, stream, CropChoice::all));
  EXPECT_EQ(pictures(folder / "crops").size(), 4U);
}

TEST(CropsSink, ListsPicturesBeforeItIsComplete) {
  for (const auto choice : {CropChoice::best, CropChoice::all}) {
    const TemporaryFolder folder;
    const auto sink = make_crops_sink(folder / "crops", Overwrite::refuse, stream, choice);
    sink->write(frame_of(0), std::vector<Track>{track_of(1, 50, 0.5F)});
    EXPECT_THAT(read_file(folder / "crops/crops.csv.part"),
                HasSubstr("quality\nid000001_frame000001.jpg,1,1,0,person,"));
    sink->close();
    EXPECT_FALSE(std::filesystem::exists(folder / "crops/crops.csv.part"));
  }
}

TEST(CropsSink, EveryListedPictureExistsBeforeItIsComplete) {
  const TemporaryFolder folder;
  const auto sink = make_crops_sink(folder / "crops", Overwrite::refuse, stream, CropChoice::best);
  sink->write(frame_of(0), std::vector<Track>{track_of(1, 50, 0.5F)});
  sink->write(frame_of(1), std::vector<Track>{track_of(1, 100, 0.9F)});
  const auto list = read_file(folder / "crops/crops.csv.part");
  const auto row = list.find('\n') + 1;
  EXPECT_TRUE(std::filesystem::exists(folder / "crops" / list.substr(row, list.find(',', row) - row))) << list;
  sink->close();
  EXPECT_THAT(pictures(folder / "crops"), ElementsAre("id000001_frame000002.jpg"));
}

TEST(CropsSink, AListWithoutPicturesHasItsHeader) {
  for (const auto choice : {CropChoice::best, CropChoice::all}) {
    const TemporaryFolder folder;
    make_crops_sink(folder / "crops", Overwrite::refuse, stream, choice)->close();
    EXPECT_EQ(read_file(folder / "crops/crops.csv"),
              "file,frame,id,class,class_name,left,top,width,height,score,quality\n");
  }
}

TEST(CropsSink, ReplacesAnEarlierRunOnlyIfAsked) {
  const TemporaryFolder folder;
  folder.write("crops/id000099_frame000001.jpg", "old");
  folder.write("crops/mine.txt", "kept");
  const auto make = [&](Overwrite overwrite) {
    return make_crops_sink(folder / "crops", overwrite, stream, CropChoice::best);
  };
  EXPECT_THAT(message_of([&] { make(Overwrite::refuse); }), HasSubstr("already exists (setting: overwrite)"));
  write_scene(*make(Overwrite::replace));
  EXPECT_EQ(pictures(folder / "crops").size(), 2U);
  EXPECT_EQ(read_file(folder / "crops" / "mine.txt"), "kept");
}

TEST(CropsSink, NeedsImages) {
  const TemporaryFolder folder;
  const auto sink = make_crops_sink(folder / "crops", Overwrite::refuse, stream, CropChoice::best);
  EXPECT_THAT(message_of([&] { sink->write({}, {}); }), HasSubstr("crops need images"));
}

}  // namespace
}  // namespace onepass
