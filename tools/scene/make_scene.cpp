// make_scene: writes a synthetic sequence with ground truth, or single images for training.
#include <chrono>
#include <cstdio>
#include <iostream>
#include <map>

#include <fmt/format.h>
#include <CLI/CLI.hpp>
#include <opencv2/videoio.hpp>

#include "scene/mot_writer.hpp"
#include "scene/scene.hpp"

namespace {

using namespace onepass::scene;
namespace fs = std::filesystem;

struct Options {
  std::string folder;
  SceneSettings settings;
  int training = 0;
  MotWriterOptions files;
  std::string video;
  bool overwrite = false;
};

constexpr const char* examples = R"(
Examples:
  make_scene street --seed 3 --frames 500 --objects 25 --video street.mp4
  make_scene night --lighting night --camera handheld --size 1280x720 --fps 30
  make_scene visitors --returning 0.6 --absence 5 --alike 0.5
  make_scene door --returning 0.6 --cameras 2 --size 480x288 --lighting dusk --camera-number 1
  make_scene ballet --dancers 1 --alike 1 --no-road --vehicles 0 --camera shaking
  make_scene images --training 20000 --seed 1          single images, each of its own scene

Class numbers in gt.txt are those of MOTChallenge: 1 pedestrian, 2 rider, 3 car, 4 bicycle; 6 stands for a truck.)";

cv::Size parse_size(const std::string& text) {
  int width = 0;
  int height = 0;
  char rest = 0;
  if (std::sscanf(text.c_str(), "%dx%d%c", &width, &height, &rest) != 2)
    throw std::runtime_error(fmt::format("--size: '{}' is not a size such as 640x384", text));
  return {width, height};
}

/// Logs the progress in steps of 10 %.
class Progress {
 public:
  explicit Progress(int total) : total_(total) {}
  void update(int done) {
    if (done * 10 / total_ == (done - 1) * 10 / total_) return;
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
    std::cerr << fmt::format("make_scene: {} of {} images, {:.0f} per second\n", done, total_, done / seconds);
  }

