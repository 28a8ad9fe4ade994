#include "scene/scene.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>
#include <sstream>

#include <fmt/format.h>
#include <opencv2/imgproc.hpp>

#include "bench/simulated_people.hpp"
#include "io/mot_text.hpp"
#include "io/sequence_info.hpp"
#include "onepass/shape_geometry.hpp"
#include "scene/mot_writer.hpp"
#include "support/child_process.hpp"
#include "support/message_of.hpp"
#include "support/temporary_folder.hpp"

namespace onepass::scene {
namespace {

using test::message_of;
using test::read_file;
using test::TemporaryFolder;

SceneSettings small_scene() {
  SceneSettings settings;
  settings.size = {320, 192};
  settings.frames = 100;
  settings.objects = 16;
  settings.vehicle_share = 0.3;
  return settings;
}

Scene empty_scene() {
  auto settings = small_scene();
  settings.objects = 0;
  settings.clutter = 0;
  settings.road = false;
  return make_scene(settings);
}

/// An actor who stands at a place for a long time and faces the camera.
Actor standing(int identity, cv::Point2f place) {
  Actor actor{.identity = identity};
  actor.visits = {{{-10, place + cv::Point2f(0, 0.1F)}, {-9, place}, {1000, place}}};
  return actor;
}

bool same(const cv::Mat& a, const cv::Mat& b) {
  return a.size() == b.size() && a.type() == b.type() && cv::norm(a, b, cv::NORM_INF) == 0;
}

std::string text_of(const Picture& picture) {
  std::string text;
  for (const auto& box : picture.truth) text += truth_row(1, box);
  return text;
}

cv::Rect box_of_pixels(const cv::Mat& owners, int identity) {
  cv::Mat points;
  cv::findNonZero(owners == identity, points);
  return points.empty() ? cv::Rect() : cv::boundingRect(points);
}

/// The picture of one actor alone.
cv::Mat owners_alone(const Scene& scene, const Actor& actor, int frame) {
  auto alone = scene;
  alone.actors = {actor};
  alone.clutter.clear();
  return Renderer(alone).render(frame).owners;
}

const TruthBox* find(const Picture& picture, int identity) {
  const auto found = std::ranges::find(picture.truth, identity, &TruthBox::identity);
  return found == picture.truth.end() ? nullptr : &*found;
}

TEST(SceneTest, IsTheSameAgainInAnyOrderOfFrames) {
  for (const auto camera : {CameraMotion::steady, CameraMotion::handheld}) {
    auto settings = small_scene();
    settings.camera = camera;
    settings.shutter = 0.5;
    Renderer forwards(make_scene(settings));
    Renderer backwards(make_scene(settings));
    const auto last = backwards.render(60);
    for (const int frame : {0, 30, 60}) {
      const auto first = forwards.render(frame);
      const auto second = frame == 60 ? last : backwards.render(frame);
      EXPECT_TRUE(same(first.image, second.image)) << frame;
      EXPECT_TRUE(same(first.owners, second.owners)) << frame;
      EXPECT_EQ(text_of(first), text_of(second)) << frame;
    }
    settings.seed = 2;
    EXPECT_FALSE(same(Renderer(make_scene(settings)).render(60).image, last.image));
  }
}

TEST(SceneTest, BoxesAndVisibilityAreThoseOfEachActorDrawnAlone) {
  int whole = 0;
  int hidden = 0;
  for (std::uint64_t seed = 1; seed <= 4; ++seed) {
    auto settings = small_scene();
    settings.seed = seed;
    const auto scene = make_scene(settings);
    const auto picture = Renderer(scene).render(50);
    for (const auto& actor : scene.actors) {
      const auto* box = find(picture, actor.identity);
      const auto alone = owners_alone(scene, actor, 50);
      const auto extent = box_of_pixels(alone, actor.identity);
      ASSERT_EQ(box != nullptr, !extent.empty()) << actor.identity;
      if (!box || actor.kind == ActorKind::cyclist) continue;  // riders hide their own bicycle
      EXPECT_EQ(box->box, extent);
      const cv::Rect inner(1, 1, settings.size.width - 2, settings.size.height - 2);
      if ((extent & inner) != extent) continue;
      const double visible = cv::countNonZero(picture.owners == actor.identity);
      EXPECT_NEAR(box->visibility, visible / cv::countNonZero(alone == actor.identity), 1e-9);
      ++(box->visibility == 1 ? whole : hidden);
    }
  }
  EXPECT_GT(whole, 5);
  EXPECT_GT(hidden, 5);
}

TEST(SceneTest, PeopleStandWhereTheCameraSeesTheirPlace) {
  auto scene = empty_scene();
  for (const float distance : {6.0F, 9.0F, 14.0F}) {
    scene.actors = {standing(1, {0.5F, distance})};
    const auto picture = Renderer(scene).render(0);
    ASSERT_EQ(picture.truth.size(), 1U);
    const auto& box = picture.truth[0].box;
    const float height = scene.actors[0].walker.height_m;
    const auto feet = scene.camera.project({0.5F, distance, 0});
    const auto top = scene.camera.project({0.5F, distance, height});
    EXPECT_NEAR(box.x + box.width / 2.0, feet.x, 2.5);
    // The lowest pixels belong to the tips of the shoes, which point at the camera.
    EXPECT_GE(box.br().y, feet.y - 2);
    EXPECT_LE(box.br().y, scene.camera.project({0.5F, distance - 0.3F, 0}).y + 2);
    EXPECT_NEAR(box.y, top.y, 3);
  }
}

TEST(SceneTest, MaskRowsHoldTheVisiblePixels) {
  auto scene = empty_scene();
  scene.actors = {standing(3, {0.2F, 6}), standing(5, {0, 7})};
  const auto picture = Renderer(scene).render(0);
  std::istringstream rows(mask_rows(9, picture));
  std::string frame, identity, number, height, width, counts;
  for (const int wanted : {3, 5}) {
    rows >> frame >> identity >> number >> height >> width >> counts;
    EXPECT_EQ(frame + " " + identity + " " + number + " " + height + " " + width,
              fmt::format("9 {} 2 192 320", wanted));
    const cv::Mat pixels = to_picture(from_coco_text(counts, 320, 192));
    EXPECT_GT(cv::countNonZero(pixels), 50);
    EXPECT_TRUE(same(pixels, picture.owners == wanted));
  }
  EXPECT_FALSE(rows >> frame);
}

TEST(SceneTest, OneBehindAnotherIsHidden) {
  auto scene = empty_scene();
  scene.camera.position.z = 1.5F;
  turn(scene.camera, 0, 0, 0);
  const auto visibility = [&](const Point2& nearer, const Point2& farther) {
    scene.actors = {standing(1, nearer), standing(2, farther)};
    return find(Renderer(scene).render(0), 2)->visibility;
  };
  EXPECT_DOUBLE_EQ(visibility({0, 5}, {1.5F, 10}), 1);
  EXPECT_LT(visibility({0, 5}, {0, 10}), 0.05) << "only what shows between the legs is visible";
  EXPECT_EQ(visibility({0, 10}, {0, 5}), 1) << "the order of the list does not matter";
  // Shifted by half of its width, about half of the farther one is visible.
  EXPECT_NEAR(visibility({0.25F, 9.5F}, {0, 10}), 0.5, 0.25);
}

TEST(SceneTest, HalfOfAnActorAtTheBorderIsVisible) {
  auto scene = empty_scene();
  const float depth = scene.camera.depth_of({0, 8, 0.9F});
  const float border = -0.5F * static_cast<float>(scene.camera.size.width) / scene.camera.scale_at(depth);
  scene.actors = {standing(1, {border, 8})};
  const auto picture = Renderer(scene).render(0);
  ASSERT_EQ(picture.truth.size(), 1U);
  EXPECT_NEAR(picture.truth[0].visibility, 0.5, 0.15);
  EXPECT_EQ(picture.truth[0].box.x, 0);
}

TEST(SceneTest, IdentitiesAreUniqueAndBoxesLieInTheImage) {
  auto settings = small_scene();
  settings.camera = CameraMotion::pan;
  settings.returning_share = 0.5;
  Renderer renderer(make_scene(settings));
  std::map<int, MotClass> class_of;
  for (int frame = 0; frame < settings.frames; frame += 9) {
    std::set<int> identities;
    for (const auto& box : renderer.render(frame).truth) {
      EXPECT_TRUE(identities.insert(box.identity).second) << "twice in a frame";
      EXPECT_EQ(class_of.emplace(box.identity, box.mot_class).first->second, box.mot_class);
      EXPECT_EQ(box.box & cv::Rect(cv::Point(), settings.size), box.box);
      EXPECT_GT(box.box.area(), 0);
      EXPECT_GE(box.visibility, 0);
      EXPECT_LE(box.visibility, 1);
    }
  }
  EXPECT_GT(class_of.size(), 10U);
}

TEST(SceneTest, ReturningPeopleKeepTheirIdentityAndClothes) {
  auto settings = small_scene();
  settings.vehicle_share = 0;
  settings.group_share = 0;
  settings.returning_share = 1;
  settings.absence_s = 3;
  settings.frames = 750;
  const auto scene = make_scene(settings);
  int returns = 0;
  for (const auto& actor : scene.actors) {
    for (std::size_t i = 1; i < actor.visits.size(); ++i) {
      const double leaving = actor.visits[i - 1].back().time_s;
      EXPECT_NEAR(actor.visits[i].front().time_s - leaving, 3, 1e-9);
      EXPECT_TRUE(pose_at(actor.visits, leaving - 1).present);
      EXPECT_FALSE(pose_at(actor.visits, leaving + 1.5).present);
      ++returns;
    }
    const auto inside = owners_alone(scene, actor, static_cast<int>(actor.visits[0].back().time_s * 25) + 40);
    EXPECT_EQ(cv::countNonZero(inside == actor.identity), 0) << "absent actors must be out of sight";
  }
  EXPECT_GE(returns, 16);
}

/// Mean acceleration of the walkers between two frames of 1/25 s, in m/s², over the whole clip.
double acceleration(const SceneSettings& settings) {
  constexpr double step_s = 0.04;
  double sum = 0;
  int count = 0;
  for (const auto& actor : make_scene(settings).actors) {
    for (double time_s = 1; time_s < settings.frames / settings.frame_rate - 1; time_s += step_s) {
      const auto before = actor.pose_at(time_s - step_s);
      const auto now = actor.pose_at(time_s);
      const auto after = actor.pose_at(time_s + step_s);
      if (!before.present || !after.present) continue;
      sum += cv::norm(before.position + after.position - 2 * now.position) / (step_s * step_s);
      ++count;
    }
  }
  return sum / count;
}

TEST(SceneTest, DancersAndPlayersTurnMoreQuicklyThanPedestrians) {
  auto settings = small_scene();
  settings.frames = 250;
  settings.vehicle_share = settings.group_share = 0;
  const double walking = acceleration(settings);
  settings.dancing_share = 1;
  EXPECT_GT(acceleration(settings), 4 * walking);
  settings.dancing_share = 0;
  settings.playing_share = 1;
  EXPECT_GT(acceleration(settings), 4 * walking);
}

TEST(SceneTest, DancersShareASmallFloorAndNeverLeave) {
  auto settings = small_scene();
  settings.vehicle_share = settings.group_share = 0;
  settings.dancing_share = 1;
  const auto scene = make_scene(settings);
  for (const double time_s : {0.0, 1.3, 2.9, 3.9}) {
    std::vector<cv::Point2f> places;
    for (const auto& actor : scene.actors) {
      const auto pose = actor.pose_at(time_s);
      ASSERT_TRUE(pose.present) << time_s;
      places.push_back(pose.position);
    }
    EXPECT_LE(cv::boundingRect(places).width, 6) << time_s;
    EXPECT_LE(cv::boundingRect(places).height, 4) << time_s;
  }
}

TEST(SceneTest, RaisedArmsAndBentKneesChangeTheBox) {
  auto scene = empty_scene();
  scene.camera.position.z = 1;
  turn(scene.camera, 0, 0, 0);
  const auto box_with = [&](Gestures gestures) {
    gestures.phase = 0.5;  // at time 0 at their height
    scene.actors = {standing(1, {0, 6})};
    scene.actors[0].gestures = gestures;
    return Renderer(scene).render(0).truth.at(0).box;
  };
  const auto at_rest = box_with({});
  const auto spread = box_with({.arms = 0.6F});
  EXPECT_GT(spread.width, 1.8 * at_rest.width);
  EXPECT_NEAR(spread.br().y, at_rest.br().y, 1);
  EXPECT_LT(box_with({.arms = 1}).y, at_rest.y) << "hands above the head";
  const auto crouching = box_with({.crouch = 1});
  EXPECT_GT(crouching.y, at_rest.y + at_rest.height / 8);
  EXPECT_NEAR(crouching.br().y, at_rest.br().y, 2) << "feet stay on the ground";
}

TEST(SceneTest, AShakingCameraMovesMoreWithinASecondThanAHandheldOne) {
  const auto swing = [](CameraMotion motion) {
    auto scene = empty_scene();
    scene.settings.camera = motion;
    float farthest = 0;
    for (int frame = 1; frame < 25; ++frame) {
      const Point3 place(0, 10, 0);
      const auto shift = camera_at(scene, scene.time_of(frame)).project(place) -
                         camera_at(scene, scene.time_of(frame - 1)).project(place);
      farthest = std::max(farthest, std::hypot(shift.x, shift.y));
    }
    return farthest;
  };
  EXPECT_EQ(swing(CameraMotion::steady), 0);
  EXPECT_GT(swing(CameraMotion::shaking), 3 * swing(CameraMotion::handheld));
}

TEST(SceneTest, BoxesByGeometryAloneAreThoseOfThePixels) {
  auto settings = small_scene();
  settings.size = {640, 384};
  settings.vehicle_share = settings.group_share = settings.clutter = 0;
  settings.dancing_share = 1;
  settings.objects = 4;
  const auto scene = make_scene(settings);
  Renderer renderer(scene);
  int compared = 0;
  for (int frame = 0; frame < settings.frames; frame += 20) {
    const auto picture = renderer.render(frame);
    for (const auto& person : bench::people_at(scene, frame)) {
      const auto* truth = find(picture, person.identity);
      if (!truth || truth->visibility < 0.99) continue;
      EXPECT_NEAR(person.box.height, truth->box.height, 0.15 * truth->box.height) << frame;
      EXPECT_NEAR(person.box.center_x(), truth->box.x + truth->box.width / 2.0, 0.15 * truth->box.height) << frame;
      ++compared;
    }
  }
  EXPECT_GT(compared, 5);
}

TEST(SceneTest, LookAlikesDifferInOneGarment) {
  Random random(5);
  for (int i = 0; i < 50; ++i) {
    const auto look = random_walker(random);
    const auto other = look_alike(look, random);
    const int changes = (cv::norm(look.top.first - other.top.first) >= 80 ? 1 : 0) +
                        (cv::norm(look.bottom.first - other.bottom.first) >= 80 ? 1 : 0) +
                        (look.bag != other.bag ? 1 : 0);
    EXPECT_EQ(changes, 1);
    EXPECT_EQ(look.height_m, other.height_m);
    EXPECT_EQ(look.skin, other.skin);
  }
}

TEST(SceneTest, HoldsFromFiveToAThousandObjects) {
  for (const int objects : {5, 1000}) {
    auto settings = small_scene();
    settings.objects = objects;
    settings.vehicle_share = 0;
    settings.resident_share = 1;
    settings.group_share = 0;
    settings.clutter = 0;
    const auto scene = make_scene(settings);
    std::set<int> identities;
    for (const auto& actor : scene.actors) identities.insert(actor.identity);
    EXPECT_EQ(identities.size(), static_cast<std::size_t>(objects));
    EXPECT_EQ(*identities.rbegin(), objects);
    const auto seen = Renderer(scene).render(10).truth.size();
    EXPECT_GE(seen, static_cast<std::size_t>(0.8 * objects)) << "residents are in sight";
  }
}

TEST(SceneTest, CloudsTakeTheShareOfLightThatWasAsked) {
  auto settings = small_scene();
  settings.objects = 0;
  settings.noise = 0;
  settings.lighting = Lighting::overcast;
  const auto brightest = [&](double change) {
    settings.lighting_change = change;
    Renderer renderer(make_scene(settings));
    std::pair<double, double> range{1e9, 0};
    for (int frame = 0; frame < settings.frames; frame += 4) {
      const double mean = cv::mean(renderer.render(frame).image)[1];
      range = {std::min(range.first, mean), std::max(range.second, mean)};
    }
    return range;
  };
  const auto steady = brightest(0);
  EXPECT_DOUBLE_EQ(steady.first, steady.second);
  const auto changing = brightest(0.4);
  EXPECT_NEAR(changing.first / steady.first, 0.6, 0.03);
  EXPECT_LE(changing.second, steady.second);
}

TEST(SceneTest, AnOpenShutterBlursWhatMovesAndNothingElse) {
  auto scene = empty_scene();
  scene.settings.noise = 0;
  Actor actor{.kind = ActorKind::car, .identity = 1};
  actor.visits = {{{-1, {-9, 12}, 0}, {1, {9, 12}, 18}}};
  scene.actors = {actor};
  const auto sharp = Renderer(scene).render(0);
  scene.settings.shutter = 1;
  const auto blurred = Renderer(scene).render(0);
  EXPECT_TRUE(same(sharp.owners, blurred.owners)) << "ground truth belongs to the middle of the exposure";
  const auto edges = [&](const cv::Mat& image) {
    cv::Mat gradient;
    cv::Sobel(image(sharp.truth.at(0).box), gradient, CV_32F, 1, 0);
    return cv::norm(gradient, cv::NORM_L1);
  };
  EXPECT_LT(edges(blurred.image), 0.8 * edges(sharp.image));
  const cv::Rect far_away(0, 150, 60, 40);
  EXPECT_TRUE(same(sharp.image(far_away), blurred.image(far_away)));
}

TEST(SceneTest, TrainingPicturesDiffer) {
  std::set<int> objects;
  std::set<double> heights;
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    const auto settings = training_settings(seed, {640, 384});
    EXPECT_NO_THROW(settings.check()) << seed;
    EXPECT_GE(settings.objects, 3);
    EXPECT_LE(settings.objects, 60);
    objects.insert(settings.objects);
    heights.insert(settings.camera_height_m);
  }
  EXPECT_GT(objects.size(), 30U);
  EXPECT_EQ(heights.size(), 200U);
}

TEST(SceneTest, ImpossibleSettingsAreNamed) {
  const auto error_of = [](auto change) {
    auto settings = small_scene();
    change(settings);
    return message_of([&] { make_scene(settings); });
  };
  EXPECT_EQ(error_of([](auto& s) { s.objects = -1; }), "scene: number of objects is -1, expected 0 to 10000");
  EXPECT_EQ(error_of([](auto& s) { s.size.width = 7; }), "scene: width is 7, expected 32 to 8192");
  EXPECT_EQ(error_of([](auto& s) { s.frame_rate = 0; }), "scene: frame rate is 0, expected 0.1 to 1000");
  EXPECT_EQ(error_of([](auto& s) { s.shortest = 0.7; }), "scene: shortest is 0.7, expected 0.002 to 0.45");
  EXPECT_EQ(error_of([](auto& s) { s.dancing_share = s.playing_share = 0.6; }),
            "scene: share of players is 0.6, expected 0 to 0.4");
  EXPECT_EQ(error_of([](auto& s) { s.alike_share = 1.5; }), "scene: share of look-alikes is 1.5, expected 0 to 1");
  EXPECT_THAT(error_of([](auto& s) { s.noise = std::nan(""); }), testing::StartsWith("scene: noise is nan"));
}

/// Output and exit code of the program.
struct Ending {
  int code = 0;
  std::string said;
};

Ending run_make_scene(const TemporaryFolder& folder, std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), ONEPASS_MAKE_SCENE);
  const auto log = folder / "log";
  std::filesystem::remove(log);
  const int code = test::ChildProcess(arguments, log).wait();
  return {code, read_file(log)};
}

