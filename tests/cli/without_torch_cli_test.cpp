// The program of a build without LibTorch: its messages if a model is needed, and the libraries that it loads.
#include <cstdio>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/crossing_scene.hpp"
#include "support/run_program.hpp"
#include "support/temporary_folder.hpp"

namespace onepass::test {
namespace {

using testing::HasSubstr;
using testing::Not;

/// The libraries that the dynamic linker loads for the program.
std::string loaded_libraries() {
  std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen("ldd '" ONEPASS_PROGRAM "'", "r"), pclose);
  std::string text;
  for (int c = 0; pipe && (c = fgetc(pipe.get())) != EOF;) text += static_cast<char>(c);
  return text;
}

TEST(WithoutTorch, TheProgramLoadsNoLibTorch) {
  const auto libraries = loaded_libraries();
  EXPECT_THAT(libraries, HasSubstr("libopencv_core"));
  EXPECT_THAT(libraries, Not(HasSubstr("libtorch")));
  EXPECT_THAT(libraries, Not(HasSubstr("libc10")));
}

TEST(WithoutTorch, AModelIsRefusedInOneLineWithARemedy) {
  const TemporaryFolder folder;
  const auto sequence = write_crossing(folder);
  folder.write("crossing/img1/000001.jpg", "");
  const std::string model = ONEPASS_TEST_DATA "/tiny_v8.pt";
  const std::vector<std::vector<std::string>> runs = {
      {"track", "--source", sequence, "--model", model},
      {"track", "--source", sequence, "--live", "--model", model},
      {"benchmark", "--data", folder.path(), "--model", model, "--out", folder / "out"}};
  for (const auto& arguments : runs) {
    const auto result = run_onepass(arguments);
    EXPECT_EQ(result.exit_code, 1);
    EXPECT_EQ(result.err, "onepass: " + model +
                              ": this build of onepass has no LibTorch and runs no models; install libtorch-dev and "
                              "configure with -DONEPASS_WITH_TORCH=ON, or replay detections from a file\n")
        << arguments.front();
  }
}

TEST(WithoutTorch, TheLaboratoryIsNotThere) {
  for (const std::string command : {"inspect", "embed", "visualize", "tsne", "compare", "reid-eval", "calibrate"}) {
    const auto result = run_onepass({command, "--model", "m.pt", "--any", "thing"});
    EXPECT_EQ(result.exit_code, 2) << command;
    EXPECT_EQ(result.err, "onepass: there is no command '" + command +
                              "': this build of onepass has no LibTorch; install libtorch-dev and configure with "
                              "-DONEPASS_WITH_TORCH=ON\n");
  }
  const auto help = run_onepass({"--help"}).out;
  EXPECT_THAT(help, HasSubstr("  track "));
  EXPECT_THAT(help, Not(HasSubstr("  embed ")));
}

TEST(WithoutTorch, TracksGivenDetections) {
  const TemporaryFolder folder;
  const auto sequence = write_crossing(folder);
  const auto result = run_onepass(
      {"track", "--source", sequence, "--detections", sequence / "det/det.txt", "--save-mot", folder / "out.txt"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(read_file(folder / "out.txt"), HasSubstr("\n100,3,"));  // the third person, in the last frame
}

}  // namespace
}  // namespace onepass::test
