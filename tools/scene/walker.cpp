// Draws pedestrians and cyclists: a skeleton posed by the gait, then body and clothes.
#include <numbers>

#include "scene/figures.hpp"
#include "scene/parts.hpp"

namespace onepass::scene {
namespace {

struct Arm {
  Point3 shoulder, elbow, hand;
};

struct Leg {
  Point3 hip, knee, ankle;
};

struct Skeleton {
  Point3 pelvis, neck, head;
  std::array<Arm, 2> arms;  ///< left, right
  std::array<Leg, 2> legs;
};

constexpr std::array sides{1.0F, -1.0F};
const Point3 up{0, 0, 1};

Point3 swung(const Place& place, float angle) { return place.ahead * std::sin(angle) - up * std::cos(angle); }

/// A hanging arm's direction, turned outward and up by Pose::arms.
Point3 raised(const Point3& hanging, const Point3& outward, float arms) {
  if (arms == 0) return hanging;
  const float angle = 0.85F * std::numbers::pi_v<float> * arms;
  return normalized(hanging * std::cos(angle) + outward * std::sin(angle));
}

/// Pose of a walking person. Lengths are for a height of 1.75 m, approximately after Drillis and Contini's shares of
/// height.
Skeleton walking(const WalkerLook& look, const Pose& pose, const Place& place) {
  const float size = look.height_m / 1.75F;
  const float pace = std::clamp(pose.speed / 1.35F, 0.0F, 1.5F);
  const float phase = 2 * std::numbers::pi_v<float> * pose.traveled_m / (1.4F * size * look.stride);
  Skeleton body;
  std::array<float, 2> thighs{};
  std::array<float, 2> shins{};
  float reach = 0;
  for (std::size_t i = 0; i < 2; ++i) {
    const float own = phase + (i == 0 ? 0 : std::numbers::pi_v<float>);
    const float bend = 1.1F * pose.crouch;
    thighs[i] = 0.42F * pace * std::sin(own) + bend;
    shins[i] = thighs[i] - 2 * bend - 0.1F - 0.75F * pace * std::max(std::cos(own), 0.0F);
    reach = std::max(reach, 0.44F * std::cos(thighs[i]) + 0.43F * std::cos(shins[i]));
  }
  body.pelvis = place.at(0, 0, size * (reach + 0.07F));
  body.neck = body.pelvis + (up * 0.53F + place.ahead * (0.03F + 0.03F * pace)) * size;
  body.head = body.neck + (up * 0.17F + place.ahead * 0.03F) * size;
  for (std::size_t i = 0; i < 2; ++i) {
    const float own = phase + (i == 0 ? 0 : std::numbers::pi_v<float>);
    auto& leg = body.legs[i];
    leg.hip = body.pelvis + place.left * (sides[i] * 0.085F * size * look.build);
    leg.knee = leg.hip + swung(place, thighs[i]) * (0.44F * size);
    leg.ankle = leg.knee + swung(place, shins[i]) * (0.43F * size);
    auto& arm = body.arms[i];
    const float upper = -0.45F * pace * look.swing * std::sin(own);
    arm.shoulder = body.neck + place.left * (sides[i] * 0.19F * size * look.build) - up * (0.06F * size);
    const auto outward = place.left * sides[i];
    arm.elbow =
        arm.shoulder + raised(swung(place, upper), outward, pose.arms) * (0.29F * size) + outward * (0.03F * size);
    const auto forearm = swung(place, upper + 0.2F + 0.25F * pace);
    arm.hand = arm.elbow + raised(forearm, outward, pose.arms) * (0.27F * size);
  }
  return body;
}

/// The joint between two bones of given lengths, bent toward `bend`.
Point3 joint_between(const Point3& from, const Point3& to, float first, float second, const Point3& bend) {
  const auto way = to - from;
  const float distance = std::clamp(std::sqrt(way.dot(way)), 0.05F, first + second - 1e-3F);
  const auto along = normalized(way);
  const float share = (first * first - second * second + distance * distance) / (2 * distance);
  const float height = std::sqrt(std::max(first * first - share * share, 0.0F));
  return from + along * share + normalized(bend - along * along.dot(bend)) * height;
}

Skeleton riding(const WalkerLook& look, const Pose& pose, const Place& place) {
  const float size = look.height_m / 1.75F;
  const float phase = 2 * std::numbers::pi_v<float> * pose.traveled_m / 5.0F;
  Skeleton body;
  body.pelvis = place.at(-0.22F, 0, 0.98F);
  body.neck = body.pelvis + (up * 0.48F + place.ahead * 0.22F) * size;
  body.head = body.neck + (up * 0.16F + place.ahead * 0.07F) * size;
  for (std::size_t i = 0; i < 2; ++i) {
    const float own = phase + (i == 0 ? 0 : std::numbers::pi_v<float>);
    auto& leg = body.legs[i];
    leg.hip = body.pelvis + place.left * (sides[i] * 0.085F * size);
    leg.ankle = place.at(0.02F + 0.17F * std::cos(own), sides[i] * 0.12F, 0.38F - 0.17F * std::sin(own));
    leg.knee = joint_between(leg.hip, leg.ankle, 0.44F * size, 0.43F * size, place.ahead);
    auto& arm = body.arms[i];
    arm.shoulder = body.neck + place.left * (sides[i] * 0.19F * size * look.build) - up * (0.06F * size);
    arm.hand = place.at(0.42F, sides[i] * 0.25F, 1.05F);
    arm.elbow = joint_between(arm.shoulder, arm.hand, 0.29F * size, 0.27F * size, place.left * sides[i] - up);
  }
  return body;
}

/// Apparent half width of a body that is wider from the front than from the side.
struct Breadth {
  float facing = 1;  ///< 1: seen from the front or back; 0: from the side
  float operator()(float front, float side) const {
    return std::sqrt(front * front * facing * facing + side * side * (1 - facing * facing));
  }
};

class Tailor {
 public:
  Tailor(const WalkerLook& look, const Skeleton& body, const Place& place, const View& view)
      : look_(look), body_(body), place_(place), size_(look.height_m / 1.75F) {
    auto towards = view.camera.position - body.pelvis;
    towards.z = 0;
    breadth_.facing = std::abs(normalized(towards).dot(place.ahead));
    camera_right_ = view.camera.right;
  }