TEST(MakeSceneTest, WritesWhatOtherCommandsRead) {
  TemporaryFolder folder;
  const auto street = (folder / "street").string();
  const std::vector<std::string> arguments{street,  "--frames", "12",     "--size", "160x96",  "--objects",    "8",
                                           "--fps", "12.5",     "--seed", "4",      "--video", street + ".mp4"};
  ASSERT_EQ(run_make_scene(folder, arguments).code, 0);
  const auto info = io::read_sequence_info(folder / "street/seqinfo.ini");
  EXPECT_EQ(info.name, "street");
  EXPECT_EQ(info.length, 12);
  EXPECT_EQ(info.size, cv::Size(160, 96));
  EXPECT_DOUBLE_EQ(info.frame_rate, 12.5);
  EXPECT_TRUE(std::filesystem::exists(folder / "street/img1/000012.jpg"));
  EXPECT_GT(std::filesystem::file_size(folder / "street.mp4"), 1000U);

  auto settings = SceneSettings{.seed = 4, .size = {160, 96}, .frame_rate = 12.5, .frames = 12, .objects = 8};
  Renderer renderer(make_scene(settings));
  io::MotReader reader(folder / "street/gt/gt.txt", {.minimum_columns = 9, .class_column = io::ClassColumn::read});
  io::MotRow row;
  for (int frame = 0; frame < 12; ++frame) {
    for (const auto& box : renderer.render(frame).truth) {
      ASSERT_TRUE(reader.next(row));
      EXPECT_EQ(row.frame, frame + 1);
      EXPECT_EQ(row.id, box.identity);
      EXPECT_EQ(cv::Rect2d(row.left, row.top, row.width, row.height),
                cv::Rect2d(box.box.x + 1, box.box.y + 1, box.box.width, box.box.height));
      EXPECT_EQ(row.class_id, static_cast<int>(box.mot_class));
      EXPECT_EQ(row.score, box.mot_class == MotClass::pedestrian && box.visibility >= 0.1 ? 1 : 0);
    }
  }
  EXPECT_FALSE(reader.next(row));

  const auto again = run_make_scene(folder, arguments);
  EXPECT_EQ(again.code, 1);
  EXPECT_EQ(again.said, "make_scene: " + street + ": already contains a sequence; --overwrite replaces it\n");
  const auto image = read_file(folder / "street/img1/000012.jpg");
  auto overwriting = arguments;
  overwriting[2] = "11";
  overwriting.push_back("--overwrite");
  EXPECT_EQ(run_make_scene(folder, overwriting).code, 0);
  EXPECT_FALSE(std::filesystem::exists(folder / "street/img1/000012.jpg")) << "old files must be removed";
}

