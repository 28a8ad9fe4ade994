// Runs onepass track with units whose outputs are folders, that replay their own detections, and that have secrets.
#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "support/core_dump.hpp"
#include "support/crossing_scene.hpp"
#include "support/ffmpeg.hpp"
#include "support/redis_server.hpp"
#include "support/run_program.hpp"
#include "support/temporary_folder.hpp"

namespace onepass::test {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using Json = nlohmann::json;

class Units : public testing::Test {
 protected:
  Units() : sequence_(write_crossing(folder_)), out_((folder_ / "out").string() + "/") {}

  ProgramResult run(std::vector<std::string> more) const {
    more.insert(more.begin(), "track");
    return run_onepass(more);
  }
  std::string detections() const { return sequence_ / "det/det.txt"; }
  std::string name() const { return sequence_.filename().string(); }
  Json output_in(const fs::path& manifest) const { return Json::parse(read_file(manifest))["outputs"][0]; }

  TemporaryFolder folder_;
  fs::path sequence_;
  std::string out_;
};

TEST_F(Units, AFolderOfFilesIsAnOutput) {
  const auto again = [&] {
    return run({"--source", sequence_, "--detections", detections(), "--save-tracks", out_, "--format", "yolo",
                "--skip-existing"});
  };
  const auto first = again();
  ASSERT_EQ(first.exit_code, 0) << first.err;
  const auto labels = fs::path(out_) / name();
  const auto file = labels / (name() + "_1.txt");
  const auto content = read_file(file);
  const auto output = output_in(out_ + name() + ".manifest.json");
  EXPECT_EQ(output["kind"], "tracks");
  EXPECT_EQ(output["file"], name());
  std::uintmax_t bytes = 0;
  for (const auto& entry : fs::directory_iterator(labels)) bytes += entry.file_size();
  EXPECT_EQ(output["bytes"], bytes);
  EXPECT_THAT(again().err, HasSubstr("is tracked already"));
  folder_.write("out/" + name() + "/" + name() + "_1.txt", "damaged");
  EXPECT_THAT(again().err, HasSubstr(name() + " has changed; the unit is tracked again"));
  EXPECT_EQ(read_file(file), content);
  fs::rename(file, labels / (name() + "_1111.txt"));
  EXPECT_THAT(again().err, HasSubstr("the unit is tracked again"));
  EXPECT_FALSE(fs::exists(labels / (name() + "_1111.txt")));
  EXPECT_THAT(again().err, HasSubstr("is tracked already"));
}

TEST_F(Units, CropsOfUnitsThatComeOneByOneAreInTheirOwnFolders) {
  const auto video = folder_ / "gray.mkv";
  ffmpeg({"-f", "lavfi", "-i", "testsrc2=size=960x540:rate=30:duration=2", video});
  const auto line = [&](const char* unit) {
    return Json{{"unit", unit}, {"source", video.string()}, {"detections", detections()}}.dump() + "\n";
  };
  const auto lines = folder_.write("lines", line("a") + line("b") + line("a"));
  const auto command = "'" ONEPASS_PROGRAM "' track --save-crops '" + out_ + "' --skip-existing --units - <'" +
                       lines.string() + "' >'" + (folder_ / "results").string() + "' 2>'" + (folder_ / "log").string() +
                       "'";
  fs::create_directories(out_);
  EXPECT_EQ(std::system(command.c_str()), 0) << read_file(folder_ / "log") << read_file(folder_ / "results");
  EXPECT_THAT(read_file(folder_ / "results"), HasSubstr("skipped"));
  const auto crops = read_file(out_ + "a/crops.csv");
  EXPECT_THAT(crops, HasSubstr("id000001_frame"));
  EXPECT_EQ(read_file(out_ + "b/crops.csv"), crops);
  EXPECT_EQ(output_in(out_ + "a.manifest.json")["crc32"], output_in(out_ + "b.manifest.json")["crc32"]);
}

TEST_F(Units, AreNamedAfterTheirSource) {
  const auto units = folder_.write(
      "units", Json{{"source", sequence_.string()}, {"detections", detections()}}.dump() + "\n" + "# a comment\n");
  const auto result = run({"--units", units, "--save-mot", out_});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_TRUE(fs::exists(out_ + name() + ".txt"));
}

TEST_F(Units, ThatAreMissingGiveTheSameErrorAsASourceAlone) {
  const auto none = (folder_ / "none.mp4").string();
  const std::vector<std::string> alone{"--source", none, "--detections", detections(), "--save-mot", out_};
  const auto expected = run(alone);
  EXPECT_EQ(expected.err, "onepass: " + none + ": no such file or folder\n");
  for (const std::vector<std::string>& more :
       {std::vector<std::string>{"--manifest", out_}, {"--skip-existing"}, {"--split", "5min"}, {"--jobs", "2"}}) {
    auto words = alone;
    words.insert(words.end(), more.begin(), more.end());
    const auto result = run(words);
    EXPECT_EQ(result.err, expected.err) << more.front();
    EXPECT_EQ(result.exit_code, expected.exit_code) << more.front();
  }
  const auto other =
      run({"--units", folder_.write("units", Json{{"source", sequence_.string()}, {"detections", none}}.dump() + "\n"),
           "--save-mot", out_});
  EXPECT_EQ(other.err, "onepass: " + none + ": no such file\n");
}

TEST_F(Units, ReplayTheirOwnDetections) {
  const auto copy = folder_ / "copy";
  fs::copy(sequence_, copy, fs::copy_options::recursive);
  const auto error_of = [&](const std::string& text, const std::vector<std::string>& more) {
    std::vector<std::string> arguments{"--units", folder_.write("units", text), "--save-mot", out_};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const auto result = run(arguments);
    EXPECT_EQ(result.exit_code, 2) << result.err;
    EXPECT_EQ(std::ranges::count(result.err, '\n'), 1) << result.err;
    return result.err;
  };
  const auto two = sequence_.string() + "\n" + copy.string() + "\n";
  EXPECT_THAT(error_of(two, {"--detections", detections()}),
              HasSubstr("copy: --detections can be used with only one source; give each unit its \"detections\""));
  EXPECT_THAT(error_of(two, {}), HasSubstr("this unit has no \"detections\""));
  const auto with = [&](const fs::path& source) {
    return Json{{"source", source.string()}, {"detections", (source / "det/det.txt").string()}}.dump() + "\n";
  };
  EXPECT_THAT(error_of(with(copy), {"--model", folder_.write("m.pt", "")}),
              HasSubstr("has \"detections\", which a --model does not use"));
  EXPECT_THAT(error_of(with(copy), {"--conf", "0.5"}), HasSubstr("no effect with --detections"));
  EXPECT_EQ(run({"--units", folder_.write("units", with(sequence_) + with(copy)), "--save-mot", out_}).exit_code, 0);
  EXPECT_NE(read_file(out_ + name() + ".txt"), "");
}

TEST_F(Units, SayWhatTheFormatLosesOnce) {
  const auto copy = folder_ / "copy";
  fs::copy(sequence_, copy, fs::copy_options::recursive);
  std::string lines;
  for (const auto& source : {sequence_, copy})
    lines += Json{{"source", source.string()}, {"detections", detections()}}.dump() + "\n";
  const auto units = folder_.write("units", lines);
  const std::vector<std::string> outputs{"--save-tracks", out_, "--format", "label-studio"};
  std::vector<std::string> plain{"--source", sequence_, "--detections", detections()};
  std::vector<std::string> batch{"--units", units, "--overwrite"};
  for (auto* each : {&plain, &batch}) each->insert(each->end(), outputs.begin(), outputs.end());
  const auto warnings_in = [](const std::string& text) {
    std::string found;
    std::istringstream stream(text);
    for (std::string line; std::getline(stream, line);) {
      if (line.starts_with("onepass: warning: --save-tracks")) found += line + "\n";
    }
    return found;
  };
  const auto expected = warnings_in(run(plain).err);
  EXPECT_NE(expected, "");
  EXPECT_EQ(warnings_in(run(batch).err), expected);
}

TEST_F(Units, LeaveNoCoreDumpWithTheAddressesOfAList) {
  constexpr int endless = 1'000'000;
  write_crossing(folder_, endless);
  const auto leaves_one = [&](const std::string& option, const std::string& value) {
    fs::remove_all(out_);
    return leaves_core_dump({"track", "--detections", detections(), "--save-mot", out_, option, value},
                            [&](const std::string&) { return fs::exists(out_ + name() + ".txt.part"); });
  };
  if (!leaves_one("--source", sequence_)) GTEST_SKIP() << "this system writes no core dumps";
  EXPECT_FALSE(leaves_one("--units", folder_.write("units", sequence_.string() + "\n")));
}

TEST(MemoryErase, LeavesNoCoreDumpWithThePassword) {
  if (!has_redis()) GTEST_SKIP() << no_redis;
  const TemporaryFolder folder;
  sockaddr_in address{.sin_family = AF_INET, .sin_port = 0, .sin_addr = {htonl(INADDR_LOOPBACK)}, .sin_zero = {}};
  socklen_t size = sizeof address;
  const int silent = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  ASSERT_EQ(::bind(silent, reinterpret_cast<sockaddr*>(&address), size), 0);
  ASSERT_EQ(::listen(silent, 5), 0);
  ASSERT_EQ(::getsockname(silent, reinterpret_cast<sockaddr*>(&address), &size), 0);
  const auto leaves_one = [&](std::vector<std::string> more) {
    const auto site = "redis://127.0.0.1:" + std::to_string(ntohs(address.sin_port)) + "/campus";
    more.insert(more.begin(), {"memory", "erase", "--memory", site, "1"});
    return leaves_core_dump(more, [&](const std::string&) {
      pollfd called{silent, POLLIN, 0};
      if (::poll(&called, 1, 0) <= 0) return false;
      ::close(::accept(silent, nullptr, nullptr));
      return true;
    });
  };
  if (!leaves_one({})) GTEST_SKIP() << "this system writes no core dumps";
  EXPECT_FALSE(leaves_one({"--redis-password-file", folder.write("password", "secret\n")}));
}

}  // namespace
}  // namespace onepass::test
