// Tracks generated cameras in real time with a memory, which a site may share with other processes.
// Usage: watch_cameras REDIS_URL|none START_MS SPEED SECONDS OUTPUT CAMERA...
// START_MS is the time of the first frame (Unix time in ms), the same in all processes; a process that starts later
// begins with the frame of that moment. A SPEED of 0 tracks all frames without waiting. Cameras are numbered from 0
// to 5. Every line of the output is a track in a frame: camera, frame, id of the track, number of the person.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "onepass/memory_store.hpp"
#include "onepass/tracker.hpp"
#include "scene/scene.hpp"

namespace {

using Clock = std::chrono::system_clock;

constexpr double frame_rate = 10;
constexpr int embedding_length = 64;

onepass::scene::SceneSettings settings_of(int camera, double seconds) {
  onepass::scene::SceneSettings settings;
  settings.seed = 7;
  settings.size = {256, 160};
  settings.frame_rate = frame_rate;
  settings.frames = static_cast<int>(seconds * frame_rate);
  settings.objects = 24;
  settings.vehicle_share = 0;
  settings.resident_share = 0;
  settings.returning_share = 1;
  settings.absence_s = 3;
  settings.group_share = 0;
  settings.road = false;
  settings.cameras = 6;
  settings.camera_number = camera;
  return settings;
}

onepass::Embedding unit_vector(std::mt19937& random) {
  std::normal_distribution<float> normal;
  onepass::Embedding result(embedding_length);
  for (auto& value : result) value = normal(random);
  return result.normalized();
}

/// The same for a person in every process.
onepass::Embedding look_of(int person) {
  std::mt19937 random(static_cast<unsigned>(person));
  return unit_vector(random);
}

struct Watched {
  int number;
  onepass::scene::Renderer renderer;
  onepass::Tracker tracker;
  std::mt19937 noise;
};

void watch(Watched& camera, int index, std::ofstream& output) {
  std::vector<onepass::Detection> detections;
  std::vector<int> people;
  for (const auto& truth : camera.renderer.render(index).truth) {
    if (truth.visibility < 0.5) continue;
    onepass::Detection detection;
    detection.box = {static_cast<float>(truth.box.x), static_cast<float>(truth.box.y),
                     static_cast<float>(truth.box.width), static_cast<float>(truth.box.height)};
    detection.score = 0.9F;
    detection.embedding = (look_of(truth.identity) + 0.5F * unit_vector(camera.noise)).normalized();
    detections.push_back(detection);
    people.push_back(truth.identity);
  }
  onepass::Frame frame;
  frame.index = index;
  frame.time = onepass::Timestamp(index / frame_rate);
  frame.size = camera.renderer.scene().settings.size;
  for (const auto& track : camera.tracker.update(detections, frame)) {
    if (track.detection < 0) continue;
    output << camera.number << ' ' << index << ' ' << track.id << ' '
           << people[static_cast<std::size_t>(track.detection)] << std::endl;
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 7) return 2;
  const std::string url = argv[1];
  const Clock::time_point start{std::chrono::milliseconds(std::stoll(argv[2]))};
  const double speed = std::stod(argv[3]);
  const double seconds = std::stod(argv[4]);
  std::ofstream output(argv[5], std::ios::app);
  onepass::TrackerConfig config;
  config.memory.enabled = true;
  config.memory.capacity = 200;
  const auto memory = std::make_shared<onepass::Memory>(config.memory);
  std::unique_ptr<onepass::MemoryStore> store;
  if (url != "none") {
    onepass::MemoryStoreOptions options;
    options.redis.address = onepass::parse_redis_address(url);
    options.space = "generated people";
    options.warn = [](const std::string& line) { std::fprintf(stderr, "%s\n", line.c_str()); };
    store = std::make_unique<onepass::MemoryStore>(options, memory);
  }
  std::vector<std::unique_ptr<Watched>> cameras;
  for (int i = 6; i < argc; ++i) {
    const int number = std::stoi(argv[i]);
    cameras.push_back(std::make_unique<Watched>(
        Watched{number, onepass::scene::Renderer(onepass::scene::make_scene(settings_of(number, seconds))),
                onepass::Tracker(config, frame_rate, memory), std::mt19937(static_cast<unsigned>(number))}));
  }
  const auto time_of = [&](int index) {
    return start + std::chrono::duration_cast<Clock::duration>(
                       std::chrono::duration<double>(index / frame_rate / std::max(speed, 1e-3)));
  };
  for (int index = 0; index < static_cast<int>(seconds * frame_rate); ++index) {
    if (speed > 0 && time_of(index + 1) < Clock::now()) continue;  // this moment has passed
    if (speed > 0) std::this_thread::sleep_until(time_of(index));
    for (auto& camera : cameras) watch(*camera, index, output);
  }
  for (auto& camera : cameras) camera->tracker.finish();
}
