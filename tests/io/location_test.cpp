#include "io/location.hpp"

#include <gtest/gtest.h>

namespace onepass::io {
namespace {

TEST(Location, TellsCamerasAndUrlsFromPaths) {
  EXPECT_TRUE(is_camera("0"));
  EXPECT_TRUE(is_camera("12"));
  EXPECT_FALSE(is_camera(""));
  EXPECT_FALSE(is_camera("./0"));
  EXPECT_FALSE(is_camera("-1"));
  EXPECT_TRUE(is_url("rtsp://host/stream"));
  EXPECT_FALSE(is_url("C:/video.mp4"));
  EXPECT_FALSE(is_url("folder/video.mp4"));
  EXPECT_TRUE(is_pipeline("videotestsrc ! appsink"));
  EXPECT_FALSE(is_pipeline("wow!.mp4"));
}

TEST(Location, NeverShowsUserAndPassword) {
  EXPECT_EQ(without_credentials("rtsp://user:secret@host:554/a/b"), "rtsp://host:554/a/b");
  EXPECT_EQ(without_credentials("rtsp://secret@host"), "rtsp://host");
  EXPECT_EQ(without_credentials("rtsp://user:p@ss@host/a"), "rtsp://host/a");
  EXPECT_EQ(without_credentials("rtsp://user:p/s?s#w@host/a"), "rtsp://host/a");
  EXPECT_EQ(without_credentials("rtsp://user:@host/a"), "rtsp://host/a");
  EXPECT_EQ(without_credentials("http://host/stream?user=a&password=secret"), "http://host/stream");
  EXPECT_EQ(without_credentials("http://host/stream#secret"), "http://host/stream");
  EXPECT_EQ(without_credentials("rtsp://host/user=admin&password=secret&channel=1.sdp"), "rtsp://host/…");
  EXPECT_EQ(without_credentials("rtsp://host:554/cam/admin&secret/1?a=b"), "rtsp://host:554/…");
  EXPECT_EQ(without_credentials("http://host:80/a?password=p@secret"), "http://…");
  EXPECT_EQ(without_credentials("rtsp://user:12/3=4@host/a"), "rtsp://…");
  EXPECT_EQ(without_credentials("rtsp://password=secret"), "rtsp://password/…");
}

TEST(Location, NeverShowsThePropertiesOfAPipeline) {
  EXPECT_EQ(without_credentials("rtspsrc location=rtsp://u:secret@host/a user-pw=secret ! decodebin ! appsink"),
            "rtspsrc ! decodebin ! appsink");
  EXPECT_EQ(without_credentials("souphttpsrc user-id=\"a ! secret\" ! appsink").find("user-id"), std::string::npos);
}

TEST(Location, ShowsTheRestAsItIs) {
  EXPECT_EQ(without_credentials("http://host:8080/a/b.m3u8"), "http://host:8080/a/b.m3u8");
  EXPECT_EQ(without_credentials("http://host/@channel"), "http://host/@channel");
  EXPECT_EQ(without_credentials("a folder/user@host.mp4"), "a folder/user@host.mp4");
}

TEST(Location, NamesUrlsByTheirHost) {
  EXPECT_EQ(url_name("rtsp://user:secret@camera.example:554/a"), "camera.example");
  EXPECT_EQ(url_name("rtsp://10.0.0.7/a"), "10.0.0.7");
  EXPECT_EQ(url_name("rtsp://10.0.0.7/user=admin&password=secret"), "10.0.0.7");
  EXPECT_EQ(url_name("rtsp://user:secret@[fe80::1]:554/a"), "fe80::1");
  EXPECT_EQ(url_name("file:///videos/street.mp4"), "street");
  EXPECT_EQ(url_name("rtsp://"), "stream");
  EXPECT_EQ(url_name("http://host:80/a?password=p@secret"), "stream");
}

TEST(Location, NamesFoldersByTheirLastPart) {
  EXPECT_EQ(folder_name("a/b"), "b");
  EXPECT_EQ(folder_name("a/b/"), "b");
  EXPECT_EQ(folder_name("a/b/."), "b");
  EXPECT_EQ(folder_name("/"), "root");
  EXPECT_EQ(folder_name("."), std::filesystem::current_path().filename().string());
}

}  // namespace
}  // namespace onepass::io