  std::vector<Part> dress() {
    add_legs();
    add_torso();
    add_arms();
    add_head();
    add_bag();
    return std::move(parts_);
  }

 private:
  void limb(const Point3& from, const Point3& to, float from_radius, float to_radius, const Cloth& cloth,
            float nearer_m = 0) {
    parts_.push_back({from, to, from_radius * size_, to_radius * size_, cloth, nearer_m});
  }
  void slab(const Point3& from, const Point3& to, float from_half_width, float to_half_width, const Cloth& cloth,
            float roundness, float nearer_m = 0) {
    parts_.push_back({from, to, from_half_width * size_, to_half_width * size_, cloth, nearer_m, roundness, false});
  }
  static Cloth plain(const Color& color) { return {.first = color}; }

  void add_legs() {
    const bool bare = look_.legwear != Legwear::trousers;
    for (const auto& leg : body_.legs) {
      limb(leg.hip, leg.knee, 0.083F * look_.build, 0.062F,
           look_.legwear == Legwear::skirt ? plain(look_.skin) : look_.bottom);
      limb(leg.knee, leg.ankle, 0.06F, bare ? 0.036F : 0.05F, bare ? plain(look_.skin) : look_.bottom);
      const auto heel = leg.ankle - up * (0.025F * size_) - place_.ahead * (0.03F * size_);
      limb(heel, heel + place_.ahead * (0.17F * size_), 0.045F, 0.036F, plain(look_.shoes), 0.01F);
    }
    if (look_.legwear != Legwear::skirt) return;
    const auto knees = (body_.legs[0].knee + body_.legs[1].knee) * 0.5F;
    slab(body_.pelvis + up * (0.1F * size_), knees + up * (0.02F * size_), breadth_(0.16F, 0.12F) * look_.build,
         breadth_(0.23F, 0.21F), look_.bottom, 0.2F, 0.15F);
  }

  void add_torso() {
    const float shoulders = breadth_(0.215F, 0.125F) * look_.build;
    const float hips = breadth_(0.165F, 0.13F) * look_.build;
    const auto hem = body_.pelvis - up * (0.07F * size_);
    if (look_.coat) {
      const auto knees = (body_.legs[0].knee + body_.legs[1].knee) * 0.5F;
      slab(hem + up * (0.12F * size_), knees, hips * 1.05F, breadth_(0.21F, 0.2F) * look_.build, plain(look_.top.first),
           0.3F, 0.16F);
    }
    slab(body_.neck + up * (0.01F * size_), hem, shoulders, hips, look_.top, 0.5F, 0.02F);
    limb(body_.neck - up * (0.02F * size_), body_.head, 0.055F, 0.05F, plain(look_.skin));
  }

