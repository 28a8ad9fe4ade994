#include "support/crossing_scene.hpp"

#include <fmt/format.h>

namespace onepass::test {
namespace {

struct Person {
  int id;
  int left, top;
};

/// All people of a frame, detected or not.
std::vector<Person> people_at(int frame) {
  std::vector<Person> people = {{1, 100 + 5 * frame, 200}, {2, 700 - 5 * frame, 240}};
  if (frame >= 30) people.push_back({3, 900, 500});
  return people;
}

bool detected(const Person& person, int frame) {
  const bool hidden = person.id == 2 && frame >= 40 && frame <= 44;
  return frame != 50 && !hidden;
}

std::string detection_rows(int down) {
  std::string text;
  for (int frame = 1; frame <= 100; ++frame) {
    for (const auto& person : people_at(frame)) {
      if (!detected(person, frame)) continue;
      text += fmt::format("{},-1,{},{},60,150,0.9,-1,-1,-1\n", frame, person.left, person.top + down);
    }
  }
  return text;
}

std::string truth_rows(int down) {
  std::string text;
  for (int frame = 1; frame <= 100; ++frame) {
    for (const auto& person : people_at(frame))
      text += fmt::format("{},{},{},{},60,150,1,1,1\n", frame, person.id, person.left, person.top + down);
  }
  return text;
}

void write_sequence(const TemporaryFolder& folder, const std::string& path, int frames, int down) {
  folder.write(path + "/det/det.txt", detection_rows(down));
  folder.write(path + "/seqinfo.ini",
               fmt::format("[Sequence]\nname={}\nimDir=img1\nframeRate=30\nseqLength={}\nimWidth=1280\n"
                           "imHeight=720\nimExt=.jpg\n",
                           std::filesystem::path(path).filename().string(), frames));
}

}  // namespace

std::filesystem::path write_crossing(const TemporaryFolder& folder, int frames) {
  write_sequence(folder, "crossing", frames, 0);
  return folder / "crossing";
}

std::filesystem::path write_crossing_benchmark(const TemporaryFolder& folder, const std::vector<std::string>& names) {
  int down = 0;
  for (const auto& name : names) {
    write_sequence(folder, "benchmark/" + name, 100, down);
    folder.write("benchmark/" + name + "/gt/gt.txt", truth_rows(down));
    down += 10;
  }
  return folder / "benchmark";
}

std::vector<std::string> replay(const std::filesystem::path& sequence, const std::vector<std::string>& more) {
  std::vector<std::string> arguments = {"track", "--source", sequence, "--detections", sequence / "det/det.txt"};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return arguments;
}

}  // namespace onepass::test