TEST(MakeSceneTest, TrainingPicturesAreTheSameAgain) {
  TemporaryFolder folder;
  for (const auto* name : {"a", "b"}) {
    ASSERT_EQ(run_make_scene(folder, {(folder / name).string(), "--training", "3", "--size", "128x96"}).code, 0);
  }
  for (const auto* file : {"gt/gt.txt", "img1/000001.jpg", "img1/000003.jpg"})
    EXPECT_EQ(read_file(folder / "a" / file), read_file(folder / "b" / file)) << file;
  EXPECT_NE(read_file(folder / "a/img1/000001.jpg"), read_file(folder / "a/img1/000003.jpg"));
}

TEST(MakeSceneTest, BadArgumentsGetOneLine) {
  TemporaryFolder folder;
  const auto out = (folder / "out").string();
  const auto size = run_make_scene(folder, {out, "--size", "640"});
  EXPECT_NE(size.code, 0);
  EXPECT_EQ(size.said, "make_scene: --size: '640' is not a size such as 640x384\n");
  const auto objects = run_make_scene(folder, {out, "--objects", "-5"});
  EXPECT_EQ(objects.code, 1);
  EXPECT_EQ(objects.said, "make_scene: scene: number of objects is -5, expected 0 to 10000\n");
  EXPECT_EQ(run_make_scene(folder, {out, "--camera", "drone"}).code, 2);
  EXPECT_FALSE(std::filesystem::exists(out)) << "a bad argument must create nothing";
  folder.write("file", "");
  const auto blocked = run_make_scene(folder, {(folder / "file/out").string()});
  EXPECT_EQ(blocked.code, 1);
  EXPECT_EQ(std::ranges::count(blocked.said, '\n'), 1);
}

}  // namespace
}  // namespace onepass::scene