  void add_arms() {
    const auto lower = look_.long_sleeves ? plain(look_.top.first) : plain(look_.skin);
    const bool tinted = look_.top.pattern == Pattern::two_tone || look_.top.pattern == Pattern::hoops;
    for (const auto& arm : body_.arms) {
      limb(arm.shoulder, arm.elbow, 0.056F * look_.build, 0.045F, tinted ? look_.top : plain(look_.top.first), 0.05F);
      limb(arm.elbow, arm.hand, 0.043F, 0.034F, lower, 0.05F);
      limb(arm.hand, arm.hand - up * (0.03F * size_), 0.038F, 0.034F, plain(look_.skin), 0.05F);
    }
  }

  void add_head() {
    const auto& head = body_.head;
    limb(head - up * (0.035F * size_), head + up * (0.035F * size_), 0.074F, 0.084F, plain(look_.skin), 0.02F);
    const auto back = place_.ahead * (-0.035F * size_);
    const auto hair = plain(look_.hair_color);
    if (look_.hair != Hair::none)
      limb(head + up * (0.045F * size_) + back, head + up * (0.03F * size_) + back, 0.088F, 0.088F, hair, 0.02F);
    if (look_.hair == Hair::full) limb(head + back, body_.neck + back * 2.2F, 0.09F, 0.1F, hair, 0.02F);
    if (look_.hair == Hair::bun)
      limb(head + up * (0.1F * size_) + back * 2, head + up * (0.1F * size_) + back * 2, 0.05F, 0.05F, hair);
    if (look_.hat == Hat::none) return;
    slab(head + up * (0.14F * size_), head + up * (0.03F * size_), 0.075F, 0.097F, look_.hat_cloth, 0.9F, 0.15F);
    const auto edge = head + up * (0.04F * size_);
    if (look_.hat == Hat::cap)
      limb(edge + place_.ahead * (0.08F * size_), edge + place_.ahead * (0.16F * size_), 0.03F, 0.022F, look_.hat_cloth,
           0.16F);
    if (look_.hat == Hat::brim)
      limb(edge - camera_right_ * (0.13F * size_), edge + camera_right_ * (0.13F * size_), 0.03F, 0.03F,
           look_.hat_cloth, 0.16F);
  }

  void add_bag() {
    const auto behind = place_.ahead * (-0.2F * size_);
    const auto beside = place_.left * (0.27F * size_);
    switch (look_.bag) {
      case Bag::none:
        break;
      case Bag::backpack:
        slab(body_.neck + behind - up * (0.05F * size_), body_.neck + behind - up * (0.45F * size_),
             breadth_(0.15F, 0.09F), breadth_(0.17F, 0.11F), look_.bag_cloth, 0.6F);
        break;
      case Bag::shoulder:
        limb(body_.arms[1].shoulder, body_.pelvis + beside, 0.018F, 0.018F, plain(look_.bag_cloth.second), 0.08F);
        slab(body_.pelvis + beside + up * (0.06F * size_), body_.pelvis + beside - up * (0.2F * size_),
             breadth_(0.07F, 0.15F), breadth_(0.08F, 0.17F), look_.bag_cloth, 0.4F, 0.08F);
        break;
    }
  }

  const WalkerLook& look_;
  const Skeleton& body_;
  const Place& place_;
  float size_;
  Breadth breadth_;
  Point3 camera_right_;
  std::vector<Part> parts_;
};

}  // namespace

void draw_walker(Canvas& canvas, const View& view, const WalkerLook& look, const Pose& pose) {
  const Place place(pose.position, pose.heading);
  const auto body = walking(look, pose, place);
  auto parts = Tailor(look, body, place, view).dress();
  draw_parts(canvas, view, parts);
}

void draw_rider(Canvas& canvas, const View& view, const WalkerLook& look, const Pose& pose) {
  const Place place(pose.position, pose.heading);
  const auto body = riding(look, pose, place);
  auto parts = Tailor(look, body, place, view).dress();
  draw_parts(canvas, view, parts);
}

}  // namespace onepass::scene