 private:
  int total_;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

/// With --overwrite, deletes the previous sequence, but only in a folder that contains one.
MotWriter open(const Options& options) {
  const fs::path folder(options.folder);
  if (options.overwrite && fs::exists(folder / "seqinfo.ini")) {
    fs::remove_all(folder / "img1");
    fs::remove_all(folder / "gt");
    fs::remove(folder / "seqinfo.ini");
  }
  return MotWriter(folder, options.files);
}

/// H.264 if OpenCV's FFmpeg supports it, else MPEG-4.
cv::VideoWriter open_video(const Options& options) {
  cv::VideoWriter video;
  for (const char* codec : {"avc1", "mp4v"}) {
    const int code = cv::VideoWriter::fourcc(codec[0], codec[1], codec[2], codec[3]);
    if (video.open(options.video, cv::CAP_FFMPEG, code, options.settings.frame_rate, options.settings.size))
      return video;
  }
  throw std::runtime_error(fmt::format("{}: cannot be written as a video", options.video));
}

void write_training(const Options& options) {
  auto writer = open(options);
  Progress progress(options.training);
  for (int i = 0; i < options.training; ++i) {
    const auto seed = options.settings.seed * 1'000'003 + static_cast<std::uint64_t>(i);
    Renderer renderer(make_scene(training_settings(seed, options.settings.size)));
    writer.write(renderer.render(renderer.scene().settings.frames / 2));
    progress.update(i + 1);
  }
  writer.close(1);
}

void write_sequence(const Options& options) {
  Renderer renderer(make_scene(options.settings));
  auto writer = open(options);
  cv::VideoWriter video;
  if (!options.video.empty()) video = open_video(options);
  Progress progress(options.settings.frames);
  for (int frame = 0; frame < options.settings.frames; ++frame) {
    const auto picture = renderer.render(frame);
    writer.write(picture);
    if (video.isOpened()) video.write(picture.image);
    progress.update(frame + 1);
  }
  writer.close(options.settings.frame_rate);
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  auto& settings = options.settings;
  std::string size = "640x384";
  CLI::App app("make_scene: generates a street or square with exact ground truth", "make_scene");
  app.footer(examples);
  app.get_formatter()->column_width(34);
  const std::map<std::string, CameraMotion> cameras{{"static", CameraMotion::steady},
                                                    {"pan", CameraMotion::pan},
                                                    {"handheld", CameraMotion::handheld},
                                                    {"shaking", CameraMotion::shaking}};
  const std::map<std::string, Lighting> lightings{
      {"day", Lighting::day}, {"overcast", Lighting::overcast}, {"dusk", Lighting::dusk}, {"night", Lighting::night}};
  app.add_option("folder", options.folder, "Output folder of the sequence: img1, gt/gt.txt, seqinfo.ini")->required();
  app.add_option("--seed", settings.seed, "Same seed, settings and compiler give the same bytes")
      ->capture_default_str();
  app.add_option("--training", options.training, "Write this many single images of widely varied scenes")
      ->check(CLI::Range(1, 999'999));
  app.add_option("--size", size, "Image size WxH in pixels")->capture_default_str();
  app.add_option("--quality", options.files.jpeg_quality, "JPEG quality")
      ->check(CLI::Range(1, 100))
      ->capture_default_str();
  app.add_flag("--masks", options.files.masks, "Also write gt/mots.txt: the visible pixels of pedestrians and cars");
  app.add_flag("--overwrite", options.overwrite, "Replace an existing sequence");
  auto* sequence = app.add_option_group("Sequence options");
  sequence->add_option("--frames", settings.frames, "Number of frames")->capture_default_str();
  sequence->add_option("--fps", settings.frame_rate, "Frames per second")->capture_default_str();
  sequence->add_option("--objects", settings.objects, "Number of people and vehicles over the whole clip")
      ->capture_default_str();
  sequence->add_option("--vehicles", settings.vehicle_share, "Share of vehicles among the objects")
      ->capture_default_str();
  sequence->add_option("--camera", settings.camera, "Camera motion: static, pan, handheld or shaking")
      ->transform(CLI::CheckedTransformer(cameras));
  sequence->add_option("--lighting", settings.lighting, "day, overcast, dusk or night")
      ->transform(CLI::CheckedTransformer(lightings));
  sequence->add_option("--clouds", settings.lighting_change, "Share of the light that varies with clouds")
      ->capture_default_str();
  sequence->add_option("--camera-height", settings.camera_height_m, "Camera height in meters")->capture_default_str();
  sequence->add_option("--field-of-view", settings.field_of_view_deg, "Horizontal field of view in degrees")
      ->capture_default_str();
  sequence->add_option("--tallest", settings.tallest, "Height of the nearest people, relative to the image height")
      ->capture_default_str();
  sequence->add_option("--shortest", settings.shortest, "Height of the farthest people, relative to the image height")
      ->capture_default_str();
  sequence->add_option("--cyclists", settings.cyclist_share, "Share of the vehicles that are bicycles with a rider")
      ->capture_default_str();
  sequence->add_option("--dancers", settings.dancing_share, "Share of the walkers who dance, close together")
      ->capture_default_str();
  sequence->add_option("--players", settings.playing_share, "Share of the walkers who run after a ball")
      ->capture_default_str();
  sequence->add_option("--residents", settings.resident_share, "Share of the non-returning walkers who stay in view")
      ->capture_default_str();
  sequence->add_option("--returning", settings.returning_share, "Share of the walkers who leave and return")
      ->capture_default_str();
  sequence->add_option("--absence", settings.absence_s, "Seconds that returning walkers are away")
      ->capture_default_str();
  sequence->add_option("--groups", settings.group_share, "Share of the walkers who accompany another")
      ->capture_default_str();
  sequence->add_option("--alike", settings.alike_share, "Share of the walkers dressed like another except for one item")
      ->capture_default_str();
  sequence->add_option("--shutter", settings.shutter, "Exposure time relative to the frame interval (motion blur)")
      ->capture_default_str();
  sequence->add_option("--blur", settings.lens_blur, "Standard deviation of the lens blur, in pixels")
      ->capture_default_str();
  sequence->add_option("--noise", settings.noise, "Standard deviation of the sensor noise, of 255")
      ->capture_default_str();
  sequence->add_option("--clutter", settings.clutter, "Number of static objects: trees, lamps, kiosks, benches …")
      ->capture_default_str();
  sequence->add_flag("--road,!--no-road", settings.road, "Vehicles drive on a road");
  sequence->add_option("--cameras", settings.cameras, "Number of cameras among which the visits alternate")
      ->capture_default_str();
  sequence->add_option("--camera-number", settings.camera_number, "This camera, from 0; the others have the same seed")
      ->capture_default_str();
  sequence->add_option("--video", options.video, "Also write a video to this file");
  try {
    app.parse(argc, argv);
    settings.size = parse_size(size);
    options.training > 0 ? write_training(options) : write_sequence(options);
    return 0;
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  } catch (const std::exception& error) {
    std::cerr << "make_scene: " << error.what() << "\n";
    return 1;
  }
}
